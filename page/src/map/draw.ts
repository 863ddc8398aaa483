import { geoPath } from "d3-geo";
import { CONTESTED_BELOW, NOBODY } from "../model/control";
import { controlDifference } from "../model/between";
import { deadOf } from "../model/incidents";
import type { Loaded } from "../model/loaded";
import { convictionColour, inkOn, type MapColours } from "./colours";
import { type Frame, radiusZoom, type View } from "./frame";
import type { Label } from "./labels";
import type { Layer } from "../state/url";

/** Everything one picture needs. */
export interface Picture {
  loaded: Loaded;
  /** The other run, for the layer of differences. */
  other: Loaded | null;
  frame: Frame;
  view: View;
  day: number;
  layer: Layer;
  mode: "light" | "dark";
  colours: MapColours;
  /** By group of this run. */
  groupColours: readonly string[];
  letters: readonly string[];
  isShown: readonly boolean[];
  selected: number | null;
  hovered: number | null;
  labels: readonly Label[];
  /** Milliseconds since the day came up, or null where nothing should move. */
  age: number | null;
}

const TURN = 2 * Math.PI;
/** How long a mark of an incident pulses. */
export const PULSE_MS = 900;
/** Days for which a mark of an incident stays, fading. */
const FADE_DAYS = 4;
/** Smaller discs would be all edge. */
const EDGE_FROM_RADIUS = 5;
const LETTER_FROM_RADIUS = 7.5;
/** Pixels per root of a dead. */
const DEAD_SCALE = 2.2;
const LEAST_MARK = 4;
/** Marks shrink on maps with sides below this. */
const ROOMY = 650;

const deadRadius = (dead: number): number => LEAST_MARK + DEAD_SCALE * Math.sqrt(dead);

/** Draws the ground: what changes only with size, zoom and theme. */
export function drawGround(context: CanvasRenderingContext2D, picture: Pick<Picture, "frame" | "view" | "colours" | "loaded">): void {
  const { frame, view, colours } = picture;
  const outline = picture.loaded.overview.outline;
  context.fillStyle = outline.length > 0 ? colours.ground : colours.land;
  context.fillRect(0, 0, frame.width, frame.height);
  if (outline.length === 0) return;
  context.save();
  context.translate(view.x, view.y);
  context.scale(view.k, view.k);
  context.beginPath();
  const path = geoPath(frame.projection, context);
  for (const ring of outline) path({ type: "LineString", coordinates: ring });
  context.fillStyle = colours.land;
  context.fill("evenodd");
  context.lineWidth = 1.2 / view.k;
  context.strokeStyle = colours.border;
  context.stroke();
  context.restore();
}

/** Draws a day over the ground. */
export function drawDay(context: CanvasRenderingContext2D, picture: Picture): void {
  drawPlaces[picture.layer](context, picture);
  drawIncidents(context, picture);
  drawFocus(context, picture);
  drawLabels(context, picture);
}

interface Disc {
  place: number;
  x: number;
  y: number;
  r: number;
}

/** Calls for each place in sight, the most populous first. */
function eachDisc({ frame, view }: Picture, visit: (disc: Disc) => void): void {
  const zoom = radiusZoom(view);
  const disc = { place: 0, x: 0, y: 0, r: 0 };
  for (const place of frame.order) {
    disc.place = place;
    disc.r = frame.radius[place] * zoom;
    disc.x = frame.x[place] * view.k + view.x;
    disc.y = frame.y[place] * view.k + view.y;
    if (disc.x + disc.r < 0 || disc.y + disc.r < 0 || disc.x - disc.r > frame.width || disc.y - disc.r > frame.height) continue;
    visit(disc);
  }
}

function fillDisc(context: CanvasRenderingContext2D, { x, y, r }: Disc, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, r, 0, TURN);
  context.fill();
}

function ring(context: CanvasRenderingContext2D, { x, y, r }: Disc, colour: string, width = 1): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.arc(x, y, r, 0, TURN);
  context.stroke();
}

/** The left half in one colour and the right half in another: contested, or different in two runs. */
function splitDisc(context: CanvasRenderingContext2D, disc: Disc, left: string, right: string): void {
  const { x, y, r } = disc;
  context.fillStyle = left;
  context.beginPath();
  context.arc(x, y, r, Math.PI / 2, Math.PI * 1.5);
  context.fill();
  context.fillStyle = right;
  context.beginPath();
  context.arc(x, y, r, -Math.PI / 2, Math.PI / 2);
  context.fill();
}

function letterOn(context: CanvasRenderingContext2D, { x, y, r }: Disc, letter: string, colour: string): void {
  if (r < LETTER_FROM_RADIUS) return;
  context.font = `600 ${Math.min(14, Math.round(r * 1.15))}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = inkOn(colour);
  context.fillText(letter, x, y + 0.5);
}

/** Shares that differ by less aren't drawn: control is recorded to one hundredth. */
const LEAST_DIFFERENCE = 0.01;

const drawPlaces: Record<Layer, (context: CanvasRenderingContext2D, picture: Picture) => void> = {
  control(context, picture) {
    const { control } = picture.loaded;
    const { colours, groupColours, letters, isShown, day } = picture;
    eachDisc(picture, (disc) => {
      const segment = control.segment(disc.place, day);
      const leader = segment < 0 ? NOBODY : control.leader[segment];
      if (leader === NOBODY || !isShown[leader]) {
        fillDisc(context, disc, colours.empty);
        ring(context, disc, colours.halo, 0.75);
        return;
      }
      const colour = groupColours[leader];
      const rival = control.runnerUp[segment];
      if (control.leaderShare[segment] >= CONTESTED_BELOW || rival === NOBODY) {
        fillDisc(context, disc, colour);
        ring(context, disc, colours.halo, 0.75);
        letterOn(context, disc, letters[leader], colour);
        return;
      }
      splitDisc(context, disc, colour, isShown[rival] ? groupColours[rival] : colours.empty);
      ring(context, disc, disc.r < EDGE_FROM_RADIUS ? colours.halo : colours.ink, disc.r < EDGE_FROM_RADIUS ? 0.5 : 1);
      if (disc.r >= LETTER_FROM_RADIUS * 1.4) {
        const half = disc.r / 2;
        letterOn(context, { ...disc, x: disc.x - half + 0.5, r: disc.r * 0.7 }, letters[leader], colour);
        if (isShown[rival]) letterOn(context, { ...disc, x: disc.x + half - 0.5, r: disc.r * 0.7 }, letters[rival], groupColours[rival]);
      }
    });
  },

  difference(context, picture) {
    const { loaded, other, colours, groupColours, letters, day } = picture;
    if (other === null) return;
    eachDisc(picture, (disc) => {
      const difference = controlDifference(loaded, other, disc.place, day);
      fillDisc(context, disc, colours.empty);
      ring(context, disc, colours.halo, 0.75);
      if (difference === null || difference.share < LEAST_DIFFERENCE) return;
      const inner = { ...disc, r: Math.max(1.5, disc.r * Math.sqrt(difference.share)) };
      if (!difference.isOfLeaders) {
        fillDisc(context, inner, colours.muted);
        return;
      }
      const { leader } = difference;
      fillDisc(context, disc, groupColours[leader]);
      ring(context, disc, colours.ink, 1.5);
      letterOn(context, disc, letters[leader], groupColours[leader]);
    });
  },

  belief(context, picture) {
    const { loaded, colours, mode, day, isShown } = picture;
    const means = loaded.beliefs.means(day, isShown);
    eachDisc(picture, (disc) => {
      const mean = means[disc.place];
      if (mean === null) {
        ring(context, disc, colours.empty, 1);
        return;
      }
      fillDisc(context, disc, convictionColour(mean, mode));
      ring(context, disc, colours.muted, 0.75);
    });
  },

  away(context, picture) {
    const { loaded, colours, mode, day } = picture;
    eachDisc(picture, (disc) => {
      const { population } = loaded.overview.places[disc.place];
      const share = Math.min(1, loaded.away.at(disc.place, day) / Math.max(1, population));
      fillDisc(context, disc, colours.empty);
      ring(context, disc, colours.muted, 0.75);
      if (share > 0) fillDisc(context, { ...disc, r: Math.max(1, disc.r * Math.sqrt(share)) }, AWAY_COLOUR[mode]);
    });
  },

  deaths(context, picture) {
    const { loaded, colours, mode, day } = picture;
    const zoom = radiusZoom(picture.view);
    eachDisc(picture, (disc) => fillDisc(context, { ...disc, r: Math.min(disc.r, 2.5) }, colours.empty));
    eachDisc(picture, (disc) => {
      const dead = loaded.dead.at(disc.place, day);
      if (dead === 0) return;
      const mark = { ...disc, r: toDateRadius(dead) * zoom };
      context.globalAlpha = 0.55;
      fillDisc(context, mark, DEATH_COLOUR[mode]);
      context.globalAlpha = 1;
      ring(context, mark, colours.halo, 0.75);
    });
  },
};

export const AWAY_COLOUR = { light: "#8a4a00", dark: "#f2b25c" };
export const DEATH_COLOUR = { light: "#5b1a3c", dark: "#f0a3c4" };
/** Radius for the dead so far, which are many more than those of a day. */
export const toDateRadius = (dead: number): number => 1 + 0.75 * Math.sqrt(dead);

/** Rings around places where something happened: today's strong, older ones fading. */
function drawIncidents(context: CanvasRenderingContext2D, picture: Picture): void {
  const { loaded, frame, view, day, isShown, colours, age } = picture;
  const small = Math.min(1, Math.sqrt(frame.width * frame.height) / ROOMY);
  for (let back = FADE_DAYS - 1; back >= 0; back -= 1) {
    for (const incident of loaded.incidents.on(day - back)) {
      const concerns = isShown[incident.perpetrator] || (incident.target !== null && isShown[incident.target]);
      if (!concerns) continue;
      const x = frame.x[incident.place] * view.k + view.x;
      const y = frame.y[incident.place] * view.k + view.y;
      const around = frame.radius[incident.place] * radiusZoom(view);
      const r = Math.max(around + 2.5, small * deadRadius(deadOf(incident)));
      if (back > 0) {
        context.globalAlpha = 0.35 * (1 - back / FADE_DAYS);
        ring(context, { place: incident.place, x, y, r }, colours.incident, 1);
        continue;
      }
      context.globalAlpha = 1;
      ring(context, { place: incident.place, x, y, r }, colours.halo, 4);
      ring(context, { place: incident.place, x, y, r }, colours.incident, 2);
      if (age !== null && age < PULSE_MS) {
        const part = age / PULSE_MS;
        context.globalAlpha = 0.7 * (1 - part);
        ring(context, { place: incident.place, x, y, r: r + 16 * part }, colours.incident, 2);
      }
    }
  }
  context.globalAlpha = 1;
}

function drawFocus(context: CanvasRenderingContext2D, { frame, view, selected, hovered, colours }: Picture): void {
  for (const [place, width] of [[hovered, 1.5], [selected, 3]] as const) {
    if (place === null) continue;
    const disc = {
      place,
      x: frame.x[place] * view.k + view.x,
      y: frame.y[place] * view.k + view.y,
      r: frame.radius[place] * radiusZoom(view) + 4,
    };
    ring(context, disc, colours.halo, width + 2.5);
    ring(context, disc, colours.ink, width);
  }
}

export const LABEL_FONT = "12px system-ui, sans-serif";

function drawLabels(context: CanvasRenderingContext2D, { labels, colours, selected }: Picture): void {
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const label of labels) {
    context.font = label.place === selected ? `bold ${LABEL_FONT}` : LABEL_FONT;
    context.strokeStyle = colours.halo;
    context.lineWidth = 3;
    context.strokeText(label.text, label.x, label.y);
    context.fillStyle = colours.ink;
    context.fillText(label.text, label.x, label.y);
  }
}
