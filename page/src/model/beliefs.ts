import type { History } from "../contract";

type BeliefRow = History["beliefs"][number];

/** Mean conviction of the members whose home is a place, from the latest sample. */
export class BeliefIndex {
  readonly #sampleDays: number[];
  readonly #bySample = new Map<number, BeliefRow[]>();
  readonly #nPlaces: number;
  #cachedFor = "";
  #cached: (number | null)[] = [];

  constructor(rows: readonly BeliefRow[], nPlaces: number) {
    this.#nPlaces = nPlaces;
    for (const row of rows) {
      const there = this.#bySample.get(row.day);
      if (there) there.push(row);
      else this.#bySample.set(row.day, [row]);
    }
    this.#sampleDays = [...this.#bySample.keys()].sort((a, b) => a - b);
  }

  /** The day of the latest sample, or null before the first. */
  sampledOn(day: number): number | null {
    return this.#sampleDays.findLast((sample) => sample <= day) ?? null;
  }

  get firstSample(): number | null {
    return this.#sampleDays[0] ?? null;
  }

  /** By place: the mean over members of the groups that `isShown`, weighted by how many were asked. */
  means(day: number, isShown: readonly boolean[]): readonly (number | null)[] {
    const sample = this.sampledOn(day);
    const key = `${sample}:${isShown.map(Number).join("")}`;
    if (key === this.#cachedFor) return this.#cached;
    const sums = new Float64Array(this.#nPlaces);
    const counts = new Float64Array(this.#nPlaces);
    for (const row of sample === null ? [] : (this.#bySample.get(sample) ?? [])) {
      if (!isShown[row.group]) continue;
      sums[row.home] += row.mean_conviction * row.n;
      counts[row.home] += row.n;
    }
    this.#cached = Array.from(counts, (n, place) => (n > 0 ? sums[place] / n : null));
    this.#cachedFor = key;
    return this.#cached;
  }

  /** Of one place, by group: the samples in order of day. */
  of(home: number): Map<number, { day: number; mean: number; n: number }[]> {
    const byGroup = new Map<number, { day: number; mean: number; n: number }[]>();
    for (const day of this.#sampleDays) {
      for (const row of this.#bySample.get(day) ?? []) {
        if (row.home !== home) continue;
        const sample = { day, mean: row.mean_conviction, n: row.n };
        const there = byGroup.get(row.group);
        if (there) there.push(sample);
        else byGroup.set(row.group, [sample]);
      }
    }
    return byGroup;
  }
}
