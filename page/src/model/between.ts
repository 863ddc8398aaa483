import type { Overview } from "../contract";
import { words } from "./incidents";

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
  if (found.length === 0 && a.scenario_hash !== b.scenario_hash) found.push("the files of the scenario");
  return found;
}
