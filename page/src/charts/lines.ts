import type { Difference, Measure } from "../contract";
import type { GroupLook } from "../model/groups";
import { type Loaded, valuesOf } from "../model/loaded";

/** One line of a chart: a group over the days, perhaps with an interval. */
export interface Line {
  look: GroupLook;
  /** One a day; null where nothing is known. */
  values: readonly (number | null)[];
  /** The 90% interval over replicates, or the interval of a difference. */
  low: readonly number[] | null;
  median: readonly number[] | null;
  high: readonly number[] | null;
}

type Looks = ReadonlyMap<string, GroupLook>;

/** The lines of a measure, one for each group that is shown. */
export function linesOf(loaded: Loaded, measure: Measure, looks: Looks, isShown: readonly boolean[]): Line[] {
  return loaded.overview.groups.flatMap((group, index) => {
    const values = valuesOf(loaded, measure, index);
    const look = looks.get(group.id);
    if (!isShown[index] || values === null || look === undefined) return [];
    const band = loaded.bands?.bands.find((one) => one.measure === measure && one.group === index);
    return [{ look, values, low: band?.low ?? null, median: band?.median ?? null, high: band?.high ?? null }];
  });
}

/** The lines of the paired difference, second run minus first; groups count as in the first run. */
export function differenceLines(differences: readonly Difference[], measure: Measure, first: Loaded, looks: Looks, isShown: readonly boolean[]): Line[] {
  return differences.flatMap((difference) => {
    // Where no replicate differs there is no line at 0 either: the sentence says so.
    if (!difference.is_possible || difference.measure !== measure || !isShown[difference.group]) return [];
    const look = looks.get(first.overview.groups[difference.group].id);
    const { low, mean, high } = difference.day_values;
    return look === undefined ? [] : [{ look, values: mean, low, median: null, high }];
  });
}

/** The lowest and highest number that a chart must show; 0 is always in. */
export function extentOf(lines: readonly Line[]): [number, number] {
  let [low, high] = [0, 0];
  for (const line of lines) {
    for (const values of [line.values, line.low ?? [], line.high ?? []]) {
      for (const value of values) {
        if (value === null) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
  }
  return low === high ? [low, low + 1] : [low, high];
}

/** Heights for labels that wish for `wanted`, at least `gap` apart, within 0 to `most`. */
export function apart(wanted: readonly number[], gap: number, most: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  const placed = wanted.slice();
  order.forEach((i, rank) => {
    if (rank > 0) placed[i] = Math.max(placed[i], placed[order[rank - 1]] + gap);
  });
  let ceiling = most;
  for (const i of order.toReversed()) {
    placed[i] = Math.min(placed[i], ceiling);
    ceiling = placed[i] - gap;
  }
  return placed;
}
