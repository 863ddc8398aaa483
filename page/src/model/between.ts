import type { Overview } from "../contract";
import { NOBODY } from "./control";
import { words } from "./incidents";
import type { Loaded } from "./loaded";

/** What differs between two runs, a fragment each: "belief: direct experience instead of source credibility". */
export function differencesBetween(a: Overview, b: Overview): string[] {
  const found: string[] = [];
  const compare = (what: string, before: string, after: string): void => {
    if (before !== after) found.push(`${what}: ${after} instead of ${before}`);
  };
  compare("scenario", a.scenario_title, b.scenario_title);
  compare("belief", words(a.belief), words(b.belief));
  compare("exit", words(a.exit), words(b.exit));
  compare("seed", String(a.seed), String(b.seed));
  compare("days", String(a.n_days), String(b.n_days));
  const values = new Map(a.changed_parameters.map(({ name, value }) => [name, value]));
  for (const { name, value, default: usual } of b.changed_parameters) {
    compare(name, values.get(name) ?? usual, value);
  }
  const inB = new Set(b.changed_parameters.map(({ name }) => name));
  for (const { name, value, default: usual } of a.changed_parameters) if (!inB.has(name)) compare(name, value, usual);
  // Pay, levers and the timeline are no parameters: what was changed of them is told as it was written.
  const told = new Set(["theory", "seed", "days", ...[a, b].flatMap(({ changed_parameters }) => changed_parameters.map(({ name }) => name))]);
  const others = ({ changes }: Overview): string[] => changes.filter((change) => !told.has(change.split("=", 1)[0]));
  const [ofA, ofB] = [others(a), others(b)];
  for (const change of ofB) if (!ofA.includes(change)) found.push(`${change}, in B alone`);
  for (const change of ofA) if (!ofB.includes(change)) found.push(`${change}, in A alone`);
  if (found.length === 0 && a.scenario_hash !== b.scenario_hash) found.push("the files of the scenario");
  return found;
}

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
