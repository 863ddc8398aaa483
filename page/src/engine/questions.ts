// What the WebAssembly module is asked and answers: the types of crates/allegiance-wasm.
import type { ButForView, History, Overview, Pair, People, PersonKind, StoryView, TrustPoint } from "../contract";

export interface TheoryOption {
  word: string;
  meaning: string;
}

export interface ParameterOption {
  name: string;
  symbol: string;
  meaning: string;
  unit: string;
  /** Its value in the scenario. */
  value: number;
  default: number;
  low: number;
  high: number;
  lowest_allowed: number;
  highest_allowed: number;
  tag: string;
  source: string;
}

/** Anything else that can be set. */
export interface SettingOption {
  /** As `allegiance run --set` takes it. */
  key: string;
  of: "pay" | "policy" | "lever" | "group" | "relation" | "mechanism" | "operation";
  /** The id of the group that it is of; null of two groups, or of all. */
  group: string | null;
  /** In the scenario, as the key takes it; null where a group states nothing. */
  value: string | null;
  takes: "number" | "whole" | "word" | "flag";
  low: number | null;
  high: number | null;
  words: string[];
  meaning: string;
}

/** A scenario that comes with the engine, and how large it is. */
export interface ScenarioSize {
  scenario: string;
  title: string;
  n_inhabitants: number;
  n_places: number;
  n_days: number;
}

/** The files of a scenario by name; none of one that comes with the engine. */
export type Files = Readonly<Record<string, string>>;

/** What can be changed of a scenario. */
export interface Options {
  scenario: string;
  /** Whether it comes with the program, so that its id names it everywhere. */
  is_built_in: boolean;
  /** Hash of the resolved scenario; that of a run of it. */
  scenario_hash: string;
  seed: number;
  n_days: number;
  belief: string;
  exit: string;
  beliefs: TheoryOption[];
  exits: TheoryOption[];
  parameters: ParameterOption[];
  groups: { id: string; name: string }[];
  settings: SettingOption[];
  /** A theory's file to start one's own from, by the word of the theory. */
  starts: Record<string, string>;
}

export interface Answer {
  is_simulated: boolean;
  engine_version: string;
  scenario_hash: string;
  seed: number;
  n_days: number;
  /** Of every table, by name. */
  digests: Record<string, string>;
  view: { overview: Overview; history: History } | null;
  /** What it is to the run beside it; null where there is none, or it is of another world. */
  pair: Pair | null;
  /** What makes the two different worlds. */
  apart: string | null;
}

/** How far a run is that was begun. */
export interface HowFar {
  /** Days done. */
  day: number;
  n_days: number;
  /** What was begun; null later on. */
  overview: Overview | null;
  /** What the days since the last answer brought. */
  history: History | null;
  /** What makes it another world than the run beside it; told at the beginning. */
  apart: string | null;
}

/** What to simulate. */
export interface RunQuestion {
  scenario: string;
  files: Files;
  changes: string[];
  replicate: number;
  view: boolean;
  beside: BesideRun | null;
  theories: Record<string, string>;
}

/** A run of the same scenario beside which the answer is shown. */
export interface BesideRun {
  changes: readonly string[];
  /** Of the tables of the same replicate, by name. */
  digests: Readonly<Record<string, string>>;
  /** Texts of the theories that its changes name, by their files. */
  theories?: Readonly<Record<string, string>>;
}

/** Who is listed; what is left out is any. Places and groups by position, days from 0. */
export interface PeopleFilter {
  home?: number;
  kind?: PersonKind;
  group?: number;
  since?: number;
  until?: number;
  from_age?: number;
  to_age?: number;
  is_foreign?: boolean;
  rank?: string;
  cause?: string;
  offset?: number;
  limit?: number;
}

/** How many pairs of futures of a but-for are drawn. */
export interface PairsDone {
  done: number;
  n: number;
}

/** Questions by the word of `ask`: what goes with it, and what comes back. */
export interface Questions {
  run: { given: RunQuestion; back: Answer };
  begin: { given: RunQuestion; back: HowFar };
  go_on: { given: { days: number; view: boolean }; back: HowFar };
  end: { given: object; back: Answer };
  scenarios: { given: object; back: ScenarioSize[] };
  options: { given: { scenario: string; files: Files }; back: Options };
  persons: { given: PeopleFilter; back: People };
  person: { given: { person: number }; back: StoryView };
  trust: { given: { person: number }; back: TrustPoint[] };
  but_for_begin: { given: { person: number; incident: number | null; replicates: number }; back: PairsDone };
  but_for_go_on: { given: { pairs: number }; back: PairsDone };
  but_for_end: { given: object; back: ButForView };
}
