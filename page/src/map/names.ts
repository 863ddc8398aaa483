// Names of regions and countries, where there is room that no place needs.
import { geoPath } from "d3-geo";
import type { Overview } from "../contract";
import type { Frame, View } from "./frame";
import type { Label } from "./labels";

export interface Name {
  text: string;
  /** The middle of the text. */
  x: number;
  y: number;
  font: string;
}

/** Where a name belongs on the unzoomed map. */
export interface Spot {
  text: string;
  x: number;
  y: number;
  isCountry: boolean;
}

export const REGION_FONT = "600 11px system-ui, sans-serif";
export const COUNTRY_FONT = "600 12px system-ui, sans-serif";
const LINE = 16;
/** Points in a row of those tried for a country's name. */
const GRID = 24;
/** Narrower maps have no room for names of regions. */
const ROOMY = 560;
/** Room that a country's name needs on either side, in pixels. */
const ROOM = 26;

/** Regions in the middle of their places; countries that the war isn't in, where they are widest on the unzoomed map. */
export function spotsOf(overview: Pick<Overview, "places" | "base">, frame: Frame): Spot[] {
  const byRegion = new Map<string, number[]>();
  overview.places.forEach(({ region }, place) => {
    const there = byRegion.get(region);
    if (there) there.push(place);
    else if (region !== "") byRegion.set(region, [place]);
  });
  const mean = (of: readonly number[], at: Float64Array): number => of.reduce((sum, place) => sum + at[place], 0) / of.length;
  const regions = byRegion.size < 2 || frame.width < ROOMY ? [] : [...byRegion].map(([text, of]) => ({ text: text.toUpperCase(), x: mean(of, frame.x), y: mean(of, frame.y), isCountry: false }));
  const path = geoPath(frame.projection);
  const countries = overview.base.countries.flatMap(({ name, has_places, rings }) => {
    if (has_places) return [];
    const lines = rings.map((ring) => ring.map((point) => frame.projection(point) ?? [0, 0]));
    const bounds = path.bounds({ type: "MultiPoint", coordinates: rings.flat() });
    if (bounds[1][0] < 0 || bounds[1][1] < 0 || bounds[0][0] > frame.width || bounds[0][1] > frame.height) return [];
    let best: Spot | null = null;
    let most = ROOM;
    for (let i = 1; i < GRID; i += 1) {
      for (let j = 1; j < GRID; j += 1) {
        const [x, y] = [(frame.width * i) / GRID, (frame.height * j) / GRID];
        if (lines.filter((line) => holds(line, x, y)).length % 2 === 0) continue;
        const edge = Math.min(x, frame.width - x, 2 * y, 2 * (frame.height - y));
        const room = lines.flat().reduce((least, [px, py]) => Math.min(least, Math.hypot(px - x, 2 * (py - y))), edge);
        if (room > most) [most, best] = [room, { text: name.toUpperCase(), x, y, isCountry: true }];
      }
    }
    return best === null ? [] : [best];
  });
  return [...countries, ...regions];
}

function holds(line: readonly (readonly number[])[], px: number, py: number): boolean {
  let is = false;
  line.forEach(([x, y], i) => {
    const [bx, by] = line[(i + line.length - 1) % line.length];
    if (y > py !== by > py && px < ((bx - x) * (py - y)) / (by - y) + x) is = !is;
  });
  return is;
}

/** The names in a view that lie over no label and over no other name. */
export function namesOf(spots: readonly Spot[], frame: Frame, view: View, labels: readonly Label[], measure: (text: string, font: string) => number): Name[] {
  const taken = labels.map(({ x, y, width }) => ({ x0: x, x1: x + width, y }));
  const names: Name[] = [];
  for (const spot of spots) {
    const font = spot.isCountry ? COUNTRY_FONT : REGION_FONT;
    const [x, y] = [spot.x * view.k + view.x, spot.y * view.k + view.y];
    const half = measure(spot.text, font) / 2 + 0.75 * spot.text.length;
    if (x - half < 0 || x + half > frame.width || y < LINE || y > frame.height - LINE) continue;
    if (taken.some((other) => x - half < other.x1 && x + half > other.x0 && Math.abs(y - other.y) < LINE)) continue;
    taken.push({ x0: x - half, x1: x + half, y });
    names.push({ text: spot.text, x, y, font });
  }
  return names;
}
