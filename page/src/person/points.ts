import type { ConvictionPoint } from "../contract";

/** A point of the curve with its words. */
export interface Shown extends ConvictionPoint {
  words: string;
}

const WORDS: Record<string, string> = {
  before_exposure: "before the news",
  exposure: "after the news of an incident",
  sample: "in the weekly sample",
};

export const kindWords = (kind: string): string => WORDS[kind] ?? `at ${kind.replaceAll("_", " ")}`;

/** Log-odds with its sign. */
export const signed = (value: number, digits = 2): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;

/** The furthest from zero that the chart must show. */
export const reach = (points: readonly ConvictionPoint[]): number => Math.max(1, ...points.map(({ value }) => Math.abs(value)));

/** The curve in a sentence: where it starts, each shift by news, where it ends. */
export function curveInWords(points: readonly ConvictionPoint[], date: (day: number) => string): string {
  if (points.length === 0) return "The record holds no conviction of this person.";
  const shifts = points.flatMap((point, i) => {
    const before = points[i - 1];
    const isShift = point.kind === "exposure" && before?.kind === "before_exposure";
    return isShift ? [`${date(point.day)}: ${signed(before.value)} to ${signed(point.value)} by news of an incident`] : [];
  });
  const [first, last] = [points[0], points[points.length - 1]];
  return [`${signed(first.value)} on ${date(first.day)}`, ...shifts, `${signed(last.value)} on ${date(last.day)}`].join("; ") + ".";
}
