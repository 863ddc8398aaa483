const STORED = "allegiance.theme";
type Choice = "light" | "dark" | null;

/** Dark or light: as the system says until someone chooses. */
class Theme {
  #system = $state(false);
  #choice = $state<Choice>(null);
  readonly isDark = $derived(this.#choice === null ? this.#system : this.#choice === "dark");

  constructor() {
    const query = matchMedia("(prefers-color-scheme: dark)");
    this.#system = query.matches;
    query.addEventListener("change", () => (this.#system = query.matches));
    try {
      const stored = localStorage.getItem(STORED);
      if (stored === "light" || stored === "dark") this.#choice = stored;
    } catch {
      // Storage is closed to this page; the choice then lasts until it is left.
    }
    this.#apply();
  }

  toggle(): void {
    this.#choice = this.isDark ? "light" : "dark";
    try {
      localStorage.setItem(STORED, this.#choice);
    } catch {
      // As above.
    }
    this.#apply();
  }

  #apply(): void {
    if (this.#choice === null) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.#choice;
  }
}

export const theme = new Theme();

const still = matchMedia("(prefers-reduced-motion: reduce)");
/** Whether the reader asked for less motion. */
export const wantsStillness = (): boolean => still.matches;
