import { SvelteSet } from "svelte/reactivity";
import { api } from "../api";
import type { Agreement, Bands, Difference, History, Overview, Pair } from "../contract";
import { groupLooks } from "../model/groups";
import { type Loaded, prepare } from "../model/loaded";
import { type Centre, WHOLE } from "../map/frame";
import { people } from "../person/people.svelte";
import { live } from "../live/live.svelte";
import { dayOf, isoOf } from "../time/dates";
import { marksOf } from "../time/marks";
import { type Address, type Layer, readAddress, type Tab, writeAddress } from "./url";

/** Days a second. */
export const SPEEDS = [1, 3, 7, 15, 30] as const;
const DEFAULT_SPEED = 7;
const HISTORIES_KEPT = 6;
const LISTED_EVERY_MS = 250;

/** The letters of runs side by side. */
export const letterOf = (run: number): string => "ABCDEF"[run] ?? String(run + 1);

/** What the page shows: the runs, the replicate, the day, what is selected. */
export class Explorer {
  /** What the server has: one or two runs. */
  served = $state.raw<Overview[]>([]);
  /** What is shown: one run, or two side by side. */
  shown = $state.raw<Loaded[]>([]);
  /** Whether what is shown was simulated in the browser. */
  isLive = $state(false);
  differences = $state.raw<Difference[]>([]);
  /** What the two runs that are shown are to each other; null for one. */
  pair = $state.raw<Pair | null>(null);
  replicate = $state(0);
  day = $state(0);
  /** The day of lists and tables: while playing, it follows a few times a second, as nobody reads faster. */
  listedDay = $state(0);
  isPlaying = $state(false);
  speed = $state<number>(DEFAULT_SPEED);
  /** The id of the selected place. */
  place = $state<string | null>(null);
  person = $state<number | null>(null);
  tab = $state<Tab>("day");
  layer = $state<Layer>("control");
  /** Whether the map is drawn at four dates, of which the last is the day. */
  isFourDates = $state(false);
  /** What the maps are zoomed to. */
  centre = $state.raw<Centre>(WHOLE);
  /** A place that was looked for by name, which maps zoom to; a new one each time. */
  sought = $state.raw<{ place: string } | null>(null);
  /** The kind of incidents that are listed; empty for all. */
  incidentKind = $state("");
  /** Ids of groups that are filtered out. */
  readonly hidden = new SvelteSet<string>();
  /** Why nothing, or less, is shown. */
  error = $state<string | null>(null);
  isLoading = $state(true);
  /** What the polite live region says. */
  said = $state("");

  readonly first = $derived<Loaded | null>(this.shown[0] ?? null);
  readonly isSideBySide = $derived(this.shown.length > 1);
  readonly nDays = $derived(Math.max(1, ...this.shown.map((loaded) => loaded.overview.n_days)));
  readonly start = $derived(this.first?.overview.start ?? "1970-01-01");
  readonly looks = $derived(groupLooks(this.shown.map((loaded) => loaded.overview.groups)));
  readonly marks = $derived(
    marksOf(
      this.shown.flatMap((loaded, i) =>
        i > 0 && loaded.overview.scenario_id === this.first?.overview.scenario_id ? [] : loaded.overview.happenings,
      ),
      this.nDays,
    ),
  );

  /** The days that are drawn: the day, or four from the first to it. */
  readonly days = $derived(this.isFourDates ? [...new Set([0, 1, 2, 3].map((part) => Math.round((this.day * part) / 3)))] : [this.day]);
  /** Whether the page was opened at an address that somebody shared. */
  hasAddress = false;
  #servedPair: Pair | null = null;
  /** While days come: the day before they did, and the last that was gone to; -1 once somebody has gone elsewhere. */
  #streaming: { before: number; shown: number } | null = null;
  readonly #histories = new Map<string, Promise<History>>();
  #listedAt = 0;
  readonly #bands = new Map<number, Promise<Bands | null>>();
  readonly #agreements = new Map<number, Promise<Agreement | null>>();

  /** Reads the address, then the runs. */
  async open(hash: string): Promise<void> {
    try {
      const { runs, pairs } = await api.runs();
      this.served = runs;
      this.#servedPair = runs.length === 2 ? (pairs[0] ?? null) : null;
      if (this.served.length === 0) throw new Error("The server has no run to show.");
      const address = readAddress(hash);
      this.hasAddress = Object.keys(address).length > 0;
      await this.showServed(address.replicate ?? 0);
      this.visit(address);
      if (this.served.length === 2) this.differences = await api.difference();
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    } finally {
      this.isLoading = false;
    }
  }

  /** Shows a replicate of what is served; two runs are paired by its number. */
  async showServed(replicate: number): Promise<void> {
    const most = Math.min(...this.served.map((overview) => overview.n_replicates)) - 1;
    const wanted = Math.max(0, Math.min(replicate, most));
    const shown = await Promise.all(
      this.served.map(async (overview, run) => {
        const [history, bands, agreement] = await Promise.all([this.#history(run, wanted), this.#bandsOf(run), this.#agreementOf(run)]);
        return prepare(run, overview, history, bands, agreement);
      }),
    );
    this.replicate = wanted;
    this.isLive = false;
    this.#streaming = null;
    this.#show(shown, this.#servedPair);
  }

  /** Asks for another replicate; what goes wrong is shown. */
  async chooseReplicate(replicate: number): Promise<void> {
    try {
      await this.showServed(replicate);
      this.error = null;
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    }
  }

  /** The served replicate beside which one of the same number that the browser simulates can stand, or null. */
  async besideOf(scenario: string, hash: string, replicate: number): Promise<Loaded | null> {
    const [served] = this.served;
    if (served === undefined || served.scenario_id !== scenario || served.scenario_hash !== hash || replicate >= served.n_replicates) return null;
    const [history, bands, agreement] = await Promise.all([this.#history(0, replicate), this.#bandsOf(0), this.#agreementOf(0)]);
    return prepare(0, served, history, bands, agreement);
  }

  /** Shows a history that the browser simulated: beside a served one, where the two are a pair. */
  showLive(overview: Overview, history: History, beside: Loaded | null, pair: Pair | null): void {
    const shown = prepare(null, overview, history, null, null);
    this.isLive = true;
    // Who didn't go elsewhere meanwhile sees the day that he looked at before.
    if (this.#streaming !== null && this.day === this.#streaming.shown) this.day = this.#streaming.before;
    this.#streaming = null;
    this.#show(beside !== null && pair !== null ? [beside, shown] : [shown], pair);
  }

  /** Shows the days so far of a history that the browser simulates, and follows them as they come. */
  showDays(overview: Overview, history: History, beside: Loaded | null): void {
    const shown = prepare(null, overview, history, null, null, false);
    const before = this.#streaming?.before ?? this.day;
    const follows = !this.isPlaying && (this.#streaming === null || this.day === this.#streaming.shown);
    this.isLive = true;
    if (follows) this.day = overview.n_days - 1;
    this.#show(beside !== null ? [beside, shown] : [shown], null);
    this.#streaming = { before, shown: follows ? this.day : -1 };
  }

  #show(shown: Loaded[], pair: Pair | null): void {
    this.shown = shown;
    this.pair = shown.length > 1 ? pair : null;
    this.goTo(this.day);
    if (this.place !== null && !shown.some((loaded) => loaded.placeOf.has(this.place as string))) this.place = null;
    if (!this.hasLayer(this.layer)) this.layer = "control";
  }

  #history(run: number, replicate: number): Promise<History> {
    const key = `${run}/${replicate}`;
    const known = this.#histories.get(key);
    if (known) return known;
    if (this.#histories.size >= HISTORIES_KEPT) {
      const [oldest] = this.#histories.keys();
      this.#histories.delete(oldest);
    }
    const asked = api.history(run, replicate);
    this.#histories.set(key, asked);
    asked.catch(() => this.#histories.delete(key));
    return asked;
  }

  #bandsOf(run: number): Promise<Bands | null> {
    const known = this.#bands.get(run);
    if (known) return known;
    const asked = this.served[run].n_replicates > 1 ? api.bands(run) : Promise.resolve(null);
    this.#bands.set(run, asked);
    asked.catch(() => this.#bands.delete(run));
    return asked;
  }

  /** How far the replicates agree; null where there is one, or a run was written without who holds what. */
  #agreementOf(run: number): Promise<Agreement | null> {
    const known = this.#agreements.get(run);
    if (known) return known;
    const asked = this.served[run].n_replicates > 1 ? api.agreement(run).catch(() => null) : Promise.resolve(null);
    this.#agreements.set(run, asked);
    return asked;
  }

  /** Goes where an address says. */
  visit(address: Address): void {
    const day = address.day === undefined ? null : dayOf(this.start, address.day);
    if (day !== null) this.goTo(day);
    if (address.place !== undefined && this.shown.some((loaded) => loaded.placeOf.has(address.place as string))) {
      this.place = address.place;
      this.tab = "place";
    }
    if (address.person !== undefined) {
      this.person = address.person;
      this.tab = "person";
    }
    if (address.layer && this.hasLayer(address.layer)) this.layer = address.layer;
    if (address.tab) this.tab = address.tab;
    this.isFourDates = address.dates === 4;
    this.centre = address.map ?? WHOLE;
    this.incidentKind = address.incidents ?? "";
    this.hidden.clear();
    for (const id of address.hide ?? []) if (this.looks.has(id)) this.hidden.add(id);
    people.take(address);
    if (address.live !== undefined) live.wanted = address.live;
  }

  /** Whether what is shown has a layer. */
  hasLayer(layer: Layer): boolean {
    if (layer === "difference") return this.shown.length === 2;
    return layer !== "agreement" || this.shown.some(({ agreement }) => agreement !== null);
  }

  /** Where this view is. */
  readonly address = $derived.by<Address>(() => {
    const address: Address = { day: isoOf(this.start, this.day), replicate: this.replicate, tab: this.tab };
    if (this.place !== null) address.place = this.place;
    if (this.person !== null) address.person = this.person;
    if (this.layer !== "control") address.layer = this.layer;
    if (this.isFourDates) address.dates = 4;
    if (this.centre !== WHOLE) address.map = this.centre;
    if (this.hidden.size > 0) address.hide = [...this.hidden].sort();
    if (this.incidentKind !== "") address.incidents = this.incidentKind;
    const changes = live.changes;
    return { ...address, ...people.address, ...(changes === null ? {} : { live: changes }) };
  });
  readonly hash = $derived(writeAddress(this.address));

  /** Goes to a day, held within the run. */
  goTo(day: number): void {
    this.day = Math.max(0, Math.min(this.nDays - 1, Math.round(day)));
    const now = performance.now();
    if (this.isPlaying && now - this.#listedAt < LISTED_EVERY_MS) return;
    this.#listedAt = now;
    this.listedDay = this.day;
  }

  /** Plays or pauses; at the end, plays from the start. */
  togglePlay(): void {
    if (!this.isPlaying && this.day >= this.nDays - 1) this.day = 0;
    this.isPlaying = !this.isPlaying;
    this.listedDay = this.day;
  }

  pause(): void {
    this.isPlaying = false;
    this.listedDay = this.day;
  }

  selectPlace(id: string | null): void {
    this.place = id;
    if (id !== null) this.tab = "place";
  }

  /** Goes to a place that was looked for. */
  seek(id: string): void {
    this.selectPlace(id);
    this.sought = { place: id };
  }

  selectPerson(person: number | null): void {
    this.person = person;
    if (person !== null) this.tab = "person";
  }

  toggleGroup(id: string): void {
    if (!this.hidden.delete(id)) this.hidden.add(id);
  }

  /** Filters out every group but one. */
  showOnly(id: string): void {
    for (const other of this.looks.keys()) this.hidden.add(other);
    this.hidden.delete(id);
  }

  /** By index in a run's groups: whether it is shown. */
  shownGroups(loaded: Loaded): boolean[] {
    return loaded.overview.groups.map((group) => !this.hidden.has(group.id));
  }
}
