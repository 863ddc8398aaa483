import { incidentsWords } from "../model/incidents";
import type { Loaded } from "../model/loaded";
import { longDate } from "../time/dates";

export const counted = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;

/** What is added to a run's name on a day after its last: what is shown of it then is that of its last. */
export function endedWords({ overview }: Loaded, day: number): string {
  return day < overview.n_days ? "" : `, ended and shown on ${longDate(overview.start, overview.n_days - 1)}`;
}

/** A day in a sentence or two, for the live region. */
export function describeDay(shown: readonly Loaded[], day: number): string {
  const sentences = shown.map((loaded) => {
    const incidents = loaded.incidents.on(day);
    const changes = loaded.holders.changes(day).length;
    const changed = changes === 0 ? "No place changed hands." : `${counted(changes, "place")} changed hands.`;
    const prefix = shown.length > 1 ? `${loaded.overview.label}${endedWords(loaded, day)}: ` : "";
    return `${prefix}${incidentsWords(incidents)}. ${changed}`;
  });
  return `${longDate(shown[0].overview.start, day)}. ${sentences.join(" ")}`;
}
