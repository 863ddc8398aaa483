/** Colours of the canvas, which can't read the style sheet's. */
export interface MapColours {
  ground: string;
  land: string;
  /** Land of countries that the war isn't in. */
  abroad: string;
  water: string;
  border: string;
  ink: string;
  muted: string;
  empty: string;
  halo: string;
  incident: string;
}

export const MAP_COLOURS: { light: MapColours; dark: MapColours } = {
  light: {
    ground: "#dfe8ee",
    land: "#fbfbfa",
    abroad: "#eeeeea",
    water: "#5f93bd",
    border: "#8b929b",
    ink: "#1a1c1f",
    muted: "#565b62",
    empty: "#c3c8ce",
    halo: "#ffffff",
    incident: "#1a1c1f",
  },
  dark: {
    ground: "#10161c",
    land: "#1e2226",
    abroad: "#181a1d",
    water: "#5a89ab",
    border: "#6a727c",
    ink: "#eceef0",
    muted: "#a7adb5",
    empty: "#4a5058",
    halo: "#121416",
    incident: "#ffffff",
  },
};

/** Conviction that gets the full colour. */
export const CONVICTION_SPAN = 3;
// Purple to orange through grey, from ColorBrewer's PuOr: readable with any colour blindness.
const DIVERGING = {
  light: ["#b35806", "#e08214", "#f0c28a", "#c9c9cd", "#b7aed6", "#8073ac", "#542788"],
  dark: ["#ff9d47", "#e08a3a", "#a87748", "#6d7076", "#8379ae", "#a296d6", "#c3b6ff"],
};

/** A colour for a mean conviction: orange doubts, purple believes. */
export function convictionColour(conviction: number, mode: "light" | "dark"): string {
  const steps = DIVERGING[mode];
  const at = (Math.max(-1, Math.min(1, conviction / CONVICTION_SPAN)) + 1) / 2;
  return steps[Math.round(at * (steps.length - 1))];
}
export const convictionSteps = (mode: "light" | "dark"): readonly string[] => DIVERGING[mode];

/** Steps of the share of replicates in which somebody else holds a place than in most: from none to half or more. */
export const DISAGREEMENT_FROM = [0.1, 0.25, 0.4] as const;
const DISAGREEMENT = {
  light: ["#f3d9e8", "#d58ab8", "#8e2a72"],
  dark: ["#4a2c42", "#96538a", "#eba6dc"],
};
export const disagreementSteps = (mode: "light" | "dark"): readonly string[] => DISAGREEMENT[mode];

/** From what share of replicates with the same holder on its ground is filled how strongly, the strongest first. */
export const SURENESS: readonly (readonly [from: number, alpha: number])[] = [
  [0.95, 0.62],
  [0.75, 0.46],
  [0.5, 0.3],
  [0, 0.15],
];
/** How strongly where there is one replicate, which says nothing of that. */
export const ONE_HISTORY = 0.46;
