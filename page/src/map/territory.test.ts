import { describe, expect, it } from "vitest";
import { cellsOf, reachOf } from "./territory";

const inside = (cell: Float32Array, px: number, py: number): boolean => {
  let is = false;
  for (let i = 0, j = cell.length - 2; i < cell.length; j = i, i += 2) {
    if (cell[i + 1] > py !== cell[j + 1] > py && px < ((cell[j] - cell[i]) * (py - cell[i + 1])) / (cell[j + 1] - cell[i + 1]) + cell[i]) is = !is;
  }
  return is;
};

describe("the ground around places", () => {
  // A grid of 6 by 5, 50 pixels apart.
  const at = Array.from({ length: 30 }, (_, i): [number, number] => [40 + 50 * (i % 6), 30 + 50 * Math.floor(i / 6)]);
  const frame = { x: Float64Array.from(at.map(([x]) => x)), y: Float64Array.from(at.map(([, y]) => y)), width: 400, height: 300 };
  const { cells, edges } = cellsOf(frame);

  it("belongs to the nearest place, and to one alone", () => {
    for (let px = 20; px < 310; px += 7.3) {
      for (let py = 20; py < 240; py += 7.7) {
        const nearest = at.map(([x, y], i) => [Math.hypot(x - px, y - py), i]).sort((a, b) => a[0] - b[0])[0][1];
        expect(cells.flatMap((cell, i) => (inside(cell, px, py) ? [i] : []))).toEqual([nearest]);
      }
    }
  });
  it("ends within reach", () => {
    expect(reachOf([50, 50, 50, 50])).toBe(150);
    expect(reachOf([])).toBe(Infinity);
    expect(cells.some((cell) => inside(cell, 40 - 160, 30))).toBe(false);
    expect(inside(cells[0], 40 - 140, 30)).toBe(true);
  });
  it("touches the ground of neighbours, also where there are one or two places", () => {
    expect(edges.some(([a, b]) => a === 0 && b === 1)).toBe(true);
    expect(edges.some(([a, b]) => a === 0 && b === 20)).toBe(false);
    // Half-way between two columns.
    const [, , x0, , x1] = edges.find(([a, b]) => a === 7 && b === 8) ?? [];
    expect(x0).toBeCloseTo(115, 6);
    expect(x1).toBeCloseTo(115, 6);
    for (const n of [1, 2]) {
      const few = cellsOf({ ...frame, x: frame.x.slice(0, n), y: frame.y.slice(0, n) });
      expect(few.cells.length).toBe(n);
      expect(few.cells.every((cell) => cell.length > 4)).toBe(true);
    }
  });
});
