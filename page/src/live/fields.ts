// What the panel shows a field for: parameters, and what else can be set, in one form.
import type { ParameterOption, SettingOption } from "../engine/questions";
import { numberText } from "./changes";

export interface FieldOption {
  /** The key, as `--set` takes it. */
  name: string;
  /** The same for the eye, where what stands around tells the rest. */
  short: string;
  meaning: string;
  takes: SettingOption["takes"];
  /** In the scenario; null where it states nothing. */
  value: string | null;
  /** What the engine takes; of numbers alone. */
  lowest: number;
  highest: number;
  /** From where to where the slider goes. */
  low: number;
  high: number;
  words: readonly string[];
  /** Whether `low` and `high` are what is plausible. */
  isPlausible: boolean;
}

/** A span up to which a slider goes over all that is allowed: shares, scores, degrees. */
const SMALL_SPAN = 10;
/** How far above the scenario's value a slider goes where much more is allowed. */
const TIMES = 4;
/** How far it goes where the scenario has nothing. */
const USUAL_TOP = 100;

/** A meaning without the marks that set names apart in documents. */
const plain = (meaning: string): string => meaning.replaceAll("`", "");

export function fieldOfParameter(option: ParameterOption): FieldOption {
  const { name, meaning, symbol, unit, value, low, high, lowest_allowed: lowest, highest_allowed: highest, tag } = option;
  return {
    name,
    short: name,
    meaning: `${plain(meaning)} Symbol: ${symbol}; unit: ${unit}. Plausible ${numberText(low)} to ${numberText(high)}; ${tag}.`,
    takes: "number",
    value: numberText(value),
    lowest,
    highest,
    low: Math.min(low, value),
    high: Math.max(high, value),
    words: [],
    isPlausible: true,
  };
}

export function fieldOfSetting(option: SettingOption): FieldOption {
  const { key, group, meaning, takes, value, words } = option;
  const [lowest, highest] = [option.low ?? 0, option.high ?? 0];
  const top = Number(value) > 0 ? TIMES * Number(value) : USUAL_TOP;
  return {
    name: key,
    short: group === null ? key.slice(key.indexOf(".") + 1) : key.split(".").slice(2).join("."),
    meaning: plain(meaning),
    takes,
    value,
    lowest,
    highest,
    low: lowest,
    high: highest - lowest <= SMALL_SPAN ? highest : Math.min(highest, lowest + top),
    words,
    isPlausible: false,
  };
}

/** A step of a slider: a hundredth of its way, rounded to 1, 2 or 5. */
export function stepOf({ takes, low, high }: FieldOption): number {
  const rough = (high - low) / 100;
  if (takes === "whole") return Math.max(1, Math.round(rough));
  if (!(rough > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10;
  return Number((step * power).toPrecision(1));
}

/** What is wrong with a value, or null. */
export function wrongWith({ takes, lowest, highest }: FieldOption, text: string): string | null {
  if (takes === "word" || takes === "flag") return null;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) return "must be a number";
  if (takes === "whole" && !Number.isInteger(value)) return "must be a whole number";
  return value < lowest || value > highest ? `must be from ${numberText(lowest)} to ${numberText(highest)}` : null;
}

/** Whether two values of a field are the same, however they are written. */
export function isSame({ takes }: FieldOption, a: string | null, b: string | null): boolean {
  if (a === null || b === null || takes === "word" || takes === "flag") return a === b;
  return Number(a) === Number(b);
}

/** The fields in whose name or meaning every word stands. */
export function search(fields: readonly FieldOption[], text: string): FieldOption[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return fields.filter(({ name, meaning }) => {
    const all = `${name} ${name.replaceAll("_", " ")} ${meaning}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
