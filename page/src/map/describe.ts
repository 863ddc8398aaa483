import { NOBODY } from "../model/control";
import { CONTESTED } from "../model/holders";
import type { Loaded } from "../model/loaded";

export const percent = (share: number): string => `${Math.round(share * 100)}%`;
export const whole = (value: number): string => Math.round(value).toLocaleString("en-GB");

/** Who holds a place on a day, in words, by the rule that the map is drawn by. */
export function controlWords(loaded: Loaded, place: number, day: number): string {
  const holder = loaded.holders.at(place, day);
  const segment = loaded.control.segment(place, day);
  if (holder === NOBODY || segment < 0) return "Held by nobody";
  const { leader, leaderShare, runnerUp, runnerUpShare } = loaded.control;
  if (holder !== CONTESTED) return `${loaded.overview.groups[holder].name} ${percent(leaderShare[segment])}`;
  // A share just below the limit isn't rounded up to it.
  const limit = loaded.overview.contested_below;
  const share = (value: number): string => (value < limit && Math.round(value * 100) >= limit * 100 ? `${(value * 100).toFixed(1)}%` : percent(value));
  const parts = [[leader[segment], leaderShare[segment]], [runnerUp[segment], runnerUpShare[segment]]].filter(([group]) => group !== NOBODY);
  return `Contested: ${parts.map(([group, of]) => `${loaded.overview.groups[group].name} ${share(of)}`).join(", ")}`;
}

/** In how many replicates who holds a place, in words; nothing where there is one replicate. */
export function agreementWords(loaded: Loaded, place: number, day: number): string[] {
  const { agreement, overview } = loaded;
  if (agreement === null) return [];
  const parts = agreement.counts(place, day).map(([holder, n]) => `${holder === CONTESTED ? "contested" : (overview.groups[holder]?.name ?? "nobody")} in ${n}`);
  return parts.length === 0 ? [] : [`Of ${agreement.nReplicates} replicates: ${parts.join(", ")}`];
}
