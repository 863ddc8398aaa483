// What is changed of a scenario, in the forms that the engine, the command line and a scenario file take.
import type { Options, ParameterOption } from "../engine/questions";

export interface Chosen {
  belief: string;
  exit: string;
  seed: number;
  days: number;
  replicate: number;
  /** Parameters that aren't as in the scenario, by name. */
  parameters: ReadonlyMap<string, number>;
  /** The text of a theory's file, in place of those chosen in the slots that it fills; empty where there is none. */
  theory: string;
  /** Other changes of the run that the page shows, as assignments. */
  kept: readonly string[];
}

/** The name of the file that the theory of the panel is saved as. */
export const THEORY_FILE = "mine.toml";

/** The texts of theories that the changes name, by their files. */
export const theoriesOf = (chosen: Chosen): Record<string, string> => (chosen.theory.trim() === "" ? {} : { [THEORY_FILE]: chosen.theory });

/** A number as Rust, TOML and a shell read it back to the same bits. */
export const numberText = (value: number): string => String(value);

/** What the scenario itself has. */
export const unchanged = (options: Options): Chosen => ({
  belief: options.belief,
  exit: options.exit,
  seed: options.seed,
  days: options.n_days,
  replicate: 0,
  parameters: new Map(),
  theory: "",
  kept: [],
});

/** The changes of a run that no field of the panel has: pay, levers, the timeline. */
export function otherChanges(options: Options, changes: readonly string[]): string[] {
  const fields = new Set(["theory", "seed", "days", ...options.parameters.map(({ name }) => name)]);
  return changes.filter((change) => !fields.has(change.split("=", 1)[0]));
}

/** The changes as the engine takes them, in the order of the dictionary. */
export function changesOf(options: Options, chosen: Chosen): string[] {
  const changes: string[] = [];
  if (chosen.belief !== options.belief) changes.push(`theory=${chosen.belief}`);
  if (chosen.theory.trim() !== "") changes.push(`theory=${THEORY_FILE}`);
  else if (chosen.exit !== options.exit) changes.push(`theory=${chosen.exit}`);
  if (chosen.seed !== options.seed) changes.push(`seed=${chosen.seed}`);
  if (chosen.days !== options.n_days) changes.push(`days=${chosen.days}`);
  for (const { name } of options.parameters) {
    const value = chosen.parameters.get(name);
    if (value !== undefined) changes.push(`${name}=${numberText(value)}`);
  }
  return [...changes, ...chosen.kept];
}

/** The command that gives the same digests, for a terminal. */
export function commandOf(options: Options, chosen: Chosen): string {
  const words = ["allegiance run", options.scenario];
  if (chosen.belief !== options.belief) words.push(`--theory ${chosen.belief}`);
  if (chosen.theory.trim() !== "") words.push(`--theory ${THEORY_FILE}`);
  else if (chosen.exit !== options.exit) words.push(`--theory ${chosen.exit}`);
  if (chosen.seed !== options.seed) words.push(`--seed ${chosen.seed}`);
  if (chosen.days !== options.n_days) words.push(`--days ${chosen.days}`);
  for (const { name } of options.parameters) {
    const value = chosen.parameters.get(name);
    if (value !== undefined) words.push(`--set ${name}=${numberText(value)}`);
  }
  for (const change of chosen.kept) words.push(`--set '${change}'`);
  if (chosen.replicate > 0) words.push(`--replicates ${chosen.replicate + 1}`);
  return [...words, "--out live"].join(" ");
}

/** A scenario file with the changes. The replicate is no part of a scenario. */
export function scenarioText(options: Options, chosen: Chosen): string {
  const lines = [
    "# Changes made in the browser. Simulated: synthetic people; not a forecast.",
    "format = 1",
    `extends = "${options.scenario}"`,
    `id = "${options.scenario}-changed"`,
    ...chosen.kept.map((change) => `# Not in this file, and changed on the command line: ${change}`),
  ];
  if (chosen.seed !== options.seed) lines.push(`seed = ${chosen.seed}`);
  if (chosen.days !== options.n_days) lines.push(`days = ${chosen.days}`);
  const hasTheory = chosen.theory.trim() !== "";
  if (hasTheory || chosen.belief !== options.belief || chosen.exit !== options.exit) {
    lines.push("", "[theory]", `belief = "${chosen.belief}"`, `exit = "${chosen.exit}"`);
  }
  if (hasTheory) lines.push(`file = "${THEORY_FILE}"`);
  let mechanism = "";
  for (const { name } of options.parameters) {
    const value = chosen.parameters.get(name);
    if (value === undefined) continue;
    const [of, key] = name.split(".");
    if (of !== mechanism) lines.push("", `[parameters.${of}]`);
    mechanism = of;
    lines.push(`${key} = ${numberText(value)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The parameters in whose name, symbol or meaning every word stands. */
export function search(parameters: readonly ParameterOption[], text: string): ParameterOption[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return parameters.filter(({ name, symbol, meaning }) => {
    const all = `${name} ${name.replaceAll("_", " ")} ${symbol} ${meaning}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** What is wrong with a value, or null. */
export function wrongWith(option: ParameterOption, value: number): string | null {
  if (!Number.isFinite(value)) return "must be a number";
  const { lowest_allowed: lowest, highest_allowed: highest } = option;
  return value < lowest || value > highest ? `must be from ${numberText(lowest)} to ${numberText(highest)}` : null;
}
