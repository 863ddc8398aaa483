// What the address after # says: enough to send someone the same view.
export const TABS = ["day", "place", "person", "live", "about"] as const;
export type Tab = (typeof TABS)[number];
export const LAYERS = ["control", "belief", "away", "deaths", "difference"] as const;
export type Layer = (typeof LAYERS)[number];

export interface Address {
  /** ISO date. */
  day?: string;
  replicate?: number;
  /** The id of a place. */
  place?: string;
  person?: number;
  tab?: Tab;
  layer?: Layer;
}

const count = (text: string | null): number | undefined => (text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined);
const oneOf = <T extends string>(words: readonly T[], text: string | null): T | undefined => words.find((word) => word === text);

/** Reads a hash; what can't be read is left out. */
export function readAddress(hash: string): Address {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const address: Address = {};
  const day = words.get("day");
  if (day !== null && /^\d{4}-\d{2}-\d{2}$/.test(day)) address.day = day;
  const replicate = count(words.get("replicate"));
  if (replicate !== undefined) address.replicate = replicate;
  const place = words.get("place");
  if (place) address.place = place;
  const person = count(words.get("person"));
  if (person !== undefined) address.person = person;
  const tab = oneOf(TABS, words.get("tab"));
  if (tab) address.tab = tab;
  const layer = oneOf(LAYERS, words.get("layer"));
  if (layer) address.layer = layer;
  return address;
}

/** Writes a hash that `readAddress` reads back. */
export function writeAddress(address: Address): string {
  const words = new URLSearchParams();
  for (const key of ["day", "replicate", "place", "person", "tab", "layer"] as const) {
    const value = address[key];
    if (value !== undefined) words.set(key, String(value));
  }
  return `#${words}`;
}
