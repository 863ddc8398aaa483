import { NOBODY } from "./control";
import type { Loaded } from "./loaded";

/** How control of a place differs between two runs on a day. */
export interface ControlDifference {
  /** The share of control that would have to change hands to make them equal, 0 to 1. */
  share: number;
  isOfLeaders: boolean;
  /** The leader in the first run. */
  leader: number;
}

/** Compares a place of run `a` with the same place of run `b`; null where `b` doesn't have it, or nobody holds it. */
export function controlDifference(a: Loaded, b: Loaded, place: number, day: number): ControlDifference | null {
  const there = b.placeOf.get(a.overview.places[place].id);
  const leader = a.control.leaderAt(place, day);
  if (there === undefined || leader === NOBODY) return null;
  const leaderThere = b.control.leaderAt(there, day);
  if (leaderThere === NOBODY) return null;
  const shares = new Map(a.overview.groups.map(({ id }) => [id, 0]));
  a.control.sharesAt(place, day).forEach((share, group) => shares.set(a.overview.groups[group].id, share));
  b.control.sharesAt(there, day).forEach((share, group) => {
    const { id } = b.overview.groups[group];
    shares.set(id, (shares.get(id) ?? 0) - share);
  });
  const share = [...shares.values()].reduce((sum, one) => sum + Math.abs(one), 0) / 2;
  return { share, isOfLeaders: a.overview.groups[leader].id !== b.overview.groups[leaderThere].id, leader };
}
