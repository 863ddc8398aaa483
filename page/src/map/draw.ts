import { geoPath } from "d3-geo";
import { NOBODY } from "../model/control";
import { controlDifference } from "../model/between";
import type { GroupLook } from "../model/groups";
import { CONTESTED } from "../model/holders";
import { killedIn } from "../model/incidents";
import type { Loaded } from "../model/loaded";
import { convictionColour, type MapColours } from "./colours";
import { type Frame, radiusZoom, type View } from "./frame";
import type { Label } from "./labels";
import { overlay } from "./texture";
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
  looks: readonly GroupLook[];
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
/** Pixels per root of a person killed. */
const KILLED_SCALE = 2.2;
const LEAST_MARK = 4;
/** Marks shrink on maps with sides below this. */
const ROOMY = 650;

const killedRadius = (killed: number): number => LEAST_MARK + KILLED_SCALE * Math.sqrt(killed);

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

/** A disc as a group looks; null is of nobody that is shown. */
function groupDisc(context: CanvasRenderingContext2D, disc: Disc, look: GroupLook | null, { mode, colours }: Picture): void {
  fillDisc(context, disc, look?.colour[mode] ?? colours.empty);
  if (look) overlay(context, look.texture, colours.halo, disc.x, disc.y);
}

/** The left half of one group and the right half of another: contested. */
function splitDisc(context: CanvasRenderingContext2D, disc: Disc, halves: readonly (GroupLook | null)[], { mode, colours }: Picture): void {
  const { x, y, r } = disc;
  halves.forEach((look, half) => {
    context.fillStyle = look?.colour[mode] ?? colours.empty;
    context.beginPath();
    context.arc(x, y, r, Math.PI * (half === 0 ? 0.5 : -0.5), Math.PI * (half === 0 ? 1.5 : 0.5));
    context.fill();
    if (look) overlay(context, look.texture, colours.halo, x, y);
  });
}

function letterOn(context: CanvasRenderingContext2D, { x, y, r }: Disc, look: GroupLook, { mode }: Picture): void {
  if (r < LETTER_FROM_RADIUS) return;
  const size = Math.min(14, Math.round((r * 1.15) / Math.sqrt(look.letters.length)));
  context.font = `600 ${size}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  if (look.texture !== "plain") {
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = look.colour[mode];
    context.strokeText(look.letters, x, y + 0.5);
  }
  context.fillStyle = look.ink[mode];
  context.fillText(look.letters, x, y + 0.5);
}

/** Shares that differ by less aren't drawn: control is recorded to one hundredth. */
const LEAST_DIFFERENCE = 0.01;

const drawPlaces: Record<Layer, (context: CanvasRenderingContext2D, picture: Picture) => void> = {
  control(context, picture) {
    const { control, holders } = picture.loaded;
    const { colours, looks, isShown, day } = picture;
    const shown = (group: number): GroupLook | null => (group !== NOBODY && isShown[group] ? looks[group] : null);
    eachDisc(picture, (disc) => {
      const holder = holders.at(disc.place, day);
      const segment = control.segment(disc.place, day);
      if (holder === CONTESTED && segment >= 0) {
        const [leader, rival] = [shown(control.leader[segment]), shown(control.runnerUp[segment])];
        splitDisc(context, disc, [leader, rival], picture);
        ring(context, disc, disc.r < EDGE_FROM_RADIUS ? colours.halo : colours.ink, disc.r < EDGE_FROM_RADIUS ? 0.5 : 1);
        if (disc.r < LETTER_FROM_RADIUS * 1.4) return;
        const half = disc.r / 2;
        if (leader) letterOn(context, { ...disc, x: disc.x - half + 0.5, r: disc.r * 0.7 }, leader, picture);
        if (rival) letterOn(context, { ...disc, x: disc.x + half - 0.5, r: disc.r * 0.7 }, rival, picture);
        return;
      }
      const look = shown(holder);
      groupDisc(context, disc, look, picture);
      ring(context, disc, colours.halo, 0.75);
      if (look) letterOn(context, disc, look, picture);
    });
  },

  difference(context, picture) {
    const { loaded, other, colours, looks, day } = picture;
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
      groupDisc(context, disc, looks[leader], picture);
      ring(context, disc, colours.ink, 1.5);
      letterOn(context, disc, looks[leader], picture);
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
      const killed = loaded.killed.at(disc.place, day);
      if (killed === 0) return;
      const mark = { ...disc, r: toDateRadius(killed) * zoom };
      context.globalAlpha = 0.55;
      fillDisc(context, mark, DEATH_COLOUR[mode]);
      context.globalAlpha = 1;
      ring(context, mark, colours.halo, 0.75);
    });
  },
};

export const AWAY_COLOUR = { light: "#8a4a00", dark: "#f2b25c" };
export const DEATH_COLOUR = { light: "#5b1a3c", dark: "#f0a3c4" };
/** Radius for those killed so far, who are many more than those of a day. */
export const toDateRadius = (killed: number): number => 1 + 0.75 * Math.sqrt(killed);

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
      const r = Math.max(around + 2.5, small * killedRadius(killedIn(incident)));
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
