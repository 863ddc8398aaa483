import { describe, expect, it } from "vitest";
import { NOBODY } from "./control";
import { CONTESTED, HolderIndex } from "./holders";

const index = new HolderIndex(
  [
    { day: 0, place: 0, holder: 0 },
    { day: 0, place: 1, holder: null },
    { day: 5, place: 0, holder: null },
    { day: 9, place: 0, holder: 1 },
  ],
  3,
);

describe("holders", () => {
  it("are those of the views, day by day", () => {
    expect([0, 4, 5, 8, 9, 20].map((day) => index.at(0, day))).toEqual([0, 0, CONTESTED, CONTESTED, 1, 1]);
    expect([index.at(1, 3), index.at(2, 3), index.at(0, -1)]).toEqual([CONTESTED, NOBODY, NOBODY]);
  });
  it("change on the days that the views name, and not on the first", () => {
    expect([0, 5, 9].map((day) => index.changes(day))).toEqual([[], [{ place: 0, from: 0, to: CONTESTED }], [{ place: 0, from: CONTESTED, to: 1 }]]);
  });
});
