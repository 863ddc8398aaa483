// Where people's stories come from: the server, or the engine in the browser for a run of its own.
import { api, isStatic } from "../api";
import type { ButForView, History, Overview, People, StoryView, TrustPoint } from "../contract";
import { engine, engineOfSite } from "../engine/engine";
import type { PairsDone, PeopleFilter } from "../engine/questions";
import { textsOf } from "../live/changes";
import { cantSimulate } from "../live/live.svelte";
import { scenarioOfRun } from "../live/scenario";
import { nextStep } from "../live/streaming";
import type { Loaded } from "../model/loaded";

/** People on a page of the list. */
export const A_PAGE = 50;

/** Whom nobody but the engine in the browser can tell of: people of its own run, and of a site without a server. */
async function engineFor({ run, overview, history, isWhole }: Loaded): Promise<typeof engine | null> {
  if (!isWhole) throw new Error("Nobody can be asked of a run without its last days.");
  if (run === null) return engine;
  if (!isStatic()) return null;
  const reason = cantSimulate(overview);
  if (reason !== null) throw new Error(`These are the files of a site, which hold no stories: they are simulated again where somebody asks. ${reason}`);
  const wanted = `${run}/${history.replicate}`;
  if (held?.of !== wanted) held = { of: wanted, simulated: simulateAgain(run, overview, history) };
  await held.simulated;
  return engineOfSite;
}

/** The replicate that the second engine holds. */
let held: { of: string; simulated: Promise<void> } | null = null;

async function simulateAgain(run: number, overview: Overview, history: History): Promise<void> {
  try {
    const { source, files } = await scenarioOfRun(engineOfSite, run, overview);
    const { digests } = await engineOfSite.ask("run", {
      scenario: source.scenario,
      files,
      changes: [...overview.changes],
      replicate: history.replicate,
      view: false,
      beside: null,
      theories: textsOf(overview.theories),
    });
    const isSame = Object.entries(digests).every(([table, digest]) => history.digests[table] === undefined || history.digests[table] === digest);
    if (!isSame) throw new Error("The engine of this site gives another history than the one shown, so it tells no stories of it.");
  } catch (error) {
    held = null;
    throw error;
  }
}

/** A page of the list, in order of number. */
export async function listPeople(of: Loaded, wanted: PeopleFilter): Promise<People> {
  const asked = await engineFor(of);
  if (asked !== null) return asked.ask("persons", wanted);
  const { run, overview, history } = of;
  const { home, group, ...others } = wanted;
  return api.persons(run as number, history.replicate, {
    ...others,
    ...(home !== undefined && { home: overview.places[home].id }),
    ...(group !== undefined && { group: overview.groups[group].id }),
  });
}

export async function readStory(of: Loaded, person: number): Promise<StoryView> {
  const asked = await engineFor(of);
  return asked === null ? api.person(of.run as number, of.history.replicate, person) : asked.ask("person", { person });
}

/** Week by week, of somebody whom the weekly sample doesn't hold; the replicate is simulated again. */
export async function watchTrust(of: Loaded, person: number): Promise<TrustPoint[]> {
  const asked = await engineFor(of);
  return asked === null ? api.trust(of.run as number, of.history.replicate, person) : asked.ask("trust", { person });
}

/**
 * Simulates until it is stopped by `signal`; then whoever works on it stops, too. Both the server and the engine in the browser
 * tell how many pairs of futures are drawn.
 */
export async function askButFor(of: Loaded, person: number, incident: number, futures: number, signal: AbortSignal, onDone: (pairs: PairsDone) => void): Promise<ButForView> {
  const asked = await engineFor(of);
  if (asked === null) return api.butFor(of.run as number, of.history.replicate, person, incident, futures, signal, onDone);
  // An engine that is stopped forgets what it held.
  const stop = (): void => {
    void asked.stop();
    held = null;
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    let pairs = await asked.ask("but_for_begin", { person, incident, replicates: futures });
    for (let more = 1; pairs.done < pairs.n; ) {
      onDone(pairs);
      const started = performance.now();
      pairs = await asked.ask("but_for_go_on", { pairs: more });
      more = nextStep(more, performance.now() - started);
    }
    return await asked.ask("but_for_end", {});
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
