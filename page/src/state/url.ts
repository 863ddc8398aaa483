// What the address after # says: enough to send someone the same view.
import type { Centre } from "../map/frame";

export const TABS = ["day", "place", "person", "live", "about"] as const;
export type Tab = (typeof TABS)[number];
export const LAYERS = ["control", "agreement", "belief", "away", "deaths", "difference"] as const;
export type Layer = (typeof LAYERS)[number];

export interface Address {
  /** ISO date. */
  day?: string;
  replicate?: number;
  /** The id of a place. */
  place?: string;
  person?: number;
  /** Whom the person stands beside. */
  beside?: number;
  /** Of which of several runs the people are. */
  run?: number;
  tab?: Tab;
  layer?: Layer;
  /** Whether four dates are shown. */
  dates?: 4;
  /** What the map is zoomed to. */
  map?: Centre;
  /** Ids of groups that are hidden. */
  hide?: string[];
  /** The kind of incidents that are listed. */
  incidents?: string;
  /** Which people are listed. */
  people?: PeopleFilter;
  /** What is changed on the Live tab. */
  live?: LiveChanges;
}

/** Which people are listed: what they did, from where, of which first group, and further filters. */
export type PeopleFilter = Record<string, string>;

/** What is changed on the Live tab, as the panel has it. */
export interface LiveChanges {
  scenario: string;
  belief: string;
  exit: string;
  seed: number;
  days: number;
  replicate: number;
  parameters: [name: string, value: number][];
  /** Whatever else has a field, by its key; addresses of earlier versions have none. */
  settings?: [key: string, value: string][];
}

const count = (text: string | null): number | undefined => (text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined);
const oneOf = <T extends string>(words: readonly T[], text: string | null): T | undefined => words.find((word) => word === text);
const DIGITS = 4;

function centre(text: string | null): Centre | undefined {
  const numbers = (text ?? "").split(",").map(Number);
  const [k, x, y] = numbers;
  return text !== null && numbers.length === 3 && numbers.every(Number.isFinite) && k >= 1 && k <= 40 && Math.abs(x) <= 2 && Math.abs(y) <= 2 ? { k, x, y } : undefined;
}

/** What somebody could have changed by hand is looked at before it is believed. */
function liveOf(text: string | null): LiveChanges | undefined {
  if (text === null) return undefined;
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found !== "object" || found === null) return undefined;
    const { scenario, belief, exit, seed, days, replicate, parameters, settings } = found as Record<string, unknown>;
    const isWord = (word: unknown): word is string => typeof word === "string" && /^[\w-]{1,80}$/.test(word);
    const isCount = (n: unknown): n is number => typeof n === "number" && Number.isInteger(n) && n >= 0;
    const isChange = (one: unknown): one is [string, number] =>
      Array.isArray(one) && one.length === 2 && typeof one[0] === "string" && /^[\w.]{1,80}$/.test(one[0]) && typeof one[1] === "number";
    const isSetting = (one: unknown): one is [string, string] =>
      Array.isArray(one) && one.length === 2 && one.every((word) => typeof word === "string" && /^[\w.+-]{1,120}$/.test(word));
    if (!isWord(scenario) || !isWord(belief) || !isWord(exit) || !isCount(seed) || !isCount(days) || !isCount(replicate)) return undefined;
    if (!Array.isArray(parameters) || !parameters.every(isChange)) return undefined;
    if (settings !== undefined && (!Array.isArray(settings) || !settings.every(isSetting))) return undefined;
    return { scenario, belief, exit, seed, days, replicate, parameters, ...(settings !== undefined && { settings }) };
  } catch {
    return undefined;
  }
}

/** The filters of the list of people that an address may hold. */
export const PEOPLE_KEYS = ["kind", "home", "group", "since", "until", "from_age", "to_age", "origin", "rank", "cause", "page"] as const;

/** Reads a hash; what can't be read is left out. */
export function readAddress(hash: string): Address {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const address: Address = {};
  const put = <K extends keyof Address>(key: K, value: Address[K] | undefined): void => {
    if (value !== undefined) address[key] = value;
  };
  const day = words.get("day");
  if (day !== null && /^\d{4}-\d{2}-\d{2}$/.test(day)) address.day = day;
  put("replicate", count(words.get("replicate")));
  put("place", words.get("place") || undefined);
  put("person", count(words.get("person")));
  put("beside", count(words.get("beside")));
  put("run", count(words.get("run")));
  put("tab", oneOf(TABS, words.get("tab")));
  put("layer", oneOf(LAYERS, words.get("layer")));
  if (words.get("dates") === "4") address.dates = 4;
  put("map", centre(words.get("map")));
  const hide = words.get("hide");
  if (hide) address.hide = hide.split(",");
  put("incidents", words.get("incidents") || undefined);
  const people = Object.fromEntries(PEOPLE_KEYS.flatMap((key) => (words.get(`people.${key}`) ? [[key, words.get(`people.${key}`) as string]] : [])));
  if (Object.keys(people).length > 0) address.people = people;
  put("live", liveOf(words.get("live")));
  return address;
}

/** Writes a hash that `readAddress` reads back. */
export function writeAddress(address: Address): string {
  const words = new URLSearchParams();
  for (const key of ["day", "replicate", "place", "person", "beside", "run", "tab", "layer", "dates", "incidents"] as const) {
    const value = address[key];
    if (value !== undefined) words.set(key, String(value));
  }
  const { map, hide, people, live } = address;
  if (map !== undefined) words.set("map", [map.k, map.x, map.y].map((value) => String(Number(value.toFixed(DIGITS)))).join(","));
  if (hide !== undefined && hide.length > 0) words.set("hide", hide.join(","));
  for (const [key, value] of Object.entries(people ?? {})) words.set(`people.${key}`, value);
  if (live !== undefined) words.set("live", JSON.stringify(live));
  // Commas and colons read better as they are, and a hash may hold them.
  return `#${words.toString().replaceAll("%2C", ",").replaceAll("%3A", ":")}`;
}
