import { describe, expect, it } from "vitest";
import { PlaceSteps } from "./steps";

const steps = [
  { day: 1, place: 1, value: 4 },
  { day: 1, place: 1, value: 1 },
  { day: 3, place: 0, value: 7 },
  { day: 6, place: 1, value: 2 },
];

describe("steps of a place", () => {
  it("hold until the next", () => {
    const held = new PlaceSteps(steps, 2, false);
    expect(held.daily(1, 8)).toEqual([0, 1, 1, 1, 1, 1, 2, 2]);
    expect(held.daily(0, 8)).toEqual([0, 0, 0, 7, 7, 7, 7, 7]);
  });
  it("add up where they are counts", () => {
    const added = new PlaceSteps(steps, 2, true);
    expect(added.daily(1, 8)).toEqual([0, 5, 5, 5, 5, 5, 7, 7]);
    expect(added.daily(0, 4)).toEqual([0, 0, 0, 7]);
  });
});
