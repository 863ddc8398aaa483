import { geoMercator, type GeoProjection } from "d3-geo";
import type { Overview } from "../contract";

/** Zoom and pan, in pixels of the unzoomed map. */
export interface View {
  k: number;
  x: number;
  y: number;
}
export const HOME: View = { k: 1, x: 0, y: 0 };
const MOST_ZOOM = 40;
const MARGIN = 30;
/** Share of the map that all circles together may cover. */
const COVER = 0.11;
const MOST_RADIUS = 30;
const LEAST_RADIUS = 2.2;
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
      [Math.max(margin + 1, width - margin), Math.max(margin + 1, height - margin)],
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
