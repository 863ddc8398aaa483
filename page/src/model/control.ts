import type { History } from "../contract";

/** Stands for "no group". */
export const NOBODY = 255;

type ControlRow = History["control"][number];

/**
 * Who controls which place on which day, found by bisection among the days on which a place changed.
 *
 * A segment is one place from one change to the next. Segments of a place lie together, in order of day.
 */
export class ControlIndex {
  readonly nGroups: number;
  /** By segment. */
  readonly leader: Uint8Array;
  readonly leaderShare: Float32Array;
  readonly runnerUp: Uint8Array;
  readonly runnerUpShare: Float32Array;
  readonly #startDay: Int32Array;
  /** Places + 1: where a place's segments begin. */
  readonly #first: Uint32Array;
  /** The rows in order of place, then day. */
  readonly #rows: ControlRow[];
  /** Places + 1: where a place's rows begin. */
  readonly #firstRow: Uint32Array;

  constructor(rows: readonly ControlRow[], nPlaces: number, nGroups: number) {
    this.nGroups = nGroups;
    const firstRow = new Uint32Array(nPlaces + 1);
    for (const row of rows) firstRow[row.place + 1] += 1;
    for (let place = 0; place < nPlaces; place += 1) firstRow[place + 1] += firstRow[place];
    const next = firstRow.slice();
    const sorted = new Array<ControlRow>(rows.length);
    for (const row of rows) sorted[next[row.place]++] = row;

    const startDay = new Int32Array(rows.length);
    this.leader = new Uint8Array(rows.length);
    this.leaderShare = new Float32Array(rows.length);
    this.runnerUp = new Uint8Array(rows.length);
    this.runnerUpShare = new Float32Array(rows.length);
    const first = new Uint32Array(nPlaces + 1);
    const shares = new Float64Array(nGroups);
    let segment = 0;
    for (let place = 0; place < nPlaces; place += 1) {
      first[place] = segment;
      shares.fill(0);
      for (let i = firstRow[place]; i < firstRow[place + 1]; i += 1) {
        shares[sorted[i].group] = sorted[i].share;
        const isLastOfDay = i + 1 === firstRow[place + 1] || sorted[i + 1].day !== sorted[i].day;
        if (!isLastOfDay) continue;
        startDay[segment] = sorted[i].day;
        this.#rank(shares, segment);
        segment += 1;
      }
    }
    first[nPlaces] = segment;
    this.#startDay = startDay;
    this.#first = first;
    this.#rows = sorted;
    this.#firstRow = firstRow;
  }

  #rank(shares: Float64Array, segment: number): void {
    let [best, second] = [NOBODY, NOBODY];
    for (let group = 0; group < shares.length; group += 1) {
      if (shares[group] <= 0) continue;
      if (best === NOBODY || shares[group] > shares[best]) [best, second] = [group, best];
      else if (second === NOBODY || shares[group] > shares[second]) second = group;
    }
    this.leader[segment] = best;
    this.leaderShare[segment] = best === NOBODY ? 0 : shares[best];
    this.runnerUp[segment] = second;
    this.runnerUpShare[segment] = second === NOBODY ? 0 : shares[second];
  }

  /** The segment of a place on a day, or -1 where nothing is recorded until then. */
  segment(place: number, day: number): number {
    let [low, high] = [this.#first[place], this.#first[place + 1]];
    const begin = low;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#startDay[middle] <= day) low = middle + 1;
      else high = middle;
    }
    return low === begin ? -1 : low - 1;
  }

  /** The group with the largest share of a place, or `NOBODY`. */
  leaderAt(place: number, day: number): number {
    const segment = this.segment(place, day);
    return segment < 0 ? NOBODY : this.leader[segment];
  }

  /** The control share of every group in a place on a day. */
  sharesAt(place: number, day: number): Float64Array {
    const shares = new Float64Array(this.nGroups);
    for (let i = this.#firstRow[place]; i < this.#firstRow[place + 1]; i += 1) {
      const row = this.#rows[i];
      if (row.day > day) break;
      shares[row.group] = row.share;
    }
    return shares;
  }

  /** The shares of a place from each day on which one changed. */
  changes(place: number): { day: number; shares: number[] }[] {
    const changes: { day: number; shares: number[] }[] = [];
    const shares = new Array<number>(this.nGroups).fill(0);
    for (let i = this.#firstRow[place]; i < this.#firstRow[place + 1]; i += 1) {
      const row = this.#rows[i];
      shares[row.group] = row.share;
      const last = changes.at(-1);
      if (last?.day === row.day) last.shares[row.group] = row.share;
      else changes.push({ day: row.day, shares: shares.slice() });
    }
    return changes;
  }
}
