import { describe, expect, it } from "vitest";
import type { History } from "../contract";
import { MOST_PERSON_DAYS, tooLarge } from "./large";
import { joined, leftInWords, nextStep } from "./streaming";

describe("days as they come", () => {
  it("are asked for some ten times a second, and less often where drawing takes long", () => {
    expect(nextStep(1, 5, 2)).toBe(2);
    expect(nextStep(8, 100, 10)).toBe(8);
    expect(nextStep(8, 400, 10)).toBe(2);
    expect(nextStep(1, 4000, 10)).toBe(1);
    expect(nextStep(8, 100, 60)).toBe(14);
  });
  it("are joined in their order", () => {
    const of = (day: number): History => ({
      replicate: 1, control: [{ day, place: 0, group: 0, share: 1 }], holders: [], incidents: [], displacement: [], beliefs: [], digests: {},
      series: [{ measure: "deaths", group: 0, values: [day] }],
    });
    const both = joined(of(0), of(1));
    expect(both.control.map(({ day }) => day)).toEqual([0, 1]);
    expect(both.series[0].values).toEqual([0, 1]);
  });
  it("tell how many are left once that can be told", () => {
    expect(leftInWords({ day: 0, nDays: 60, ms: 5000 })).toBe("");
    expect(leftInWords({ day: 20, nDays: 60, ms: 5000 })).toBe("some 10 s left at this rate");
    expect(leftInWords({ day: 1, nDays: 361, ms: 1000 })).toBe("some 6 minutes left at this rate");
  });
});

describe("a world for a browser", () => {
  it("is too large above what was tried, and that is said in words", () => {
    expect(tooLarge("syria", 21e6, 365)).toBeNull();
    expect(tooLarge("x", MOST_PERSON_DAYS, 1)).toBeNull();
    expect(tooLarge("congo", 90e6, 365)).toMatch(/^congo is too large to be simulated in a browser: 90 million people on 365 days, and no more than 20,000 million/);
  });
});
