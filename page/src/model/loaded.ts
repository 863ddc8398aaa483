import type { Agreement, Bands, History, Measure, Overview } from "../contract";
import { AgreementIndex } from "./agreement";
import { BeliefIndex } from "./beliefs";
import { ControlIndex } from "./control";
import { HolderIndex } from "./holders";
import { IncidentIndex, killedIn } from "./incidents";
import { PlaceSteps } from "./steps";

/** One history with what is needed to draw any of its days at once. */
export interface Loaded {
  /** Its number at the server, or null for one that the browser simulated. */
  run: number | null;
  overview: Overview;
  history: History;
  /** Whether it has all its days; one that the browser simulates has those done so far. */
  isWhole: boolean;
  /** Null where there is one replicate, or for a run of the browser. */
  bands: Bands | null;
  /** Null where there is one replicate, or for a run of the browser. */
  agreement: AgreementIndex | null;
  control: ControlIndex;
  holders: HolderIndex;
  incidents: IncidentIndex;
  /** People away from home. */
  away: PlaceSteps;
  /** Killed in incidents so far, members and civilians. */
  killed: PlaceSteps;
  /** Of these, civilians. */
  civiliansKilled: PlaceSteps;
  beliefs: BeliefIndex;
  placeOf: ReadonlyMap<string, number>;
}

export function prepare(run: number | null, overview: Overview, history: History, bands: Bands | null, agreement: Agreement | null, isWhole = true): Loaded {
  const [nPlaces, nGroups] = [overview.places.length, overview.groups.length];
  return {
    run,
    overview,
    history,
    isWhole,
    bands,
    agreement: agreement === null ? null : new AgreementIndex(agreement, nPlaces),
    control: new ControlIndex(history.control, nPlaces, nGroups),
    holders: new HolderIndex(history.holders, nPlaces),
    incidents: new IncidentIndex(history.incidents, overview.n_days),
    away: new PlaceSteps(
      history.displacement.map((row) => ({ day: row.day, place: row.place, value: row.people_away })),
      nPlaces,
      false,
    ),
    killed: new PlaceSteps(
      history.incidents.map((row) => ({ day: row.day, place: row.place, value: killedIn(row) })),
      nPlaces,
      true,
    ),
    civiliansKilled: new PlaceSteps(
      history.incidents.map((row) => ({ day: row.day, place: row.place, value: row.dead_civilians })),
      nPlaces,
      true,
    ),
    beliefs: new BeliefIndex(history.beliefs, nPlaces),
    placeOf: new Map(overview.places.map((place, index) => [place.id, index])),
  };
}

/** This replicate's daily values of a measure for a group. */
export const valuesOf = (loaded: Loaded, measure: Measure, group: number): number[] | null =>
  loaded.history.series.find((series) => series.measure === measure && series.group === group)?.values ?? null;
