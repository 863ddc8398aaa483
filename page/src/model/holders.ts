import type { HolderChange } from "../contract";
import { NOBODY } from "./control";
import { PlaceSteps } from "./steps";

/** Stands for "no group holds it, several are there". */
export const CONTESTED = 254;

const [UNKNOWN, OPEN, FIRST] = [0, 1, 2];

/** Who holds which place on which day: what the engine's views say, by their one rule. */
export class HolderIndex {
  readonly #steps: PlaceSteps;
  /** By day, the changes after the first of each place. */
  readonly #changes = new Map<number, { place: number; from: number; to: number }[]>();

  constructor(rows: readonly HolderChange[], nPlaces: number) {
    this.#steps = new PlaceSteps(
      rows.map(({ day, place, holder }) => ({ day, place, value: holder === null ? OPEN : holder + FIRST })),
      nPlaces,
      false,
    );
    const last = new Map<number, number>();
    for (const { day, place, holder } of rows) {
      const to = holder ?? CONTESTED;
      const from = last.get(place);
      last.set(place, to);
      if (from === undefined) continue;
      const ofDay = this.#changes.get(day);
      if (ofDay === undefined) this.#changes.set(day, [{ place, from, to }]);
      else ofDay.push({ place, from, to });
    }
  }

  /** The group that holds a place, `CONTESTED`, or `NOBODY` where nothing is recorded until then. */
  at(place: number, day: number): number {
    const value = this.#steps.at(place, day);
    return value === UNKNOWN ? NOBODY : value === OPEN ? CONTESTED : value - FIRST;
  }

  /** Places that somebody else holds than on the day before, or that are contested since. */
  changes(day: number): readonly { place: number; from: number; to: number }[] {
    return this.#changes.get(day) ?? [];
  }
}
