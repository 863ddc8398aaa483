// Writes the outlines of the world's countries that maps are drawn on:
// crates/allegiance-show/src/view/outlines.bin, read by view/outlines.rs.
//
//   npm install --no-save world-atlas@2.0.2 topojson-client@3
//   node page/scripts/outlines.mjs
//
// Source: Natural Earth 4.1, 1:50m admin-0 countries, public domain, as
// redistributed by the npm package world-atlas 2.0.2 (ISC). Names and borders
// are Natural Earth's; the project takes no position on any of them.
//
// Layout, all whole numbers as LEB128: the number of countries; of each its
// name (bytes, then UTF-8) and its number of rings; of each ring its number of
// points and, zigzag, the differences of longitude and latitude in hundredths
// of a degree from the point before (the first from 0, 0). The last point of a
// ring, which equals its first, is left out.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Packing } from "./packing.mjs";

const require = createRequire(join(process.cwd(), "outlines.mjs"));
const { feature } = require("topojson-client");
const atlas = JSON.parse(readFileSync(require.resolve("world-atlas/countries-50m.json"), "utf8"));
const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../../crates/allegiance-show/src/view/outlines.bin");

const STEPS_PER_DEGREE = 100;
const FEWEST_POINTS = 3;

/** A ring rounded to the grid, without points that rounding made equal. */
function compact(ring) {
  const points = [];
  for (const [lon, lat] of ring) {
    const point = [Math.round(lon * STEPS_PER_DEGREE), Math.round(lat * STEPS_PER_DEGREE)];
    const last = points.at(-1);
    if (!last || last[0] !== point[0] || last[1] !== point[1]) points.push(point);
  }
  const [first, last] = [points[0], points.at(-1)];
  if (points.length > 1 && first[0] === last[0] && first[1] === last[1]) points.pop();
  return points;
}

const packing = new Packing();

const countries = feature(atlas, atlas.objects.countries).features.map(({ properties, geometry }) => ({
  name: properties.name,
  rings: (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates)
    .flat()
    .map(compact)
    .filter((ring) => ring.length >= FEWEST_POINTS),
}));
countries.sort((a, b) => (a.name < b.name ? -1 : 1));

packing.whole(countries.length);
for (const { name, rings } of countries) {
  const text = new TextEncoder().encode(name);
  packing.whole(text.length);
  packing.bytes.push(...text);
  packing.whole(rings.length);
  for (const ring of rings) packing.line(ring);
}
writeFileSync(target, Uint8Array.from(packing.bytes));
const n_points = countries.flatMap(({ rings }) => rings).reduce((sum, ring) => sum + ring.length, 0);
console.log(`${countries.length} countries, ${n_points} points, ${packing.bytes.length} bytes`);
