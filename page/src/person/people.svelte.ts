import type { PersonKind } from "../contract";
import type { Address, PeopleFilter } from "../state/url";

/** The kinds that people are listed by, in words. */
export const KINDS: { kind: PersonKind; name: string }[] = [
  { kind: "defector", name: "Defectors: go over to another group" },
  { kind: "deserter", name: "Deserters: leave the war" },
  { kind: "departer", name: "Departers: leave the country" },
  { kind: "stayer", name: "Stayers: serve to the end" },
  { kind: "joiner", name: "Joiners" },
  { kind: "prisoner", name: "Prisoners" },
  { kind: "dead", name: "Killed members: of wounds and executed, too" },
];

export const MORE = ["since", "until", "from_age", "to_age", "origin", "rank", "cause"] as const;
export type MoreFilter = (typeof MORE)[number];
const USUAL_KIND: PersonKind = "defector";

/** What the panel lists and shows, kept while another tab is shown. */
class People {
  kind = $state<PersonKind | "">(USUAL_KIND);
  /** Id of a place, or "" for all. */
  home = $state("");
  group = $state("");
  /** ISO dates, ages, origin, rank and strongest factor; empty for any. */
  readonly more = $state<Record<MoreFilter, string>>({ since: "", until: "", from_age: "", to_age: "", origin: "", rank: "", cause: "" });
  /** The page of the list, from 0. */
  page = $state(0);
  /** Whether stories show the numbers behind their sentences. */
  hasNumbers = $state(false);
  /** Which of two runs. */
  which = $state(0);
  /** Two people beside each other, below the time control. */
  beside = $state.raw<{ which: number; people: [number, number] } | null>(null);

  /** What the address holds of this. */
  get address(): Pick<Address, "people" | "beside" | "run"> {
    const filter: PeopleFilter = {};
    if (this.kind !== USUAL_KIND) filter.kind = this.kind === "" ? "all" : this.kind;
    if (this.home !== "") filter.home = this.home;
    if (this.group !== "") filter.group = this.group;
    for (const key of MORE) if (this.more[key] !== "") filter[key] = this.more[key];
    if (this.page > 0) filter.page = String(this.page + 1);
    return {
      ...(Object.keys(filter).length > 0 && { people: filter }),
      ...(this.beside !== null && { beside: this.beside.people[1] }),
      ...(this.which > 0 && { run: this.which }),
    };
  }

  /** Takes what an address says. */
  take({ people: filter = {}, person, beside, run }: Address): void {
    const { kind } = filter;
    this.kind = kind === "all" ? "" : (KINDS.find((one) => one.kind === kind)?.kind ?? USUAL_KIND);
    this.home = filter.home ?? "";
    this.group = filter.group ?? "";
    for (const key of MORE) this.more[key] = filter[key] ?? "";
    this.page = Math.max(0, Math.round(Number(filter.page ?? "1")) - 1 || 0);
    this.which = run ?? 0;
    this.beside = person !== undefined && beside !== undefined ? { which: this.which, people: [person, beside] } : null;
  }
}

export const people = new People();
