/** Colours of the canvas, which can't read the style sheet's. */
export interface MapColours {
  ground: string;
  land: string;
  border: string;
  ink: string;
  muted: string;
  empty: string;
  halo: string;
  incident: string;
}

export const MAP_COLOURS: { light: MapColours; dark: MapColours } = {
  light: {
    ground: "#eef0f2",
    land: "#fbfbfa",
    border: "#aab0b8",
    ink: "#1a1c1f",
    muted: "#565b62",
    empty: "#c3c8ce",
    halo: "#ffffff",
    incident: "#1a1c1f",
  },
  dark: {
    ground: "#14171a",
    land: "#1e2226",
    border: "#555c65",
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
