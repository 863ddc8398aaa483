import { SvelteMap } from "svelte/reactivity";
import type { History, Overview, Pair, TheoryFile } from "../contract";
import { engine } from "../engine/engine";
import type { BesideRun, Options } from "../engine/questions";
import type { LiveChanges } from "../state/url";
import { type Chosen, changesOf, commandOf, otherChanges, scenarioText, theoriesOf, unchanged, wrongWith } from "./changes";

/** Scenarios that a browser simulates in a moment. */
export const SCENARIOS = [
  "one-village",
  "one-village-observed",
  "cut-off-garrison",
  "north-syria-2014",
  "darfur-2003-04",
  "pakistan-2009",
  "nigeria-2014",
];
/** Scenarios that come with the engine and would take a browser long. */
const TOO_LARGE = ["syria", "sierra-leone-1991-2002"];

/** Why the browser can't simulate what the page shows, known before anything is loaded; null where it may. */
export function cantSimulate({ scenario_id: id }: Overview): string | null {
  if (SCENARIOS.includes(id)) return null;
  return TOO_LARGE.includes(id)
    ? `${id} is too large to be simulated in a browser.`
    : `${id} is a scenario of your own, and the engine in the browser has only those that come with it.`;
}

export interface Finished {
  overview: Overview;
  history: History;
  command: string;
  digests: [table: string, digest: string][];
  replicate: number;
  ms: number;
  /** What it is to the served run beside it; null where it stands alone. */
  pair: Pair | null;
  /** What makes it another world than the served run. */
  apart: string | null;
}

/** What is chosen on the panel, kept while another tab is shown. */
class Live {
  options = $state.raw<Options | null>(null);
  /** What an address asks to be changed, until the panel has loaded what can be. */
  wanted: LiveChanges | null = null;
  belief = $state("");
  exit = $state("");
  seed = $state(0);
  days = $state(1);
  replicate = $state(0);
  /** Parameters that aren't as in the scenario. */
  readonly parameters = new SvelteMap<string, number>();
  /** The text of a theory's file; empty where there is none. */
  theory = $state("");
  /** Further theories of the run that the page shows. */
  further = $state.raw<readonly TheoryFile[]>([]);
  /** Changes of the run that the page shows which no field has. */
  kept = $state.raw<readonly string[]>([]);
  /** Why what the page shows can't be changed here; then nothing is chosen until somebody chooses. */
  refusal = $state<string | null>(null);
  isRunning = $state(false);
  error = $state<string | null>(null);
  finished = $state.raw<Finished | null>(null);

  readonly chosen = $derived<Chosen>({
    belief: this.belief,
    exit: this.exit,
    seed: this.seed,
    days: this.days,
    replicate: this.replicate,
    parameters: new Map(this.parameters),
    theory: this.theory,
    further: this.further,
    kept: this.kept,
  });
  /** What is changed, for the address: what has fields of its own; null where nothing was loaded. */
  readonly changes = $derived.by<LiveChanges | null>(() => {
    if (this.options === null) return null;
    const { belief, exit, seed, days, replicate } = this.chosen;
    return { scenario: this.options.scenario, belief, exit, seed, days, replicate, parameters: [...this.parameters] };
  });
  readonly command = $derived(this.options === null ? "" : commandOf(this.options, this.chosen));
  readonly scenarioFile = $derived(this.options === null ? "" : scenarioText(this.options, this.chosen));
  /** What keeps it from running, by parameter. */
  readonly mistakes = $derived.by<Map<string, string>>(() => {
    const mistakes = new Map<string, string>();
    for (const option of this.options?.parameters ?? []) {
      const value = this.parameters.get(option.name);
      const wrong = value === undefined ? null : wrongWith(option, value);
      if (wrong !== null) mistakes.set(option.name, wrong);
    }
    return mistakes;
  });

  /** Starts from the run that the page shows, or says why that can't be. */
  async start(shown: Overview, replicate: number): Promise<void> {
    this.refusal = cantSimulate(shown);
    if (this.refusal !== null) return;
    await this.choose(shown.scenario_id, shown, replicate);
    if (this.options !== null && this.options.scenario_hash !== shown.scenario_hash) {
      this.refusal = `The run is of a ${shown.scenario_id} that differs from the one that comes with the engine in the browser: its files have another hash.`;
      this.options = null;
    }
  }

  /** Loads what can be changed of a scenario; starts from a run of it where one is shown. */
  async choose(scenario: string, shown: Overview | null, replicate: number): Promise<void> {
    try {
      const options = await engine.ask("options", { scenario });
      this.options = options;
      this.#take(unchanged(options));
      if (shown !== null && shown.scenario_id === scenario && shown.scenario_hash === options.scenario_hash) {
        this.kept = otherChanges(options, shown.changes);
        [this.seed, this.days] = [shown.seed, shown.n_days];
        // The slots of its theories in files go on from their texts, the last of which can be edited.
        const filled = new Set(shown.theories.flatMap(({ slots }) => slots));
        if (!filled.has("belief")) this.belief = shown.belief;
        if (!filled.has("exit")) this.exit = shown.exit;
        const edited = shown.theories.findLast(({ slots }) => slots.includes("exit")) ?? shown.theories.at(-1);
        this.theory = edited?.text ?? "";
        this.further = shown.theories.filter((one) => one !== edited);
        this.replicate = replicate;
        for (const { name, value } of shown.changed_parameters) {
          const option = options.parameters.find((one) => one.name === name);
          if (option !== undefined && Number(value) !== option.value) this.parameters.set(name, Number(value));
        }
      }
      const { wanted } = this;
      this.wanted = null;
      if (wanted !== null && wanted.scenario === scenario) {
        const { belief, exit, seed, days } = wanted;
        Object.assign(this, { seed, days, replicate: wanted.replicate });
        if (options.beliefs.some(({ word }) => word === belief)) this.belief = belief;
        if (options.exits.some(({ word }) => word === exit)) this.exit = exit;
        for (const [name, value] of wanted.parameters) if (options.parameters.some((one) => one.name === name)) this.parameters.set(name, value);
      }
      this.error = null;
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    }
  }

  /** Back to what the scenario has. */
  reset(): void {
    if (this.options !== null) this.#take(unchanged(this.options));
  }

  /** Ends the simulation that goes on. */
  stop(): void {
    if (this.isRunning) void engine.stop();
  }

  /** Sets a parameter; as in the scenario, it is no change. */
  set(name: string, value: number): void {
    const option = this.options?.parameters.find((one) => one.name === name);
    if (option === undefined) return;
    if (value === option.value) this.parameters.delete(name);
    else this.parameters.set(name, value);
  }

  /** Simulates; `beside` is the served replicate of the same number, or null where there is none. */
  async run(beside: BesideRun | null): Promise<Finished | null> {
    const options = this.options;
    if (options === null || this.isRunning || this.mistakes.size > 0) return null;
    this.isRunning = true;
    this.error = null;
    const { chosen, command } = this;
    try {
      const started = performance.now();
      const changes = changesOf(options, chosen);
      const { view, digests, pair, apart } = await engine.ask("run", { scenario: options.scenario, changes, replicate: chosen.replicate, view: true, beside, theories: theoriesOf(chosen) });
      if (view === null) throw new Error("The engine gave no view.");
      const ms = performance.now() - started;
      const label = [view.overview.label, `replicate ${chosen.replicate}`, "in this browser"].join(" · ");
      this.finished = {
        overview: { ...view.overview, label },
        history: view.history,
        command,
        digests: Object.entries(digests),
        replicate: chosen.replicate,
        ms,
        pair,
        apart,
      };
      return this.finished;
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
      return null;
    } finally {
      this.isRunning = false;
    }
  }

  #take(chosen: Chosen): void {
    this.belief = chosen.belief;
    this.exit = chosen.exit;
    this.seed = chosen.seed;
    this.days = chosen.days;
    this.replicate = chosen.replicate;
    this.parameters.clear();
    this.theory = chosen.theory;
    this.further = chosen.further;
    this.kept = chosen.kept;
  }
}

export const live = new Live();
