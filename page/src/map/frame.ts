import { geoMercator, type GeoProjection } from "d3-geo";
import type { Overview } from "../contract";

/** Zoom and pan, in pixels of the unzoomed map. */
export interface View {
  k: number;
  x: number;
  y: number;
}
export const HOME: View = { k: 1, x: 0, y: 0 };

/** A view whatever the size of the map: the zoom, and what lies in its middle as shares of the unzoomed map. */
export interface Centre {
  k: number;
  x: number;
  y: number;
}
export const WHOLE: Centre = { k: 1, x: 0.5, y: 0.5 };

type Size = Pick<Frame, "width" | "height">;

export const viewAt = ({ width, height }: Size, { k, x, y }: Centre): View => ({ k, x: width / 2 - x * width * k, y: height / 2 - y * height * k });
export const centreOf = ({ width, height }: Size, { k, x, y }: View): Centre => ({ k, x: (width / 2 - x) / k / width, y: (height / 2 - y) / k / height });

const MOST_ZOOM = 40;
const MARGIN = 30;
/** The corner at the top right that the zoom buttons take. */
export const BUTTONS = { width: 48, height: 126 };
/** Share of the map that all circles together may cover. */
const COVER = 0.055;
const MOST_RADIUS = 22;
const LEAST_RADIUS = 1.5;
/** Circles grow slower than distances when zooming in, so that crowded places come apart. */
const RADIUS_ZOOM = 0.55;

/** Where everything lies on a map of a size, before zoom. */
export interface Frame {
  width: number;
  height: number;
  projection: GeoProjection;
  /** By place. */
  x: Float64Array;
  y: Float64Array;
  /** By place, at no zoom. */
  radius: Float64Array;
  /** Pixels per root of an inhabitant. */
  scale: number;
  /** Places from the most to the least populous: the order of drawing. */
  order: Uint32Array;
}

type Place = Overview["places"][number];

/** Lays out the places of a run so that all are seen. */
export function frameOf(places: readonly Place[], width: number, height: number): Frame {
  const margin = Math.min(MARGIN, width / 4, height / 4);
  const projection = geoMercator().fitExtent(
    [
      [margin, margin],
      [Math.max(margin + 1, width - margin - BUTTONS.width / 2), Math.max(margin + 1, height - margin)],
    ],
    { type: "MultiPoint", coordinates: spread(places) },
  );
  const people = places.map((place) => Math.max(0, place.population));
  const total = people.reduce((sum, n) => sum + n, 0);
  const most = people.reduce((a, b) => Math.max(a, b), 1);
  const scale = Math.min(Math.sqrt((COVER * width * height) / (Math.PI * Math.max(1, total))), MOST_RADIUS / Math.sqrt(most));
  const frame: Frame = {
    width,
    height,
    projection,
    x: new Float64Array(places.length),
    y: new Float64Array(places.length),
    radius: new Float64Array(places.length),
    scale,
    order: Uint32Array.from(people.keys()).sort((a, b) => people[b] - people[a] || a - b),
  };
  places.forEach((place, i) => {
    const [x, y] = projection([place.lon, place.lat]) ?? [0, 0];
    frame.x[i] = x;
    frame.y[i] = y;
    frame.radius[i] = Math.max(LEAST_RADIUS, scale * Math.sqrt(people[i]));
  });
  return frame;
}

/** The places' coordinates; a lone place gets a little room around it, for a projection to fit. */
function spread(places: readonly Place[]): [number, number][] {
  const points = places.map(({ lon, lat }): [number, number] => [lon, lat]);
  const isOnePoint = points.every(([lon, lat]) => lon === points[0][0] && lat === points[0][1]);
  return isOnePoint ? points.flatMap(([lon, lat]): [number, number][] => [[lon - 0.05, lat - 0.05], [lon + 0.05, lat + 0.05]]) : points;
}

export const radiusZoom = (view: View): number => view.k ** RADIUS_ZOOM;

/** Zooms by a factor around a point of the screen, and keeps the map in sight. */
export function zoomed(view: View, factor: number, at: { x: number; y: number }, frame: Frame): View {
  const k = Math.max(1, Math.min(MOST_ZOOM, view.k * factor));
  const ratio = k / view.k;
  return held({ k, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio }, frame);
}

/** A view whose map still covers the middle of the screen. */
export function held(view: View, frame: Frame): View {
  const hold = (offset: number, size: number): number => Math.max(size / 2 - view.k * size, Math.min(size / 2, offset));
  return view.k === 1 && Math.abs(view.x) < 1 && Math.abs(view.y) < 1
    ? HOME
    : { k: view.k, x: hold(view.x, frame.width), y: hold(view.y, frame.height) };
}

/** The place at a point of the screen, or null: of several, the nearest centre. */
export function placeAt(frame: Frame, view: View, px: number, py: number): number | null {
  const SLACK = 4;
  let best: number | null = null;
  let bestDistance = Infinity;
  for (let i = 0; i < frame.x.length; i += 1) {
    const distance = Math.hypot(frame.x[i] * view.k + view.x - px, frame.y[i] * view.k + view.y - py);
    if (distance <= frame.radius[i] * radiusZoom(view) + SLACK && distance < bestDistance) [best, bestDistance] = [i, distance];
  }
  return best;
}

/** Places around a found one that are shown with it, and the closest that it is zoomed to. */
const [NEAR, CLOSEST, LEAST_ZOOM] = [12, 16, 2];

/** A view of a place in the middle, near enough that it can be told from those around it. */
export function viewOf(frame: Frame, place: number): View {
  const [x, y] = [frame.x[place], frame.y[place]];
  const distances = Array.from(frame.x, (other, i) => Math.hypot(other - x, frame.y[i] - y)).sort((a, b) => a - b);
  const far = Math.max(1, distances[Math.min(NEAR, distances.length - 1)]);
  const k = Math.max(LEAST_ZOOM, Math.min(CLOSEST, Math.min(frame.width, frame.height) / 2.4 / far));
  return held({ k, x: frame.width / 2 - x * k, y: frame.height / 2 - y * k }, frame);
}

const LENGTHS_KM = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const KM_PER_DEGREE = 111.2;

/** A round length that fits into some pixels at the middle of a view, with its pixels. */
export function scaleOf(frame: Frame, view: View, most: number): { km: number; pixels: number } | null {
  const middle = frame.projection.invert?.([(frame.width / 2 - view.x) / view.k, (frame.height / 2 - view.y) / view.k]);
  if (!middle) return null;
  const [from, to] = [frame.projection([middle[0], middle[1]]), frame.projection([middle[0], middle[1] + 1 / KM_PER_DEGREE])];
  if (from === null || to === null) return null;
  const perKm = Math.abs(from[1] - to[1]) * view.k;
  const km = LENGTHS_KM.findLast((length) => length * perKm <= most);
  return km === undefined ? null : { km, pixels: km * perKm };
}
