/** How a group looks everywhere: a colour, a letter and a dash, so that colour is never alone. */
export interface GroupLook {
  id: string;
  name: string;
  /** One letter, unique among the groups. */
  letter: string;
  colour: { light: string; dark: string };
  /** stroke-dasharray of its lines, "" for solid. */
  dash: string;
}

// Okabe-Ito and Paul Tol's muted scheme, which stay apart for colour-blind readers; the darkest are
// lightened on a dark ground. In order of the scenario's groups, whoever they are.
const COLOURS = [
  { light: "#0072b2", dark: "#4aa3e0" },
  { light: "#d55e00", dark: "#f08040" },
  { light: "#00805e", dark: "#1fbf92" },
  { light: "#b8578f", dark: "#e08fbd" },
  { light: "#b37a00", dark: "#e8ad2e" },
  { light: "#882255", dark: "#d0638f" },
  { light: "#2f8fc4", dark: "#8cd0f5" },
  { light: "#6f7a1c", dark: "#bcc25a" },
  { light: "#332288", dark: "#9d8ff0" },
  { light: "#2c8a7b", dark: "#6fd4c4" },
  { light: "#8f3a8f", dark: "#cf86cf" },
  { light: "#6b3a1e", dark: "#c29a7e" },
];
const DASHES = ["", "6 3", "2 3", "8 3 2 3"];

/** Letters that people guess: the first of a word of the name, else any of it, else any. */
function letterFor(name: string, taken: ReadonlySet<string>): string {
  const upper = name.toUpperCase();
  const initials = upper.split(/[^A-Z]+/).flatMap((word) => (word.length > 2 ? [word[0]] : []));
  const candidates = [...initials, ...upper, ..."ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"];
  return candidates.find((letter) => /^[A-Z0-9]$/.test(letter) && !taken.has(letter)) ?? "?";
}

/** Looks of the groups of one or two runs; the same group looks the same in both. */
export function groupLooks(runs: readonly (readonly { id: string; name: string }[])[]): Map<string, GroupLook> {
  const looks = new Map<string, GroupLook>();
  const taken = new Set<string>();
  for (const { id, name } of runs.flat()) {
    if (looks.has(id)) continue;
    const index = looks.size;
    const letter = letterFor(name, taken);
    taken.add(letter);
    looks.set(id, {
      id,
      name,
      letter,
      colour: COLOURS[index % COLOURS.length],
      dash: DASHES[(Math.floor(index / 4) + index) % DASHES.length],
    });
  }
  return looks;
}
