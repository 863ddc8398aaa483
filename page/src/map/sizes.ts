// What the sizes of circles stand for, at the zoom at which they are drawn.

const STEPS = [1, 2, 5];
/** Circles of a key: large enough to compare, small enough for a line. */
const [LEAST, MOST] = [3, 24];
const MOST_POWER = 8;

export interface Size {
  value: number;
  /** Pixels. */
  r: number;
}

/** Round values with circles that fit a key, the smallest, one between and the largest; `radius` is that of the map. */
export function keySizes(radius: (value: number) => number): Size[] {
  const fitting: Size[] = [];
  for (let power = 0; power <= MOST_POWER; power += 1) {
    for (const step of STEPS) {
      const value = step * 10 ** power;
      const r = radius(value);
      if (r >= LEAST && r <= MOST) fitting.push({ value, r });
    }
  }
  const middle = fitting[Math.floor((fitting.length - 1) / 2)];
  return [...new Set([fitting[0], middle, fitting.at(-1)])].filter((size) => size !== undefined);
}
