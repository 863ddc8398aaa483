/** A number a place that changes on some days and holds in between. */
export class PlaceSteps {
  readonly #days: Int32Array;
  readonly #values: Float64Array;
  /** Places + 1: where a place's steps begin. */
  readonly #first: Uint32Array;

  /** `steps` are in order of day; with `adds`, each adds to what was before. */
  constructor(steps: readonly { day: number; place: number; value: number }[], nPlaces: number, adds: boolean) {
    const first = new Uint32Array(nPlaces + 1);
    for (const step of steps) first[step.place + 1] += 1;
    for (let place = 0; place < nPlaces; place += 1) first[place + 1] += first[place];
    const next = first.slice();
    this.#days = new Int32Array(steps.length);
    this.#values = new Float64Array(steps.length);
    for (const step of steps) {
      const at = next[step.place]++;
      this.#days[at] = step.day;
      this.#values[at] = step.value + (adds && at > first[step.place] ? this.#values[at - 1] : 0);
    }
    this.#first = first;
  }

  /** The value on a day; 0 before the first step. */
  at(place: number, day: number): number {
    let [low, high] = [this.#first[place], this.#first[place + 1]];
    const begin = low;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#days[middle] <= day) low = middle + 1;
      else high = middle;
    }
    return low === begin ? 0 : this.#values[low - 1];
  }

  /** The largest value that any place ever has. */
  get highest(): number {
    return this.#values.reduce((most, value) => Math.max(most, value), 0);
  }

  /** One value a day. */
  daily(place: number, nDays: number): number[] {
    return Array.from({ length: nDays }, (_, day) => this.at(place, day));
  }
}
