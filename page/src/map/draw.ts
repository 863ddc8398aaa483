import { geoPath } from "d3-geo";
import { NOBODY } from "../model/control";
import { controlDifference } from "../model/between";
import type { GroupLook } from "../model/groups";
import { CONTESTED } from "../model/holders";
import { killedIn } from "../model/incidents";
import type { Loaded } from "../model/loaded";
import { convictionColour, DISAGREEMENT_FROM, disagreementSteps, type MapColours, ONE_HISTORY, SURENESS } from "./colours";
import { type Frame, radiusZoom, scaleOf, type View } from "./frame";
import type { Label } from "./labels";
import type { Name } from "./names";
import type { Territory } from "./territory";
import { overlay, stripes } from "./texture";
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
  territory: Territory;
  /** Names of regions and countries. */
  names: readonly Name[];
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

type Ground = Pick<Picture, "frame" | "view" | "colours" | "loaded">;

/** Calls with the context moved so that it takes coordinates of the unzoomed map. */
function zoomedIn(context: CanvasRenderingContext2D, { x, y, k }: View, draw: () => void): void {
  context.save();
  context.translate(x, y);
  context.scale(k, k);
  draw();
  context.restore();
}

/** Draws sea and land: what changes only with size, zoom and theme. */
export function drawGround(context: CanvasRenderingContext2D, { frame, view, colours, loaded }: Ground): void {
  const { countries } = loaded.overview.base;
  const hasWar = countries.some(({ has_places }) => has_places);
  context.fillStyle = countries.length > 0 ? colours.ground : colours.land;
  context.fillRect(0, 0, frame.width, frame.height);
  zoomedIn(context, view, () => {
    const path = geoPath(frame.projection, context);
    for (const { has_places, rings } of countries) {
      context.beginPath();
      for (const ring of rings) path({ type: "LineString", coordinates: ring });
      context.fillStyle = has_places || !hasWar ? colours.land : colours.abroad;
      context.fill("evenodd");
    }
  });
}

/** Draws water and borders, which lie over the territory. */
export function drawLines(context: CanvasRenderingContext2D, { frame, view, colours, loaded }: Ground): void {
  const { countries, rivers, lakes, borders } = loaded.overview.base;
  context.clearRect(0, 0, frame.width, frame.height);
  context.lineJoin = "round";
  zoomedIn(context, view, () => {
    const path = geoPath(frame.projection, context);
    const trace = (lines: readonly [number, number][][]): void => {
      context.beginPath();
      for (const line of lines) path({ type: "LineString", coordinates: line });
    };
    trace(lakes);
    context.fillStyle = colours.water;
    context.fill();
    trace(rivers);
    context.strokeStyle = colours.water;
    context.lineWidth = 1.6 / view.k;
    context.stroke();
    trace(borders);
    context.strokeStyle = colours.border;
    context.lineWidth = 0.8 / view.k;
    context.setLineDash([4 / view.k, 3 / view.k]);
    context.globalAlpha = 0.75;
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
    trace(countries.flatMap(({ rings }) => rings));
    context.lineWidth = 1.5 / view.k;
    context.stroke();
  });
}

/** Stripes of two colours draw the eye more than one. */
const CONTESTED_PALER = 0.8;

/** Draws the ground of each place as it is held: contested in the stripes of two groups, and the paler the fewer replicates agree. */
export function drawTerritory(context: CanvasRenderingContext2D, picture: Pick<Picture, "loaded" | "frame" | "view" | "day" | "layer" | "mode" | "colours" | "looks" | "isShown" | "territory">): void {
  const { loaded, frame, view, day, layer, mode, colours, looks, isShown, territory } = picture;
  context.clearRect(0, 0, frame.width, frame.height);
  if (layer !== "control" && layer !== "agreement") return;
  const { holders, control, agreement } = loaded;
  const fills = new Map<string, { places: number[]; first: GroupLook | null; second: GroupLook | null; alpha: number; colour: string | null }>();
  const put = (key: string, place: number, fill: () => { first: GroupLook | null; second: GroupLook | null; alpha: number; colour: string | null }): void => {
    const known = fills.get(key);
    if (known) known.places.push(place);
    else fills.set(key, { places: [place], ...fill() });
  };
  const look = (group: number): GroupLook | null => (group !== NOBODY && isShown[group] ? looks[group] : null);
  territory.cells.forEach((cell, place) => {
    if (cell.length === 0) return;
    if (layer === "agreement") {
      const step = DISAGREEMENT_FROM.findLastIndex((from) => (agreement?.disagreement(place, day) ?? 0) >= from);
      if (step >= 0) put(String(step), place, () => ({ first: null, second: null, alpha: 0.85, colour: disagreementSteps(mode)[step] }));
      return;
    }
    const holder = holders.at(place, day);
    if (holder === NOBODY) return;
    const sureness = agreement === null ? -1 : SURENESS.findIndex(([from]) => agreement.share(place, day, holder) >= from);
    const alpha = sureness < 0 ? ONE_HISTORY : SURENESS[sureness][1];
    if (holder !== CONTESTED) {
      const held = look(holder);
      if (held) put(`${holder}/${sureness}`, place, () => ({ first: held, second: null, alpha, colour: held.colour[mode] }));
      return;
    }
    const segment = control.segment(place, day);
    if (segment < 0) return;
    const [leader, rival] = [control.leader[segment], control.runnerUp[segment]];
    put(`${leader}:${rival}/${sureness}`, place, () => ({ first: look(leader), second: look(rival), alpha: alpha * CONTESTED_PALER, colour: null }));
  });
  zoomedIn(context, view, () => {
    for (const { places, first, second, alpha, colour } of fills.values()) {
      context.beginPath();
      for (const place of places) {
        const cell = territory.cells[place];
        context.moveTo(cell[0], cell[1]);
        for (let i = 2; i < cell.length; i += 2) context.lineTo(cell[i], cell[i + 1]);
        context.closePath();
      }
      context.globalAlpha = alpha;
      context.fillStyle = colour ?? stripes(context, first?.colour[mode] ?? colours.empty, second?.colour[mode] ?? colours.empty, view.k) ?? colours.empty;
      context.fill();
      if (colour !== null && first !== null) overlay(context, first.texture, colours.halo, 0, 0, view.k);
    }
    context.globalAlpha = 1;
    drawFronts(context, picture);
    // What lies in other countries goes again: one fill, where a clip would cost each of many.
    if (territory.land) {
      context.globalCompositeOperation = "destination-in";
      context.fill(territory.land, "evenodd");
    }
  });
}

/** The lines between the ground of different holders. */
function drawFronts(context: CanvasRenderingContext2D, { loaded, layer, day, view, colours, territory }: Pick<Picture, "loaded" | "layer" | "day" | "view" | "colours" | "territory">): void {
  if (layer !== "control") return;
  context.beginPath();
  territory.edges.forEach(([a, b, x0, y0, x1, y1]) => {
    if (loaded.holders.at(a, day) === loaded.holders.at(b, day)) return;
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
  });
  context.strokeStyle = colours.ink;
  context.globalAlpha = 0.3;
  context.lineWidth = 0.8 / view.k;
  context.stroke();
  context.globalAlpha = 1;
}

/** Draws a day over the ground. */
export function drawDay(context: CanvasRenderingContext2D, picture: Picture): void {
  drawNames(context, picture);
  drawPlaces[picture.layer](context, picture);
  drawIncidents(context, picture);
  drawFocus(context, picture);
  drawLabels(context, picture);
  drawScale(context, picture);
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

  agreement(context, picture) {
    const { colours } = picture;
    eachDisc(picture, (disc) => {
      fillDisc(context, { ...disc, r: Math.max(1.2, disc.r * 0.6) }, colours.muted);
      ring(context, { ...disc, r: Math.max(1.2, disc.r * 0.6) }, colours.halo, 0.75);
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

/** Regions and countries: behind everything that has a place. */
function drawNames(context: CanvasRenderingContext2D, { names, colours }: Picture): void {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const { text, x, y, font } of names) {
    context.font = font;
    context.letterSpacing = "1.5px";
    context.globalAlpha = 0.8;
    context.strokeStyle = colours.halo;
    context.lineWidth = 3;
    context.strokeText(text, x, y);
    context.globalAlpha = 1;
    context.fillStyle = colours.muted;
    context.fillText(text, x, y);
  }
  context.letterSpacing = "0px";
}

/** A bar of a round length, at the bottom left. */
function drawScale(context: CanvasRenderingContext2D, { frame, view, colours }: Picture): void {
  const scale = scaleOf(frame, view, Math.min(120, frame.width / 4));
  if (scale === null) return;
  const [x, y] = [12, frame.height - 10];
  context.lineJoin = "miter";
  for (const [colour, width] of [[colours.halo, 4], [colours.ink, 1.5]] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x, y - 5);
    context.lineTo(x, y);
    context.lineTo(x + scale.pixels, y);
    context.lineTo(x + scale.pixels, y - 5);
    context.stroke();
  }
  context.font = "11px system-ui, sans-serif";
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.lineWidth = 3;
  context.strokeStyle = colours.halo;
  context.strokeText(`${scale.km} km`, x + 5, y - 3);
  context.fillStyle = colours.ink;
  context.fillText(`${scale.km} km`, x + 5, y - 3);
}
