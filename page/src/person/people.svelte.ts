import type { PersonKind } from "../contract";

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

/** What the panel lists and shows, kept while another tab is shown. */
class People {
  kind = $state<PersonKind | "">("defector");
  /** Id of a place, or "" for all. */
  home = $state("");
  group = $state("");
  /** Which of two runs. */
  which = $state(0);
  /** Two people beside each other, below the time control. */
  beside = $state.raw<{ which: number; people: [number, number] } | null>(null);
}

export const people = new People();
