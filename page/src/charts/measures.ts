import type { Measure } from "../contract";
import { percent, whole } from "../map/describe";

export interface MeasureWords {
  measure: Measure;
  title: string;
  unit: string;
  format: (value: number) => string;
}

/** The measures in the order in which they are drawn. */
export const MEASURES: readonly MeasureWords[] = [
  { measure: "strength", title: "Strength", unit: "active members", format: whole },
  { measure: "population_share", title: "Control", unit: "share of the population", format: percent },
  { measure: "deaths", title: "Deaths", unit: "members killed so far", format: whole },
  { measure: "civilians_killed", title: "Civilians killed", unit: "by the group so far", format: whole },
  { measure: "joins", title: "Joins", unit: "joined so far", format: whole },
  { measure: "exits", title: "Exits", unit: "deserted, defected or departed so far", format: whole },
];
