import { describe, expect, it } from "vitest";
import { curveInWords, kindWords, reach, signed } from "./points";

const points = [
  { day: 2, value: 1.5, kind: "sample" },
  { day: 4, value: 1.5, kind: "before_exposure" },
  { day: 4, value: -2.25, kind: "exposure" },
  { day: 5, value: -2.5, kind: "defection" },
];

describe("conviction in words", () => {
  it("names every shift by news", () => {
    expect(curveInWords(points, (day) => `day ${day}`)).toBe("+1.50 on day 2; day 4: +1.50 to −2.25 by news of an incident; −2.50 on day 5.");
    expect(curveInWords([], String)).toMatch(/no conviction/);
  });
  it("reaches the furthest point, and never less than one", () => {
    expect(reach(points)).toBe(2.5);
    expect(reach([])).toBe(1);
  });
  it("says signs and kinds", () => {
    expect([signed(0), signed(-0.123, 1), kindWords("sample"), kindWords("taken_in")]).toEqual(["+0.00", "−0.1", "in the weekly sample", "at taken in"]);
  });
});
