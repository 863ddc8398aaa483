import { isContested, NOBODY } from "../model/control";
import type { Loaded } from "../model/loaded";

export const percent = (share: number): string => `${Math.round(share * 100)}%`;
export const whole = (value: number): string => Math.round(value).toLocaleString("en-GB");

/** Who holds a place on a day, in words. */
export function controlWords(loaded: Loaded, place: number, day: number): string {
  const segment = loaded.control.segment(place, day);
  const leader = segment < 0 ? NOBODY : loaded.control.leader[segment];
  if (leader === NOBODY) return "Held by nobody";
  const name = loaded.overview.groups[leader].name;
  const share = loaded.control.leaderShare[segment];
  if (!isContested(share)) return `${name} ${percent(share)}`;
  const rival = loaded.control.runnerUp[segment];
  const next = rival === NOBODY ? "" : `, ${loaded.overview.groups[rival].name} ${percent(loaded.control.runnerUpShare[segment])}`;
  return `Contested: ${name} ${percent(share)}${next}`;
}
