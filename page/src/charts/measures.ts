import type { Measure } from "../contract";
import { percent, whole } from "../map/describe";

export interface MeasureWords {
  measure: Measure;
  title: string;
  unit: string;
  format: (value: number) => string;
  /** Of a difference, with its sign. */
  formatDifference: (value: number) => string;
}

const signed = (value: number, digits: number): string => {
  const text = Math.abs(value).toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return /[1-9]/.test(text) ? `${value < 0 ? "−" : "+"}${text}` : text;
};
const persons = { format: whole, formatDifference: (value: number): string => signed(value, Math.abs(value) < 10 ? 1 : 0) };

/** The measures in the order in which they are drawn. */
export const MEASURES: readonly MeasureWords[] = [
  { measure: "strength", title: "Strength", unit: "active members", ...persons },
  { measure: "population_share", title: "Control", unit: "share of the population", format: percent, formatDifference: (value) => `${signed(value * 100, 1)} pp` },
  { measure: "deaths", title: "Members killed", unit: "so far: in fighting, of wounds, executed", ...persons },
  { measure: "civilians_killed", title: "Civilians killed", unit: "by the group, so far", ...persons },
  { measure: "joins", title: "Joins", unit: "joined so far", ...persons },
  { measure: "exits", title: "Exits", unit: "deserted, defected or departed so far", ...persons },
];
