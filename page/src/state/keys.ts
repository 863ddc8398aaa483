import { nextMark } from "../time/marks";
import type { Explorer } from "./explorer.svelte";

/** Keys that a control itself uses while it has the focus. */
function belongsToControl(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("input:not([type=range]), select, textarea, [contenteditable]")) return true;
  if (event.key === " ") return target.matches("button, a, summary, [role=tab], input:not([type=range])");
  if (target.matches("input[type=range]")) return /^(Arrow|Home|End|Page)/.test(event.key);
  return /^(Arrow|Home|End)/.test(event.key) && target.closest("[role=tablist], [role=application], .scrolls") !== null;
}

/** Space plays, arrows step, n goes to the next happening. Returns how to stop listening. */
export function listenToKeys(explorer: Explorer): () => void {
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || belongsToControl(event)) return;
    const stride = event.shiftKey ? 7 : 1;
    const actions: Record<string, () => void> = {
      " ": () => explorer.togglePlay(),
      ArrowRight: () => explorer.goTo(explorer.day + stride),
      ArrowLeft: () => explorer.goTo(explorer.day - stride),
      Home: () => explorer.goTo(0),
      End: () => explorer.goTo(explorer.nDays - 1),
      n: () => explorer.goTo(nextMark(explorer.marks, explorer.day)?.day ?? explorer.day),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  addEventListener("keydown", press);
  return () => removeEventListener("keydown", press);
}
