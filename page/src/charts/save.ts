// Downloads: every file says that it is simulated.
import { isoOf } from "../time/dates";
import type { Line } from "./lines";

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
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
export function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A drawing of the page as a file of its own: styles inlined, with title and what it is. */
export function saveSvg(name: string, drawing: SVGSVGElement, title: string, lines: readonly Line[], about: string): void {
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
  save(`${name}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(page));
}
