import { describe, expect, it } from "vitest";
import { frameOf, held, HOME, placeAt, scaleOf, viewOf, zoomed } from "./frame";
import { labelsOf } from "./labels";

const place = (id: string, lon: number, lat: number, population: number) => ({ id, name: id, lon, lat, population, region: "" });
const places = [place("a", 36, 35, 1000), place("b", 37, 36, 90_000), place("c", 37.01, 36, 10)];
const frame = frameOf(places, 400, 300);

describe("map frame", () => {
  it("holds every place, also where there is one", () => {
    for (let i = 0; i < 3; i += 1) {
      expect(frame.x[i]).toBeGreaterThan(0);
      expect(frame.x[i]).toBeLessThan(400);
      expect(frame.y[i]).toBeGreaterThan(0);
      expect(frame.y[i]).toBeLessThan(300);
    }
    const lone = frameOf([places[0]], 400, 300);
    expect([Math.round(lone.x[0]), Math.round(lone.y[0])]).toEqual([188, 150]);
  });
  it("draws areas by population, the largest first", () => {
    expect([...frame.order]).toEqual([1, 0, 2]);
    expect(frame.radius[1] / frame.radius[0]).toBeCloseTo(Math.sqrt(90), 5);
  });
  it("keeps a point still when zooming at it", () => {
    const at = { x: frame.x[0], y: frame.y[0] };
    const view = zoomed(HOME, 3, at, frame);
    expect(frame.x[0] * view.k + view.x).toBeCloseTo(at.x);
    expect(frame.y[0] * view.k + view.y).toBeCloseTo(at.y);
    expect(held({ k: 1, x: 5000, y: 0 }, frame).x).toBe(200);
  });
  it("brings a found place to the middle, closer than all places", () => {
    const view = viewOf(frame, 0);
    expect(view.k).toBeGreaterThanOrEqual(2);
    expect(frame.x[0] * view.k + view.x).toBeCloseTo(200, 5);
    expect(frame.y[0] * view.k + view.y).toBeCloseTo(150, 5);
  });
  it("has a scale that is true in the middle", () => {
    const found = scaleOf(frame, HOME, 100);
    // A degree of latitude, between two places of the same longitude, is 111 km.
    const far = frameOf([place("a", 36, 35, 1), place("b", 36, 36, 1)], 400, 300);
    const scale = scaleOf(far, HOME, 200);
    expect(found?.pixels).toBeLessThanOrEqual(100);
    expect(((scale?.pixels ?? 0) / (scale?.km ?? 1)) * 111.2).toBeCloseTo(Math.abs(far.y[0] - far.y[1]), -1);
  });
  it("finds the nearest of places under the pointer", () => {
    expect(placeAt(frame, HOME, frame.x[2], frame.y[2])).toBe(2);
    expect(placeAt(frame, HOME, frame.x[1] - 8, frame.y[1])).toBe(1);
    expect(placeAt(frame, HOME, 1, 1)).toBeNull();
  });
});

describe("labels", () => {
  it("never overlap or read as one name, and name the selected place first", () => {
    const crowd = Array.from({ length: 200 }, (_, i) => place(`place ${i}`, 36 + (i % 20) / 50, 35 + Math.floor(i / 20) / 50, 100 + i));
    const crowded = frameOf(crowd, 500, 400);
    const labels = labelsOf(crowd.map(({ name }) => name), crowded, HOME, (text) => text.length * 6, 3);
    expect(labels[0].place).toBe(3);
    expect(labels.length).toBeGreaterThan(5);
    labels.forEach((one, i) =>
      labels.slice(i + 1).forEach((other) => {
        const apart = Math.abs(one.y - other.y) >= 15 || one.x + one.text.length * 6 + 10 <= other.x || other.x + other.text.length * 6 + 10 <= one.x;
        expect(apart).toBe(true);
      }),
    );
  });
  it("lie over no circle with letters", () => {
    // The name of the first fits only on the left of it: the second stands on its right, large enough for letters.
    const close = frameOf([place("west", 36, 35, 9000), place("east", 36.06, 35, 8000), place("far", 37, 35.4, 10)], 500, 400);
    for (const { x, y, text, place: of } of labelsOf(["west", "east", "far"], close, HOME, (name) => name.length * 6, null)) {
      for (const other of [0, 1]) {
        if (other === of) continue;
        const isApart = x > close.x[other] + close.radius[other] || x + text.length * 6 < close.x[other] - close.radius[other] || Math.abs(y - close.y[other]) > 7.5 + close.radius[other];
        expect(isApart, `${text} over ${other}`).toBe(true);
      }
    }
  });
});
