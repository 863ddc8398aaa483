// The data that page and report show, and the server's and the WebAssembly module's answers.
// Rust owns these types (allegiance-lab, module `view`), derives serde + ts-rs; page/src/types/*.ts
// is generated from them. Keep names as below unless something proves wrong; then tell the lead.
// days are 0 for the first; place and group are indices into `places` / `groups` of the Overview.

export interface Overview {            // one run (folder, or a scenario run in memory)
  about: string;                       // "Simulated: synthetic people in real places; not a forecast."
  label: string;                       // e.g. "one-village · theory=endogenous"
  engine_version: string; git: string | null;
  scenario_id: string; scenario_title: string; scenario_hash: string;
  seed: number; n_replicates: number; n_days: number; start: string /* ISO date */; end: string;
  belief: string; exit: string;        // words of the theories
  changed_parameters: { name: string; value: string; default: string }[];
  groups: { id: string; name: string; is_foreign_backed?: boolean }[];
  places: { id: string; name: string; lon: number; lat: number; population: number; region: string }[];
  outline: [number, number][][];       // rings of the country outline that the map shows (may be empty)
  happenings: { day: number; text: string; place: number | null }[]; // dated changes of the scenario (timeline)
  assumptions: string[];               // sources/limits sentences for the "what this is" box
}

export interface History {             // one replicate
  replicate: number;
  control: { day: number; place: number; group: number; share: number }[];      // on change, sorted by day
  incidents: { incident: number; day: number; place: number; kind: string;
    perpetrator: number; target: number | null; attackers_won: boolean;
    dead_perpetrator: number; dead_target: number; dead_civilians: number; sentence: string }[];
  displacement: { day: number; place: number; people_away: number }[];
  series: Series[];                    // measure x group, this replicate
  beliefs: { day: number; home: number; group: number; mean_conviction: number; n: number }[]; // sampled, weekly, by home place
  digests: Record<string, string>;     // table -> digest, as in run.json for a one-replicate run
}
export type Measure = "strength" | "deaths" | "joins" | "exits" | "civilians_killed" | "population_share";
export interface Series { measure: Measure; group: number; values: number[] }     // one value a day; cumulative for deaths, joins, exits, civilians_killed
export interface Band { measure: Measure; group: number; low: number[]; median: number[]; high: number[] } // 90% interval over replicates
export interface Bands { n_replicates: number; bands: Band[];
  sentences: string[] }                // "In 17 of 20 replicates ..."

export interface PersonRow { person: number; home: number | null; is_foreign: boolean; first_group: number | null; kind: "defector" | "deserter" | "departer" | "stayer" | "joiner" | "prisoner" | "dead"; day: number | null; line: string }
// a browsing list, filtered by village / kind, in order of number: never a ranking, no scores
export type Story = unknown;           // = JSON of `allegiance story --format json` (see Story in lab/src/story), plus:
export interface StoryView { story: Story; conviction: { day: number; value: number; kind: string }[];
  trust: { source: string; value: number; day: number }[];
  ties: { relation: "household" | "clan" | "unit"; group: number | null; n: number }[];
  stayer: number | null }              // a stayer of the same village and group to put beside
export interface ButForView { person: number; incident: number | null; n_replicates: number; sentences: string[];
  p_left_with: number; p_left_without: number; difference: number; low: number; high: number }

export interface Difference { measure: Measure; group: number; day_values: { low: number[]; mean: number[]; high: number[] } ; sentence: string } // paired by replicate: second run minus first

