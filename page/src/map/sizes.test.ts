import { describe, expect, it } from "vitest";
import { toDateRadius } from "./draw";
import { radiusZoom } from "./frame";
import { keySizes } from "./sizes";

describe("the key of sizes", () => {
  it("holds what is drawn at every zoom, in round numbers", () => {
    for (const k of [1, 1.5, 3, 10, 40]) {
      const zoom = radiusZoom({ k, x: 0, y: 0 });
      const drawn = (killed: number): number => toDateRadius(killed) * zoom;
      const sizes = keySizes(drawn);
      expect(sizes.length).toBeGreaterThan(1);
      for (const { value, r } of sizes) {
        expect(r).toBeCloseTo(drawn(value), 9);
        expect(/^[125]0*$/.test(String(value))).toBe(true);
      }
    }
    // At the largest zoom a circle that stood for 100 killed without zoom stands for two.
    expect(keySizes((killed) => toDateRadius(killed) * radiusZoom({ k: 40, x: 0, y: 0 })).map(({ value }) => value)).toEqual([1, 2, 5]);
  });
});
