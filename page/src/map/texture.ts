// What lies over a group's colour on a canvas: the textures of the views, in the colour of the ground.
import type { Texture } from "../contract";

/** Side of a tile, and thickness of its lines. */
export const TILE = 5;
export const STROKE = 1.5;
export const DOT = 1.3;

const tiles = new Map<string, HTMLCanvasElement>();

function tileOf(texture: Texture, ground: string): HTMLCanvasElement {
  const key = `${texture} ${ground}`;
  const known = tiles.get(key);
  if (known) return known;
  // Drawn large, so that it is sharp on fine screens.
  const SCALE = 4;
  const tile = document.createElement("canvas");
  tile.width = tile.height = TILE * SCALE;
  const context = tile.getContext("2d");
  if (context) {
    context.scale(SCALE, SCALE);
    context.fillStyle = ground;
    const at = (TILE - STROKE) / 2;
    if (texture === "lines" || texture === "grid") context.fillRect(0, at, TILE, STROKE);
    if (texture === "grid") context.fillRect(at, 0, STROKE, TILE);
    if (texture === "dots") {
      context.arc(TILE / 2, TILE / 2, DOT, 0, 2 * Math.PI);
      context.fill();
    }
  }
  tiles.set(key, tile);
  return tile;
}

/** Fills the path that was filled last with a texture, a line or dot of it at a point; plain is nothing. `zoom` is that of the context. */
export function overlay(context: CanvasRenderingContext2D, texture: Texture, ground: string, x: number, y: number, zoom = 1): void {
  if (texture === "plain") return;
  const tile = tileOf(texture, ground);
  const pattern = context.createPattern(tile, "repeat");
  if (pattern === null) return;
  const scale = TILE / tile.width / zoom;
  pattern.setTransform(new DOMMatrix([scale, 0, 0, scale, x - TILE / 2, y - TILE / 2]));
  context.fillStyle = pattern;
  context.fill();
}

/** Width of a stripe of ground that two groups contest. */
const STRIPE = 4;
const striped = new Map<string, HTMLCanvasElement>();

/** Slanting stripes of two colours, as wide whatever the zoom of the context. */
export function stripes(context: CanvasRenderingContext2D, first: string, second: string, zoom: number): CanvasPattern | null {
  const key = `${first} ${second}`;
  let tile = striped.get(key);
  if (tile === undefined) {
    tile = document.createElement("canvas");
    tile.width = 2 * STRIPE;
    tile.height = 1;
    const drawn = tile.getContext("2d");
    [first, second].forEach((colour, i) => {
      if (drawn === null) return;
      drawn.fillStyle = colour;
      drawn.fillRect(i * STRIPE, 0, STRIPE, 1);
    });
    striped.set(key, tile);
  }
  const pattern = context.createPattern(tile, "repeat");
  pattern?.setTransform(new DOMMatrix().scale(1 / zoom).rotate(45));
  return pattern;
}
