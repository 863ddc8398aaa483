import { SvelteMap } from "svelte/reactivity";
import type { History, Overview, Pair, TheoryFile } from "../contract";
import { engine } from "../engine/engine";
import type { BesideRun, Files, HowFar, RunQuestion, ScenarioSize } from "../engine/questions";
import { isoOf } from "../time/dates";
import type { LiveChanges } from "../state/url";
import { type Chosen, type Source, changesOf, commandOf, numberText, scenarioText, settingsOf, theoriesOf, unchanged, withoutField } from "./changes";
import { type FieldOption, fieldOfParameter, fieldOfSetting, isSame, wrongWith } from "./fields";
import { tooLarge } from "./large";
import { builtIn, scenarioOfRun } from "./scenario";
import { drawn, joined, nextStep } from "./streaming";

/** Why the browser can't simulate what the page shows, known before anything is loaded; null where it may. */
export function cantSimulate({ scenario_id: id, places, n_days: nDays }: Overview): string | null {
  return tooLarge(id, places.reduce((sum, { population }) => sum + population, 0), nDays);
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

/** Days of a run as they come. */
export interface SoFar {
  overview: Overview;
  history: History;
  /** Whether it can't stand beside the served run. */
  isAlone: boolean;
}

/** How far a run is. */
export interface Progress {
  day: number;
  nDays: number;
  /** Milliseconds since it was begun. */
  ms: number;
}

/** What is chosen on the panel, kept while another tab is shown. */
class Live {
  options = $state.raw<Source | null>(null);
  /** The scenario's files; none where it comes with the engine. */
  #files: Files = {};
  /** The scenarios that come with the engine, once they are known. */
  scenarios = $state.raw<readonly ScenarioSize[]>([]);
  /** What an address asks to be changed, until the panel has loaded what can be. */
  wanted: LiveChanges | null = null;
  belief = $state("");
  exit = $state("");
  seed = $state(0);
  days = $state(1);
  replicate = $state(0);
  /** Parameters that aren't as in the scenario. */
  readonly parameters = new SvelteMap<string, number>();
  /** Whatever else isn't, in the order of choosing. */
  readonly settings = new SvelteMap<string, string>();
  /** The text of a theory's file; empty where there is none. */
  theory = $state("");
  /** Further theories of the run that the page shows. */
  further = $state.raw<readonly TheoryFile[]>([]);
  /** Why what the page shows can't be changed here; then nothing is chosen until somebody chooses. */
  refusal = $state<string | null>(null);
  isRunning = $state(false);
  progress = $state.raw<Progress | null>(null);
  /** How far a run was that was stopped. */
  stopped = $state.raw<Progress | null>(null);
  error = $state<string | null>(null);
  finished = $state.raw<Finished | null>(null);
  #isStopping = false;

  readonly chosen = $derived<Chosen>({
    belief: this.belief,
    exit: this.exit,
    seed: this.seed,
    days: this.days,
    replicate: this.replicate,
    parameters: new Map(this.parameters),
    theory: this.theory,
    further: this.further,
    settings: new Map(this.settings),
  });
  /** What is changed, for the address: what has fields of its own; null where nothing was loaded. */
  readonly changes = $derived.by<LiveChanges | null>(() => {
    if (this.options === null) return null;
    const { belief, exit, seed, days, replicate } = this.chosen;
    return { scenario: this.options.scenario, belief, exit, seed, days, replicate, parameters: [...this.parameters], settings: [...this.settings] };
  });
  readonly command = $derived(this.options === null ? "" : commandOf(this.options, this.chosen));
  readonly scenarioFile = $derived(this.options === null ? "" : scenarioText(this.options, this.chosen));
  /** Changes of the run that the page shows which no field has, as assignments. */
  readonly kept = $derived(this.options === null ? [] : withoutField(this.options, this.settings));
  /** Every parameter and setting that has a field. */
  readonly fields = $derived<readonly FieldOption[]>([...(this.options?.settings ?? []).map(fieldOfSetting), ...(this.options?.parameters ?? []).map(fieldOfParameter)]);
  readonly #fieldOf = $derived(new Map(this.fields.map((field) => [field.name, field])));
  readonly #isParameter = $derived(new Set((this.options?.parameters ?? []).map(({ name }) => name)));
  /** Those that aren't as in the scenario. */
  readonly changed = $derived(this.fields.filter(({ name }) => this.parameters.has(name) || this.settings.has(name)));
  /** What keeps it from running, by field. */
  readonly mistakes = $derived.by<Map<string, string>>(() => {
    const mistakes = new Map<string, string>();
    for (const field of this.changed) {
      const wrong = wrongWith(field, this.valueOf(field) ?? "");
      if (wrong !== null) mistakes.set(field.name, wrong);
    }
    return mistakes;
  });

  /** Starts from a run that the server has, or says why that can't be. */
  async start(run: number, shown: Overview, replicate: number): Promise<void> {
    this.refusal = cantSimulate(shown);
    if (this.refusal === null) {
      try {
        const { source, files } = await scenarioOfRun(engine, run, shown);
        this.#load(source, files);
        [this.seed, this.days] = [shown.seed, shown.n_days];
        // The slots of its theories in files go on from their texts, the last of which can be edited.
        const filled = new Set(shown.theories.flatMap(({ slots }) => slots));
        if (!filled.has("belief")) this.belief = shown.belief;
        if (!filled.has("exit")) this.exit = shown.exit;
        const edited = shown.theories.findLast(({ slots }) => slots.includes("exit")) ?? shown.theories.at(-1);
        this.theory = edited?.text ?? "";
        this.further = shown.theories.filter((one) => one !== edited);
        this.replicate = replicate;
        for (const { name, value } of shown.changed_parameters) this.set(name, value);
        for (const [key, value] of settingsOf(source, shown.changes)) this.settings.set(key, value);
        this.#takeWanted(source);
      } catch (error) {
        this.refusal = `The run can’t be simulated again here: ${textOf(error)}`;
      }
    }
    await this.#listScenarios();
  }

  /** Starts from a scenario that comes with the engine. */
  async choose(scenario: string): Promise<void> {
    try {
      const { source, files } = await builtIn(engine, scenario);
      this.#load(source, files);
      this.#takeWanted(source);
      this.error = null;
    } catch (error) {
      this.error = textOf(error);
    }
  }

  /** Back to what the scenario has. */
  reset(): void {
    if (this.options !== null) this.#take(unchanged(this.options));
  }

  /** Ends the simulation that goes on. */
  stop(): void {
    if (!this.isRunning) return;
    this.#isStopping = true;
    void engine.stop();
  }

  /** The value of a field as it is chosen; null where nothing is stated. */
  valueOf({ name, value }: FieldOption): string | null {
    const parameter = this.parameters.get(name);
    return parameter === undefined ? (this.settings.get(name) ?? value) : numberText(parameter);
  }

  /** Sets a field; as in the scenario, it is no change. */
  set(name: string, text: string): void {
    const field = this.#fieldOf.get(name);
    if (field === undefined) return;
    const isAsInScenario = isSame(field, text, field.value);
    // A setting that is set again counts as chosen last.
    this.settings.delete(name);
    if (this.#isParameter.has(name)) {
      if (isAsInScenario) this.parameters.delete(name);
      else this.parameters.set(name, text.trim() === "" ? Number.NaN : Number(text));
    } else if (!isAsInScenario) this.settings.set(name, text);
  }

  /** A field as in the scenario again. */
  unset(name: string): void {
    this.parameters.delete(name);
    this.settings.delete(name);
  }

  /**
   * Simulates, some days at a time, and gives the days as they come; `beside` is the served replicate of the same number,
   * or null where there is none. Null at the end where it was stopped or went wrong.
   */
  async run(beside: BesideRun | null, onDays: (soFar: SoFar) => void): Promise<Finished | null> {
    const source = this.options;
    if (source === null || this.isRunning || this.mistakes.size > 0) return null;
    [this.isRunning, this.#isStopping, this.error, this.stopped] = [true, false, null, null];
    const { chosen, command } = this;
    const started = performance.now();
    const label = (overview: Overview): string => [overview.label, `replicate ${chosen.replicate}`, "in this browser"].join(" · ");
    const question: RunQuestion = {
      scenario: source.scenario,
      files: this.#files,
      changes: changesOf(source, chosen),
      replicate: chosen.replicate,
      view: true,
      beside,
      theories: theoriesOf(chosen),
    };
    this.progress = { day: 0, nDays: chosen.days, ms: 0 };
    try {
      const begun = await engine.ask("begin", question);
      await this.#follow(begun, label, started, onDays);
      const { view, digests, pair, apart } = await engine.ask("end", {});
      if (view === null) throw new Error("The engine gave no view.");
      const ms = performance.now() - started;
      const { overview, history } = view;
      this.finished = { overview: { ...overview, label: label(overview) }, history, command, digests: Object.entries(digests), replicate: chosen.replicate, ms, pair, apart };
      return this.finished;
    } catch (error) {
      if (this.#isStopping) [this.stopped, this.finished] = [this.progress, null];
      else this.error = textOf(error);
      return null;
    } finally {
      this.isRunning = false;
      this.progress = null;
    }
  }

  /** Asks for days until all are done. */
  async #follow(begun: HowFar, label: (overview: Overview) => string, started: number, onDays: (soFar: SoFar) => void): Promise<void> {
    const { overview, n_days: nDays } = begun;
    if (overview === null) throw new Error("The engine gave no view.");
    let history: History | null = null;
    let days = 1;
    let shownMs = 0;
    for (let day = 0; day < nDays; ) {
      const asked = performance.now();
      const next = await engine.ask("go_on", { days, view: true });
      const came = performance.now();
      day = next.day;
      this.progress = { day, nDays, ms: came - started };
      if (next.history !== null) history = history === null ? next.history : joined(history, next.history);
      if (history !== null && day < nDays) {
        const end = isoOf(overview.start, day - 1);
        onDays({ overview: { ...overview, n_days: day, end, label: `${label(overview)} · day ${day} of ${nDays}` }, history, isAlone: begun.apart !== null });
        await drawn();
      }
      shownMs = performance.now() - came;
      days = nextStep(days, came - asked, shownMs);
    }
  }

  async #listScenarios(): Promise<void> {
    try {
      if (this.scenarios.length === 0) this.scenarios = (await engine.ask("scenarios", {})).filter((one) => tooLarge(one.scenario, one.n_inhabitants, one.n_days) === null);
    } catch (error) {
      this.error = textOf(error);
    }
  }

  #load(source: Source, files: Files): void {
    this.options = source;
    this.#files = files;
    this.#take(unchanged(source));
  }

  /** What the address asks for, where it is of this scenario. */
  #takeWanted(source: Source): void {
    const { wanted } = this;
    this.wanted = null;
    if (wanted === null || wanted.scenario !== source.scenario) return;
    const { belief, exit, seed, days, replicate } = wanted;
    Object.assign(this, { seed, days, replicate });
    if (source.beliefs.some(({ word }) => word === belief)) this.belief = belief;
    if (source.exits.some(({ word }) => word === exit)) this.exit = exit;
    // They are all the changes, those of the run among them.
    this.parameters.clear();
    for (const [name, value] of wanted.parameters) this.set(name, numberText(value));
    if (wanted.settings === undefined) return;
    for (const name of [...this.settings.keys()]) if (this.#fieldOf.has(name)) this.settings.delete(name);
    for (const [key, value] of wanted.settings) this.set(key, value);
  }

  #take(chosen: Chosen): void {
    this.belief = chosen.belief;
    this.exit = chosen.exit;
    this.seed = chosen.seed;
    this.days = chosen.days;
    this.replicate = chosen.replicate;
    this.parameters.clear();
    this.settings.clear();
    this.theory = chosen.theory;
    this.further = chosen.further;
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const live = new Live();
