import type { Frame, View } from "./frame";
import { BUTTONS, radiusZoom } from "./frame";

export interface Label {
  place: number;
  text: string;
  /** Left end and middle of the text. */
  x: number;
  y: number;
  width: number;
}

const LINE = 15;
const GAP = 3;
/** Between two names on a line, so that they don't read as one. */
const BETWEEN_NAMES = 10;
/** Square pixels of map per label. */
const ROOM_PER_LABEL = 12_000;
const CANDIDATES = 160;

/** Circles of this radius have letters, which no name may cover. */
const LETTERED = 6;

/**
 * Names of the largest places in sight, none over another, over the circle of a larger place or over one with letters.
 *
 * `measure` gives the width of a name in pixels; `always` is named first, whatever its size.
 */
export function labelsOf(
  names: readonly string[],
  frame: Frame,
  view: View,
  measure: (text: string) => number,
  always: number | null,
): Label[] {
  const zoom = radiusZoom(view);
  const discOf = (place: number) => ({ x: frame.x[place] * view.k + view.x, y: frame.y[place] * view.k + view.y, r: frame.radius[place] * zoom });
  const boxOf = (place: number) => {
    const { x, y, r } = discOf(place);
    return { x0: x - r, y0: y - r, x1: x + r, y1: y + r };
  };
  const lettered = [...frame.order].filter((place) => frame.radius[place] * zoom >= LETTERED);
  const taken = [{ x0: frame.width - BUTTONS.width, y0: 0, x1: frame.width, y1: BUTTONS.height }, ...lettered.map(boxOf)];
  const labels: Label[] = [];
  const isFree = (box: { x0: number; y0: number; x1: number; y1: number }): boolean =>
    box.x0 >= 0 && box.x1 <= frame.width && box.y0 >= 0 && box.y1 <= frame.height &&
    taken.every((other) => box.x1 < other.x0 || box.x0 > other.x1 || box.y1 < other.y0 || box.y0 > other.y1);
  const order = always === null ? frame.order : [always, ...frame.order];
  const most = Math.max(4, Math.round((frame.width * frame.height) / ROOM_PER_LABEL));
  let seen = 0;
  for (const place of order) {
    if (labels.length >= most || seen >= CANDIDATES) break;
    if (place === always && labels[0]?.place === always) continue;
    const { x, y, r } = discOf(place);
    if (x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
    seen += 1;
    const text = names[place];
    const width = measure(text);
    const sides = [
      { x: x + r + GAP, y },
      { x: x - r - GAP - width, y },
      { x: x - width / 2, y: y + r + GAP + LINE / 2 },
      { x: x - width / 2, y: y - r - GAP - LINE / 2 },
    ];
    const side = sides.find((at) => isFree({ x0: at.x, y0: at.y - LINE / 2, x1: at.x + width, y1: at.y + LINE / 2 }));
    if (side) {
      labels.push({ place, text, width, ...side });
      taken.push({ x0: side.x - BETWEEN_NAMES, y0: side.y - LINE / 2, x1: side.x + width + BETWEEN_NAMES, y1: side.y + LINE / 2 });
    }
    taken.push(boxOf(place));
  }
  return labels;
}
