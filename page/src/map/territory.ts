// The ground around each place: where it is the nearest, within reach, and within the countries of the war.
import { Delaunay } from "d3-delaunay";
import { geoPath } from "d3-geo";
import type { Overview } from "../contract";
import type { Frame } from "./frame";

export interface Territory {
  /** By place: corners x, y, x, y of the unzoomed map; empty where places coincide. */
  cells: readonly Float32Array[];
  /** The countries of the war on the unzoomed map; null where the places lie in none. */
  land: Path2D | null;
  /** Between the ground of two places: the places, and the ends of the line. */
  edges: readonly (readonly [a: number, b: number, x0: number, y0: number, x1: number, y1: number])[];
}

/** Corners of the circle of what is in reach. */
const CORNERS = 28;
/** Reach in distances to the nearest place: that of the middle place, and of one that lies apart. */
const [OF_MEDIAN, OF_APART] = [3, 2.4];
const APART = 0.95;

/** The part of a convex polygon on the inner side of the edge from `a` to `b`. */
function cutBy(polygon: readonly [number, number][], [ax, ay]: [number, number], [bx, by]: [number, number]): [number, number][] {
  const side = ([x, y]: [number, number]): number => (bx - ax) * (y - ay) - (by - ay) * (x - ax);
  const kept: [number, number][] = [];
  polygon.forEach((point, i) => {
    const before = polygon[(i + polygon.length - 1) % polygon.length];
    const [s, t] = [side(before), side(point)];
    if (s > 0 !== t > 0 && s !== t) {
      const part = s / (s - t);
      kept.push([before[0] + part * (point[0] - before[0]), before[1] + part * (point[1] - before[1])]);
    }
    if (t > 0) kept.push(point);
  });
  return kept;
}

/** How far from a place its ground goes, in pixels of the unzoomed map. */
export function reachOf(nearest: readonly number[]): number {
  const sorted = nearest.filter((distance) => distance > 0).sort((a, b) => a - b);
  if (sorted.length === 0) return Infinity;
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return Math.max(OF_MEDIAN * at(0.5), OF_APART * at(APART));
}

/** Cells alone, for tests: no canvas is needed. */
export function cellsOf(frame: Pick<Frame, "x" | "y" | "width" | "height">): Pick<Territory, "cells" | "edges"> {
  const n = frame.x.length;
  const delaunay = Delaunay.from(Array.from({ length: n }, (_, i): [number, number] => [frame.x[i], frame.y[i]]));
  const neighbours = Array.from({ length: n }, (_, i) => [...delaunay.neighbors(i)]);
  const distance = (i: number, j: number): number => Math.hypot(frame.x[i] - frame.x[j], frame.y[i] - frame.y[j]);
  const reach = Math.min(reachOf(neighbours.map((of, i) => of.reduce((least, j) => Math.min(least, distance(i, j)), Infinity)).filter(Number.isFinite)), Math.max(frame.width, frame.height));
  const voronoi = delaunay.voronoi([-2 * frame.width, -2 * frame.height, 3 * frame.width, 3 * frame.height]);
  const edges: [number, number, number, number, number, number][] = [];
  const cells = Array.from({ length: n }, (_, i) => {
    const cell = voronoi.cellPolygon(i) as [number, number][] | null;
    if (cell === null) return new Float32Array(0);
    const corners = cell.slice(0, -1);
    const area = corners.reduce((sum, [x, y], k) => {
      const [nx, ny] = corners[(k + 1) % corners.length];
      return sum + x * ny - nx * y;
    }, 0);
    if (area < 0) corners.reverse();
    let polygon = Array.from({ length: CORNERS }, (__, k): [number, number] => {
      const turn = (2 * Math.PI * k) / CORNERS;
      return [frame.x[i] + reach * Math.cos(turn), frame.y[i] + reach * Math.sin(turn)];
    });
    corners.forEach((corner, k) => (polygon = cutBy(polygon, corner, corners[(k + 1) % corners.length])));
    for (const j of neighbours[i]) if (j > i) edges.push(...edgeBetween(polygon, i, j, frame));
    return Float32Array.from(polygon.flat());
  });
  return { cells, edges };
}

/** The sides of a place's ground that are as far from another place as from its own. */
function edgeBetween(polygon: readonly [number, number][], i: number, j: number, { x, y }: Pick<Frame, "x" | "y">): [number, number, number, number, number, number][] {
  const [mx, my] = [(x[i] + x[j]) / 2, (y[i] + y[j]) / 2];
  const [dx, dy] = [x[j] - x[i], y[j] - y[i]];
  const length = Math.max(1e-9, Math.hypot(dx, dy));
  const isOn = ([px, py]: [number, number]): boolean => Math.abs((px - mx) * dx + (py - my) * dy) / length < 0.01;
  return polygon.flatMap((point, k) => {
    const next = polygon[(k + 1) % polygon.length];
    return isOn(point) && isOn(next) ? [[i, j, point[0], point[1], next[0], next[1]] as [number, number, number, number, number, number]] : [];
  });
}

export function territoryOf(frame: Frame, base: Overview["base"]): Territory {
  const ofWar = base.countries.filter(({ has_places }) => has_places).flatMap(({ rings }) => rings);
  let land: Path2D | null = null;
  if (ofWar.length > 0) {
    land = new Path2D();
    const path = geoPath(frame.projection, land as unknown as CanvasRenderingContext2D);
    for (const ring of ofWar) {
      path({ type: "LineString", coordinates: ring });
      land.closePath();
    }
  }
  return { ...cellsOf(frame), land };
}
