import { describe, expect, it } from "vitest";
import { BeliefIndex } from "./beliefs";

const index = new BeliefIndex(
  [
    { day: 6, home: 0, group: 0, mean_conviction: 2, n: 3 },
    { day: 6, home: 0, group: 1, mean_conviction: -2, n: 1 },
    { day: 13, home: 1, group: 1, mean_conviction: 1, n: 5 },
  ],
  2,
);

describe("belief by place", () => {
  it("weighs groups by their members asked", () => {
    expect(index.means(6, [true, true])).toEqual([1, null]);
    expect(index.means(6, [true, false])).toEqual([2, null]);
  });
  it("takes the latest sample, and nothing before the first", () => {
    expect(index.means(20, [true, true])).toEqual([null, 1]);
    expect(index.means(5, [true, true])).toEqual([null, null]);
    expect(index.sampledOn(12)).toBe(6);
  });
});
