import type { Agreement } from "../contract";
import { NOBODY } from "./control";
import { CONTESTED } from "./holders";

/** How far the replicates agree on who holds a place, found by bisection among the days on which that changed. */
export class AgreementIndex {
  readonly nReplicates: number;
  readonly #byPlace: { day: number; held: ReadonlyMap<number, number>; most: number }[][];

  constructor({ n_replicates, counts }: Agreement, nPlaces: number) {
    this.nReplicates = n_replicates;
    this.#byPlace = Array.from({ length: nPlaces }, () => []);
    for (const { day, place, held } of counts) {
      const of = new Map(held.map(([holder, n]) => [holder ?? CONTESTED, n]));
      this.#byPlace[place]?.push({ day, held: of, most: Math.max(0, ...of.values()) });
    }
  }

  #at(place: number, day: number): { held: ReadonlyMap<number, number>; most: number } | null {
    const steps = this.#byPlace[place] ?? [];
    let [low, high] = [0, steps.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (steps[middle].day <= day) low = middle + 1;
      else high = middle;
    }
    return steps[low - 1] ?? null;
  }

  /** In what share of the replicates a holder has a place on a day. */
  share(place: number, day: number, holder: number): number {
    const held = this.#at(place, day)?.held;
    return held === undefined || holder === NOBODY ? 0 : (held.get(holder) ?? 0) / this.nReplicates;
  }

  /** In what share of the replicates somebody else has a place than in most. */
  disagreement(place: number, day: number): number {
    const found = this.#at(place, day);
    return found === null ? 0 : 1 - found.most / this.nReplicates;
  }

  /** Holders with their numbers of replicates, the most frequent first. */
  counts(place: number, day: number): [holder: number, n: number][] {
    return [...(this.#at(place, day)?.held ?? [])].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  }
}
