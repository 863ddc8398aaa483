// Downloads: every file says that it is simulated.
import { isoOf } from "../time/dates";
import type { Line } from "./lines";

function save(name: string, type: string, text: string): void {
  saveBlob(name, new Blob([text], { type }));
}

function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The lines as a long table: a row a day and group. */
export function csvOf(lines: readonly Line[], start: string, measure: string, about: string): string {
  const rows = ["date,day,measure,group,value,low,median,high,about"];
  for (const { look, values, low, median, high } of lines) {
    values.forEach((value, day) => {
      if (value === null) return;
      const numbers = [value, low?.[day] ?? "", median?.[day] ?? "", high?.[day] ?? ""];
      rows.push([isoOf(start, day), day, quoted(measure), quoted(look.id), ...numbers, quoted(about)].join(","));
    });
  }
  return `${rows.join("\n")}\n`;
}

export const saveCsv = (name: string, csv: string): void => save(`${name}.csv`, "text/csv", csv);

const INLINED = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "opacity", "font-size", "font-weight", "text-anchor", "paint-order"];
const HEAD = 36;
const FOOT_LINE = 15;
/** Pixels per character of the small print, rather too many than too few. */
const CHARACTER = 6;

/** Breaks a text between words into lines of at most so many characters. */
export const wrapped = (text: string, most: number): string[] => wrappedBy(text, most, ({ length }) => length);

/** The same by any measure of a line. */
export function wrappedBy(text: string, most: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && measure(`${last} ${word}`) <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A drawing of the page as a file of its own: styles inlined, with title and what it is. */
function svgOf(drawing: SVGSVGElement, title: string, lines: readonly Line[], about: string): { text: string; width: number; height: number } {
  const NS = "http://www.w3.org/2000/svg";
  const clone = drawing.cloneNode(true) as SVGSVGElement;
  const originals = drawing.querySelectorAll("*");
  clone.querySelectorAll("*").forEach((element, i) => {
    const style = getComputedStyle(originals[i]);
    for (const property of INLINED) element.setAttribute(property, style.getPropertyValue(property));
    element.removeAttribute("class");
  });
  const [width, height] = [drawing.clientWidth, drawing.clientHeight];
  const legend = lines.map(({ look }) => `${look.letters} ${look.name}`.trim()).join(" · ");
  const foot = [legend, about].flatMap((text) => wrapped(text, Math.floor((width - 16) / CHARACTER)));
  const total = height + HEAD + FOOT_LINE * foot.length + 12;
  const page = document.createElementNS(NS, "svg");
  page.setAttribute("xmlns", NS);
  page.setAttribute("viewBox", `0 0 ${width} ${total}`);
  page.setAttribute("width", String(width));
  page.setAttribute("height", String(total));
  page.setAttribute("font-family", "system-ui, sans-serif");
  const root = getComputedStyle(document.documentElement);
  const ground = document.createElementNS(NS, "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", getComputedStyle(drawing.closest(".card") ?? document.body).backgroundColor);
  page.append(ground);
  const print = [{ text: title, y: 22, size: 15 }, ...foot.map((text, i) => ({ text, y: HEAD + height + FOOT_LINE * (i + 1), size: 11 }))];
  for (const { text, y, size } of print) {
    const line = document.createElementNS(NS, "text");
    line.setAttribute("x", "8");
    line.setAttribute("y", String(y));
    line.setAttribute("font-size", String(size));
    line.setAttribute("fill", root.color);
    line.textContent = text;
    page.append(line);
  }
  clone.setAttribute("y", String(HEAD));
  clone.setAttribute("width", String(width));
  clone.setAttribute("height", String(height));
  clone.removeAttribute("class");
  page.append(clone);
  return { text: new XMLSerializer().serializeToString(page), width, height: total };
}

type Drawn = [drawing: SVGSVGElement, title: string, lines: readonly Line[], about: string];

export const saveSvg = (name: string, ...drawn: Drawn): void => save(`${name}.svg`, "image/svg+xml", svgOf(...drawn).text);

/** Dots of a picture per pixel of the page, so that it can be printed. */
const FINE = 2;

/** The same as a picture. */
export async function savePng(name: string, ...drawn: Drawn): Promise<void> {
  const { text, width, height } = svgOf(...drawn);
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * FINE, height * FINE];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(url);
  saveCanvas(name, canvas);
}

export function saveCanvas(name: string, canvas: HTMLCanvasElement): void {
  canvas.toBlob((blob) => {
    if (blob !== null) saveBlob(`${name}.png`, blob);
  }, "image/png");
}

/** A picture in whose head stands a title, below it some maps beside each other with theirs, and in whose foot stands what it is. */
export function saveMapPng(name: string, title: string, maps: readonly { title: string; layers: readonly HTMLCanvasElement[] }[], legend: readonly { letters: string; name: string; colour: string; ink: string }[], about: string): void {
  const style = getComputedStyle(document.documentElement);
  const [ground, ink] = [style.backgroundColor, style.color];
  const [first] = maps;
  if (first === undefined) return;
  const [mapWidth, mapHeight] = [first.layers[0].clientWidth, first.layers[0].clientHeight];
  const columns = maps.length === 1 ? 1 : maps.length === 3 || maps.length > 4 ? 3 : 2;
  const [GAP, TOP, CAPTION, LINE] = [8, 40, maps.length > 1 ? 22 : 0, 20];
  const width = columns * mapWidth + (columns + 1) * GAP;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (context === null) return;
  const font = (size: number, weight = 400): string => `${weight} ${size}px ${style.fontFamily}`;
  // The key in lines, each item as wide as it is.
  context.font = font(13);
  const keys: { x: number; line: number; item: (typeof legend)[number] }[] = [];
  let [x, line] = [GAP, 0];
  for (const item of legend) {
    const wide = 34 + context.measureText(item.name).width;
    if (x + wide > width - GAP && x > GAP) [x, line] = [GAP, line + 1];
    keys.push({ x, line, item });
    x += wide;
  }
  const foot = wrapped(about, Math.floor((width - 2 * GAP) / CHARACTER));
  const rows = Math.ceil(maps.length / columns);
  const mapsEnd = TOP + rows * (mapHeight + CAPTION + GAP);
  const height = mapsEnd + (line + 1) * LINE + foot.length * FOOT_LINE + 3 * GAP;
  [canvas.width, canvas.height] = [width * FINE, height * FINE];
  context.scale(FINE, FINE);
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height);
  context.fillStyle = ink;
  context.font = font(17, 650);
  context.fillText(title, GAP, 26);
  maps.forEach(({ title: caption, layers }, i) => {
    const [left, top] = [GAP + (i % columns) * (mapWidth + GAP), TOP + Math.floor(i / columns) * (mapHeight + CAPTION + GAP)];
    context.fillStyle = ink;
    context.font = font(13, 600);
    if (CAPTION > 0) context.fillText(caption, left, top + 15);
    for (const layer of layers) context.drawImage(layer, left, top + CAPTION, mapWidth, mapHeight);
  });
  for (const { x: at, line: of, item } of keys) {
    const y = mapsEnd + of * LINE + 12;
    context.fillStyle = item.colour;
    context.beginPath();
    context.arc(at + 8, y, 8, 0, 2 * Math.PI);
    context.fill();
    context.textAlign = "center";
    context.fillStyle = item.ink;
    context.font = font(item.letters.length > 1 ? 8.5 : 11, 650);
    context.fillText(item.letters, at + 8, y + 4);
    context.textAlign = "left";
    context.fillStyle = ink;
    context.font = font(13);
    context.fillText(item.name, at + 20, y + 4.5);
  }
  context.font = font(11);
  foot.forEach((text, i) => context.fillText(text, GAP, mapsEnd + (line + 1) * LINE + GAP + FOOT_LINE * (i + 1)));
  saveCanvas(name, canvas);
}
