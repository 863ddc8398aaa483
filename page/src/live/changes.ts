// What is changed of a scenario, in the forms that the engine, the command line and a scenario file take.
import type { TheoryFile } from "../contract";
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
  /** Further theories of the run that the page shows, which fill other slots. */
  further: readonly TheoryFile[];
  /** Other changes of the run that the page shows, as assignments. */
  kept: readonly string[];
}

/** The name of the file that the theory of the panel is saved as. */
export const THEORY_FILE = "mine.toml";

/** The texts of theories that the changes name, by their files. */
export const theoriesOf = (chosen: Chosen): Record<string, string> => ({
  ...textsOf(chosen.further.map((one) => ({ ...one, file: fileOf(one) }))),
  ...(chosen.theory.trim() === "" ? {} : { [THEORY_FILE]: chosen.theory }),
});

/** Texts of theories by their files. */
export const textsOf = (theories: readonly TheoryFile[]): Record<string, string> => Object.fromEntries(theories.map(({ file, text }) => [file, text]));

/** The name that a further theory's file has beside that of the panel. */
const fileOf = ({ name }: TheoryFile): string => (`${name}.toml` === THEORY_FILE ? `other-${THEORY_FILE}` : `${name}.toml`);

/** The theories that fill slots from a file. */
const filesOf = (chosen: Chosen): string[] => [...(chosen.theory.trim() === "" ? [] : [THEORY_FILE]), ...chosen.further.map(fileOf)];

/** A number as Rust, TOML and a shell read it back to the same bits. */
export const numberText = (value: number): string => String(value);

/** Whether a theory's file fills a slot: that of exit where it has blocks, or nothing else. */
export function fills(text: string, slot: "belief" | "exit"): boolean {
  if (text.trim() === "") return false;
  const has = (part: RegExp): boolean => part.test(text);
  if (slot === "belief") return has(/^\s*\[belief\]/m);
  return has(/^\s*(blocks\s*=|\[\[block\]\])/m) || !has(/^\s*\[(belief|destination|joining|voice)\]/m);
}

/** The theories of the engine that are chosen, where no file fills their slot. */
function wordsOf(options: Options, chosen: Chosen): string[] {
  const isFilled = (slot: "belief" | "exit"): boolean => fills(chosen.theory, slot) || chosen.further.some(({ slots }) => slots.includes(slot));
  const words = [];
  if (chosen.belief !== options.belief && !isFilled("belief")) words.push(chosen.belief);
  if (chosen.exit !== options.exit && !isFilled("exit")) words.push(chosen.exit);
  return words;
}

/** What the scenario itself has. */
export const unchanged = (options: Options): Chosen => ({
  belief: options.belief,
  exit: options.exit,
  seed: options.seed,
  days: options.n_days,
  replicate: 0,
  parameters: new Map(),
  theory: "",
  further: [],
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
  for (const word of wordsOf(options, chosen)) changes.push(`theory=${word}`);
  for (const file of filesOf(chosen)) changes.push(`theory=${file}`);
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
  for (const word of wordsOf(options, chosen)) words.push(`--theory ${word}`);
  for (const file of filesOf(chosen)) words.push(`--theory ${file}`);
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
  const files = filesOf(chosen);
  if (files.length > 0 || chosen.belief !== options.belief || chosen.exit !== options.exit) {
    lines.push("", "[theory]", `belief = "${chosen.belief}"`, `exit = "${chosen.exit}"`);
  }
  if (files.length > 0) lines.push(`file = ${files.length === 1 ? `"${files[0]}"` : `[${files.map((file) => `"${file}"`).join(", ")}]`}`);
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
