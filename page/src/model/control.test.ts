import { describe, expect, it } from "vitest";
import { ControlIndex, NOBODY } from "./control";

const rows = [
  { day: 0, place: 0, group: 0, share: 0.9 },
  { day: 0, place: 0, group: 1, share: 0.1 },
  { day: 0, place: 1, group: 2, share: 1 },
  { day: 5, place: 0, group: 0, share: 0.2 },
  { day: 5, place: 0, group: 1, share: 0.8 },
  { day: 9, place: 0, group: 1, share: 0.3 },
  { day: 9, place: 0, group: 2, share: 0.5 },
];
const index = new ControlIndex(rows, 3, 3);

/** Looks a share up by reading every row, as plainly as can be. */
function plainShares(place: number, day: number): number[] {
  const shares = [0, 0, 0];
  for (const row of rows) if (row.place === place && row.day <= day) shares[row.group] = row.share;
  return shares;
}

describe("control index", () => {
  it("agrees with a plain scan on every place and day", () => {
    for (let place = 0; place < 3; place += 1) {
      for (let day = 0; day < 12; day += 1) {
        const shares = plainShares(place, day);
        expect([...index.sharesAt(place, day)]).toEqual(shares);
        const most = Math.max(...shares);
        expect(index.leaderAt(place, day)).toBe(most === 0 ? NOBODY : shares.indexOf(most));
      }
    }
  });

  it("knows leader, runner-up and shares of a segment", () => {
    const segment = index.segment(0, 20);
    expect(index.leader[segment]).toBe(2);
    expect(index.leaderShare[segment]).toBeCloseTo(0.5);
    expect(index.runnerUp[segment]).toBe(1);
    expect(index.runnerUpShare[segment]).toBeCloseTo(0.3);
  });

  it("has no segment where nothing was recorded", () => {
    expect(index.segment(2, 5)).toBe(-1);
    expect(index.segment(0, -1)).toBe(-1);
  });

  it("lists the days on which a place changed, with all shares", () => {
    expect(index.changes(0)).toEqual([
      { day: 0, shares: [0.9, 0.1, 0] },
      { day: 5, shares: [0.2, 0.8, 0] },
      { day: 9, shares: [0.2, 0.3, 0.5] },
    ]);
  });
});
