import type { History } from "../contract";

export type Incident = History["incidents"][number];

export const deadOf = (incident: Incident): number => incident.dead_perpetrator + incident.dead_target + incident.dead_civilians;

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
