import { describe, expect, it } from "vitest";
import { apart, extentOf } from "./lines";
import { csvOf, wrapped } from "./save";

const look = { id: "isis", name: 'The "group", so called', letters: "T", colour: { light: "#000000", dark: "#ffffff" }, ink: { light: "#ffffff", dark: "#000000" }, texture: "plain" as const, dash: "none" };
const line = { look, values: [1, null, 3], low: [0, 1, -2], median: [1, 2, 3], high: [2, 3, 9] };

describe("lines", () => {
  it("need room for values and band, and always for 0", () => {
    expect(extentOf([line])).toEqual([-2, 9]);
    expect(extentOf([{ ...line, values: [5], low: null, high: null }])).toEqual([0, 5]);
    expect(extentOf([])).toEqual([0, 1]);
  });
  it("have letters that don't overlap, within the chart", () => {
    const placed = apart([50, 51, 10, 99, 100], 12, 100);
    const sorted = placed.toSorted((a, b) => a - b);
    for (let i = 1; i < sorted.length; i += 1) expect(sorted[i] - sorted[i - 1]).toBeGreaterThanOrEqual(12);
    expect(Math.max(...placed)).toBeLessThanOrEqual(100);
    expect(placed[2]).toBe(10);
  });
});

describe("CSV", () => {
  it("has a row a known day, and every row says that it is simulated", () => {
    expect(csvOf([line], "2014-01-01", "Strength", "Simulated: not a forecast, ever.")).toBe(
      'date,day,measure,group,value,low,median,high,about\n2014-01-01,0,Strength,isis,1,0,1,2,"Simulated: not a forecast, ever."\n' +
        '2014-01-03,2,Strength,isis,3,-2,3,9,"Simulated: not a forecast, ever."\n',
    );
  });
});

describe("small print", () => {
  it("is broken between words", () => {
    expect(wrapped("one two three four", 9)).toEqual(["one two", "three", "four"]);
  });
});
