// Days of a run count from 0; people read dates.
const MS_PER_DAY = 86_400_000;
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

const utc = (iso: string): number => Date.parse(`${iso}T00:00:00Z`);

/** The ISO date of a day. */
export const isoOf = (start: string, day: number): string =>
  new Date(utc(start) + day * MS_PER_DAY).toISOString().slice(0, 10);

/** The day of an ISO date, or null where it isn't a date. */
export function dayOf(start: string, iso: string): number | null {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? utc(iso) : Number.NaN;
  return Number.isNaN(ms) ? null : Math.round((ms - utc(start)) / MS_PER_DAY);
}

/** "12 March 2001" */
export function longDate(start: string, day: number): string {
  const [year, month, date] = isoOf(start, day).split("-").map(Number);
  return `${date} ${MONTHS[month - 1]} ${year}`;
}

/** "12 Jan 2014", or "12 Jan" without the year. */
export function shortDate(start: string, day: number, withYear = true): string {
  const [year, month, date] = isoOf(start, day).split("-").map(Number);
  return `${date} ${MONTHS[month - 1].slice(0, 3)}${withYear ? ` ${year}` : ""}`;
}

const STEPS_DAYS = [1, 2, 7, 14];
const STEPS_MONTHS = [1, 2, 3, 6, 12];

/** Days to label on an axis: at most `most`, every so many days or on firsts of months. */
export function dateTicks(start: string, nDays: number, most: number): number[] {
  const step = STEPS_DAYS.find((days) => nDays / days <= most);
  if (step !== undefined) return Array.from({ length: Math.ceil(nDays / step) }, (_, i) => i * step);
  const first = new Date(utc(start));
  const months = STEPS_MONTHS.find((count) => nDays / (count * 30.4) <= most) ?? 24;
  const ticks: number[] = [];
  const from = first.getUTCDate() === 1 ? 0 : 1;
  for (let i = from; ; i += 1) {
    const at = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + i, 1));
    const day = Math.round((at.getTime() - first.getTime()) / MS_PER_DAY);
    if (day >= nDays) return ticks;
    if (at.getUTCMonth() % Math.min(months, 12) === 0) ticks.push(day);
  }
}
