// Where people's stories come from: the server, or the engine in the browser for a run of its own.
import { api } from "../api";
import type { ButForView, PersonKind, PersonRow, StoryView } from "../contract";
import { engine } from "../engine/engine";
import type { Loaded } from "../model/loaded";

export const MOST_LISTED = 200;

/** Who is listed; null for all. Place and group by position. */
export interface Wanted {
  home: number | null;
  kind: PersonKind | null;
  group: number | null;
}

/** In order of number. */
export function listPeople({ run, overview, history }: Loaded, { home, kind, group }: Wanted): Promise<PersonRow[]> {
  if (run === null) return engine.ask("persons", { home, kind, group, limit: MOST_LISTED });
  return api.persons(run, history.replicate, {
    limit: MOST_LISTED,
    ...(home === null ? {} : { home: overview.places[home].id }),
    ...(kind === null ? {} : { kind }),
    ...(group === null ? {} : { group: overview.groups[group].id }),
  });
}

export function readStory({ run, history }: Loaded, person: number): Promise<StoryView> {
  return run === null ? engine.ask("person", { person }) : api.person(run, history.replicate, person);
}

export function askButFor({ run, history }: Loaded, person: number, incident: number, futures: number): Promise<ButForView> {
  if (run === null) return engine.ask("but_for", { person, incident, replicates: futures });
  return api.butFor(run, history.replicate, person, incident, futures);
}
