// The scenario of a run, for the engine in the browser.
import { api } from "../api";
import type { Overview } from "../contract";
import type { engine } from "../engine/engine";
import type { Files, Options } from "../engine/questions";
import type { Source } from "./changes";

export interface OwnScenario {
  source: Source;
  /** None where it comes with the engine. */
  files: Files;
}

/** What the command line is told to take where nobody knows where a run lies: the folder within it. */
const IN_ITS_FOLDER = "scenario";

/** A scenario that comes with the engine. */
export async function builtIn(asked: typeof engine, scenario: string): Promise<OwnScenario> {
  const options = await asked.ask("options", { scenario, files: {} });
  return { source: { ...options, named: options.scenario }, files: {} };
}

/** The scenario of a served run: that of the engine where it is the same to the byte, and else its own files. */
export async function scenarioOfRun(asked: typeof engine, run: number, { scenario_id: id, scenario_hash: hash }: Overview): Promise<OwnScenario> {
  const own: Options | null = await asked.ask("options", { scenario: id, files: {} }).catch(() => null);
  if (own?.scenario_hash === hash) return { source: { ...own, named: id }, files: {} };
  const { named, files } = await api.scenario(run);
  const options = await asked.ask("options", { scenario: id, files });
  if (options.scenario_hash !== hash) throw new Error("The files of the run’s scenario aren’t those that it was made from.");
  return { source: { ...options, named: named ?? IN_ITS_FOLDER }, files };
}
