// A story as a picture to show to others: the paragraph, and that nobody in it is real.
import type { Overview, StoryView } from "../contract";
import { saveCanvas, wrappedBy } from "../charts/save";

const [WIDTH, MARGIN, FINE] = [1000, 56, 2];
const [TEXT, LINE] = [25, 37];

/** Draws the card. */
export function drawCard(view: StoryView, overview: Overview): HTMLCanvasElement {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => {
    // light-dark() in a custom property is resolved only where it is used.
    const probe = document.createElement("span");
    probe.style.setProperty("color", `var(${name})`);
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
  const font = (size: number, weight = 400): string => `${weight} ${size}px ${style.fontFamily}`;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (context === null) return canvas;
  const { story } = view;
  context.font = font(TEXT);
  const width = WIDTH - 2 * MARGIN;
  const lines = wrappedBy(story.plain, width, (text) => context.measureText(text).width);
  context.font = font(15);
  const about = `${story.note} ${overview.scenario_title}, ${overview.label}: replicate ${story.replicate} of ${overview.n_replicates}, seed ${story.seed}. One possible history, no forecast. Allegiance ${overview.engine_version}.`;
  const foot = wrappedBy(about, width, (text) => context.measureText(text).width);
  const height = 130 + lines.length * LINE + 40 + foot.length * 22 + MARGIN / 2;
  [canvas.width, canvas.height] = [WIDTH * FINE, height * FINE];
  context.scale(FINE, FINE);
  context.fillStyle = colour("--surface");
  context.fillRect(0, 0, WIDTH, height);
  context.fillStyle = colour("--accent");
  context.fillRect(0, 0, 10, height);
  context.fillStyle = colour("--notice");
  context.font = font(17, 600);
  context.fillText("Simulated: synthetic, no one real", MARGIN, 52);
  context.fillStyle = colour("--ink");
  context.font = font(30, 650);
  context.fillText(`Simulated person ${story.who.person}`, MARGIN, 92);
  context.font = font(TEXT);
  lines.forEach((line, i) => context.fillText(line, MARGIN, 140 + i * LINE));
  context.fillStyle = colour("--muted");
  context.font = font(15);
  foot.forEach((line, i) => context.fillText(line, MARGIN, 140 + lines.length * LINE + 24 + i * 22));
  return canvas;
}

export const saveCard = (view: StoryView, overview: Overview): void =>
  saveCanvas(`${overview.scenario_id}-replicate-${view.story.replicate}-person-${view.story.who.person}`, drawCard(view, overview));
