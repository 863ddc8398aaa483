import type { History } from "../contract";

export type Incident = History["incidents"][number];

export const membersKilled = (incident: Incident): number => incident.dead_perpetrator + incident.dead_target;
export const killedIn = (incident: Incident): number => membersKilled(incident) + incident.dead_civilians;

/** Whom a count of an incident's dead leaves out. */
export const NOT_IN_INCIDENTS =
  "Members who die of wounds later are counted with the incident in which they were wounded. Those executed by their own group for leaving belong to none: they are in the chart of members killed.";

const number = (n: number): string => n.toLocaleString("en-GB");
const counted = (n: number, one: string): string => `${number(n)} ${one}${n === 1 ? "" : "s"}`;

/** How many were killed and who: "12 killed in them (9 members, 3 civilians)". */
export function killedWords(members: number, civilians: number, where = ""): string {
  const all = members + civilians;
  if (all === 0) return `nobody killed${where}`;
  const parts = [...(members > 0 ? [counted(members, "member")] : []), ...(civilians > 0 ? [counted(civilians, "civilian")] : [])];
  return `${number(all)} killed${where} (${parts.join(", ")})`;
}

/** How many incidents there are, and who was killed in them. */
export function incidentsWords(incidents: readonly Incident[], which = ""): string {
  if (incidents.length === 0) return `No incident${which}`;
  const killed = killedWords(
    incidents.reduce((sum, incident) => sum + membersKilled(incident), 0),
    incidents.reduce((sum, incident) => sum + incident.dead_civilians, 0),
    incidents.length === 1 ? " in it" : " in them",
  );
  return `${counted(incidents.length, "incident")}${which}, ${killed}`;
}

/** Incidents by day and by place. */
export class IncidentIndex {
  readonly #byDay: Incident[][];
  readonly #byPlace = new Map<number, Incident[]>();
  readonly kinds: string[];

  constructor(incidents: readonly Incident[], nDays: number) {
    this.#byDay = Array.from({ length: nDays }, () => []);
    for (const incident of incidents) {
      this.#byDay[incident.day]?.push(incident);
      const there = this.#byPlace.get(incident.place);
      if (there) there.push(incident);
      else this.#byPlace.set(incident.place, [incident]);
    }
    this.kinds = [...new Set(incidents.map((incident) => incident.kind))].sort();
  }

  on(day: number): readonly Incident[] {
    return this.#byDay[day] ?? [];
  }

  at(place: number): readonly Incident[] {
    return this.#byPlace.get(place) ?? [];
  }

  /** Incidents a day. */
  counts(): number[] {
    return this.#byDay.map((list) => list.length);
  }
}

/** "selective_killing" reads "selective killing". */
export const words = (name: string): string => name.replaceAll("_", " ");
