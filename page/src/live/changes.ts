// What is changed of a scenario, in the forms that the engine, the command line and a scenario file take.
import type { TheoryFile } from "../contract";
import type { Options } from "../engine/questions";

/** A scenario that can be changed here. */
export interface Source extends Options {
  /** What the command line takes for it: its id, a file or a folder. */
  named: string;
}

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
  /**
   * Whatever else isn't as in the scenario, by the keys of `--set`, in the order of choosing: a part of a mix leaves
   * the other parts their proportions, and a scale counts for what was set before it.
   */
  settings: ReadonlyMap<string, string>;
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
  settings: new Map(),
});

/** The key of a change as fields have it, however it was spelled. */
function keyOf(options: Options, change: string): string {
  const key = change.split("=", 1)[0].trim().replace(/^parameters\./, "");
  const [first, a, b] = key.split(".");
  const turned = `relations.${b}.${a}`;
  return first === "relations" && options.settings.some((one) => one.key === turned) ? turned : key;
}

/** The changes of a run that are no theory, seed, days or parameter: pay, levers, mechanisms, and what has no field here. */
export function settingsOf(options: Options, changes: readonly string[]): Map<string, string> {
  const others = new Set(["theory", "theory.belief", "theory.exit", "seed", "days", ...options.parameters.map(({ name }) => name)]);
  const found = changes.map((change): [string, string] => [keyOf(options, change), change.slice(change.indexOf("=") + 1).trim()]);
  return new Map(found.filter(([key]) => !others.has(key)));
}

/** The settings that no field of the panel has, as assignments. */
export function withoutField(options: Options, settings: ReadonlyMap<string, string>): string[] {
  const fields = new Set(options.settings.map(({ key }) => key));
  return [...settings].filter(([key]) => !fields.has(key)).map(([key, value]) => `${key}=${value}`);
}

/** Parameters in the order of the dictionary, then the other settings. */
function assignmentsOf(options: Options, chosen: Chosen): string[] {
  const set = options.parameters.flatMap(({ name }) => {
    const value = chosen.parameters.get(name);
    return value === undefined ? [] : [`${name}=${numberText(value)}`];
  });
  return [...set, ...[...chosen.settings].map(([key, value]) => `${key}=${value}`)];
}

/** The changes as the engine takes them. */
export function changesOf(options: Options, chosen: Chosen): string[] {
  const changes: string[] = [];
  for (const word of wordsOf(options, chosen)) changes.push(`theory=${word}`);
  for (const file of filesOf(chosen)) changes.push(`theory=${file}`);
  if (chosen.seed !== options.seed) changes.push(`seed=${chosen.seed}`);
  if (chosen.days !== options.n_days) changes.push(`days=${chosen.days}`);
  return [...changes, ...assignmentsOf(options, chosen)];
}

/** A word as a shell reads it back. */
const quoted = (word: string): string => (/^[\w.,=+:/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The command that gives the same digests, for a terminal. */
export function commandOf(source: Source, chosen: Chosen): string {
  const words = ["allegiance run", quoted(source.named)];
  for (const word of wordsOf(source, chosen)) words.push(`--theory ${word}`);
  for (const file of filesOf(chosen)) words.push(`--theory ${file}`);
  if (chosen.seed !== source.seed) words.push(`--seed ${chosen.seed}`);
  if (chosen.days !== source.n_days) words.push(`--days ${chosen.days}`);
  for (const change of assignmentsOf(source, chosen)) words.push(`--set ${quoted(change)}`);
  if (chosen.replicate > 0) words.push(`--replicates ${chosen.replicate + 1}`);
  return [...words, "--out live"].join(" ");
}

/** A setting as lines of a scenario file; null where it means another thing there, as a list is replaced as a whole. */
function linesOf(options: Options, key: string, value: string): string[] | null {
  const option = options.settings.find((one) => one.key === key);
  const [first, second, third, ...rest] = key.split(".");
  if (option === undefined || option.takes === "word" || rest.length > 0) return null;
  if (first === "mechanisms") return ["", "[mechanisms]", `${second} = ${value}`];
  // Where a group's members are is stated by its garrisons, which are a list of their own.
  return first === "groups" && third !== "members" ? ["", "[[groups]]", `id = "${second}"`, `${third} = ${value}`] : null;
}

/** A scenario file with the changes. The replicate is no part of a scenario. */
export function scenarioText(source: Source, chosen: Chosen): string {
  const settings = [...chosen.settings].map(([key, value]) => ({ change: `${key}=${value}`, lines: linesOf(source, key, value) }));
  const lines = [
    "# Changes made in the browser. Simulated: synthetic people; not a forecast.",
    "format = 1",
    `extends = "${source.named}"`,
    `id = "${source.scenario}-changed"`,
    ...settings.filter(({ lines }) => lines === null).map(({ change }) => `# Not in this file; add it on the command line: --set ${quoted(change)}`),
  ];
  if (chosen.seed !== source.seed) lines.push(`seed = ${chosen.seed}`);
  if (chosen.days !== source.n_days) lines.push(`days = ${chosen.days}`);
  const files = filesOf(chosen);
  if (files.length > 0 || chosen.belief !== source.belief || chosen.exit !== source.exit) {
    lines.push("", "[theory]", `belief = "${chosen.belief}"`, `exit = "${chosen.exit}"`);
  }
  if (files.length > 0) lines.push(`file = ${files.length === 1 ? `"${files[0]}"` : `[${files.map((file) => `"${file}"`).join(", ")}]`}`);
  let mechanism = "";
  for (const { name } of source.parameters) {
    const value = chosen.parameters.get(name);
    if (value === undefined) continue;
    const [of, key] = name.split(".");
    if (of !== mechanism) lines.push("", `[parameters.${of}]`);
    mechanism = of;
    lines.push(`${key} = ${numberText(value)}`);
  }
  return `${[...lines, ...tablesOf(settings)].join("\n")}\n`;
}

/** The tables of settings, each once: TOML takes no table twice. */
function tablesOf(settings: readonly { lines: string[] | null }[]): string[] {
  const tables = new Map<string, string[]>();
  for (const { lines } of settings) {
    if (lines === null) continue;
    const own = lines.at(-1) as string;
    const head = lines.slice(0, -1);
    const known = tables.get(head.join("\n"));
    if (known) known.push(own);
    else tables.set(head.join("\n"), [...head, own]);
  }
  return [...tables.values()].flat();
}
