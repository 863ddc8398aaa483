// Work in steps, so that the page can show how far it is; days of a run as they come.
import type { History } from "../contract";

/** How long the engine works between two looks at it: some ten a second. */
const BETWEEN_MS = 100;
/** How much longer it works than the page takes to draw what came. */
const TIMES_DRAWING = 3;
/** How many times as much is asked for next, at most: one day may have been a quiet one. */
const MOST_GROWTH = 2;

/** How many days, or other pieces, to ask for next, by how long the last took and how long it took to show them. */
export function nextStep(n: number, tookMs: number, shownMs = 0): number {
  const wantedMs = Math.max(BETWEEN_MS, TIMES_DRAWING * shownMs);
  const wanted = Math.round((n * wantedMs) / Math.max(tookMs, 1));
  return Math.max(1, Math.min(MOST_GROWTH * n, wanted));
}

/** Once what came is on the screen; a page that nobody sees draws nothing, and isn't waited for longer than a moment. */
export const drawn = (): Promise<void> =>
  new Promise((done) => {
    const MOMENT_MS = 500;
    const timer = setTimeout(done, MOMENT_MS);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      setTimeout(done);
    });
  });

/** A history with the days that follow it. */
export function joined(first: History, next: History): History {
  return {
    ...first,
    control: first.control.concat(next.control),
    holders: first.holders.concat(next.holders),
    incidents: first.incidents.concat(next.incidents),
    displacement: first.displacement.concat(next.displacement),
    series: first.series.map((one, at) => ({ ...one, values: one.values.concat(next.series[at].values) })),
    beliefs: first.beliefs.concat(next.beliefs),
  };
}

/** How long it will go on, in words; empty before anything can be told. */
export function leftInWords({ day, nDays, ms }: { day: number; nDays: number; ms: number }): string {
  const MOST_S = 90;
  if (day === 0 || ms < 1000) return "";
  const seconds = ((nDays - day) * ms) / day / 1000;
  return seconds < MOST_S ? `some ${Math.max(1, Math.round(seconds))} s left at this rate` : `some ${Math.round(seconds / 60)} minutes left at this rate`;
}
