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

/** Fills the path that was filled last with a texture, a line or dot of it at a point; plain is nothing. */
export function overlay(context: CanvasRenderingContext2D, texture: Texture, ground: string, x: number, y: number): void {
  if (texture === "plain") return;
  const tile = tileOf(texture, ground);
  const pattern = context.createPattern(tile, "repeat");
  if (pattern === null) return;
  const scale = TILE / tile.width;
  pattern.setTransform(new DOMMatrix([scale, 0, 0, scale, x - TILE / 2, y - TILE / 2]));
  context.fillStyle = pattern;
  context.fill();
}
