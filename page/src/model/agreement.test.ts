import { describe, expect, it } from "vitest";
import { AgreementIndex } from "./agreement";
import { CONTESTED } from "./holders";

describe("agreement of replicates", () => {
  const index = new AgreementIndex(
    { n_replicates: 4, counts: [{ day: 0, place: 1, held: [[2, 4]] }, { day: 5, place: 1, held: [[null, 1], [0, 1], [2, 2]] }] },
    2,
  );
  it("holds until it changes", () => {
    expect([index.share(1, 4, 2), index.share(1, 5, 2), index.share(1, 9, CONTESTED), index.share(1, 9, 1)]).toEqual([1, 0.5, 0.25, 0]);
    expect([index.disagreement(1, 0), index.disagreement(1, 6), index.disagreement(0, 6)]).toEqual([0, 0.5, 0]);
  });
  it("lists holders by their number of replicates", () => {
    expect(index.counts(1, 6)).toEqual([[2, 2], [0, 1], [CONTESTED, 1]]);
  });
});
