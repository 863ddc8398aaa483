import type { Overview } from "../contract";

type Happening = Overview["happenings"][number];

/** The happenings of one day: one mark on the slider. */
export interface Mark {
  day: number;
  happenings: Happening[];
}

/** Marks in order of day; days outside the run are left out. */
export function marksOf(happenings: readonly Happening[], nDays: number): Mark[] {
  const byDay = new Map<number, Happening[]>();
  for (const happening of happenings) {
    if (happening.day < 0 || happening.day >= nDays) continue;
    const there = byDay.get(happening.day);
    if (there) there.push(happening);
    else byDay.set(happening.day, [happening]);
  }
  return [...byDay].sort(([a], [b]) => a - b).map(([day, list]) => ({ day, happenings: list }));
}

/** The first mark after a day; after the last one, the first again. */
export function nextMark(marks: readonly Mark[], day: number): Mark | null {
  return marks.find((mark) => mark.day > day) ?? marks[0] ?? null;
}

/** The last mark before a day, or null. */
export function previousMark(marks: readonly Mark[], day: number): Mark | null {
  return marks.findLast((mark) => mark.day < day) ?? null;
}
