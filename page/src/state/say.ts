import { deadOf } from "../model/incidents";
import type { Loaded } from "../model/loaded";
import { longDate } from "../time/dates";

export const counted = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;

/** A day in a sentence or two, for the live region. */
export function describeDay(shown: readonly Loaded[], day: number): string {
  const sentences = shown.map((loaded) => {
    const incidents = loaded.incidents.on(day);
    const dead = incidents.reduce((sum, incident) => sum + deadOf(incident), 0);
    const changes = loaded.holders.changes(day).length;
    const changed = changes === 0 ? "No place changed hands." : `${counted(changes, "place")} changed hands.`;
    const prefix = shown.length > 1 ? `${loaded.overview.label}: ` : "";
    return `${prefix}${counted(incidents.length, "incident")}, ${dead.toLocaleString("en-GB")} dead. ${changed}`;
  });
  return `${longDate(shown[0].overview.start, day)}. ${sentences.join(" ")}`;
}
