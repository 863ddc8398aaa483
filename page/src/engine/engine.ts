// Asks the engine in the browser: the same engine as the command line's, in a worker.
import { isStatic, readFile } from "../api";
import type { Questions } from "./questions";
import type { Answered, Asked } from "./worker";
import EngineWorker from "./worker?worker&inline";

interface Waiting {
  resolve: (text: string) => void;
  reject: (error: Error) => void;
}

class Engine {
  #worker: Promise<Worker> | null = null;
  #module: ArrayBuffer | undefined;
  #asked = 0;
  readonly #waiting = new Map<number, Waiting>();

  /** Asks; the questions about people are about the run asked for last. */
  async ask<Ask extends keyof Questions>(ask: Ask, given: Questions[Ask]["given"]): Promise<Questions[Ask]["back"]> {
    this.#worker ??= this.#start();
    const worker = await this.#worker.catch((error: unknown) => {
      this.#worker = null;
      throw error;
    });
    const id = (this.#asked += 1);
    const text = await new Promise<string>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const message: Asked = { id, question: JSON.stringify({ ask, ...given }) };
      const module = this.#module;
      this.#module = undefined;
      if (module) worker.postMessage({ ...message, module }, [module]);
      else worker.postMessage(message);
    });
    return JSON.parse(text) as Questions[Ask]["back"];
  }

  /** Ends whatever is being worked out. What the engine held is gone, too. */
  async stop(): Promise<void> {
    const worker = await this.#worker?.catch(() => null);
    for (const waiting of this.#waiting.values()) waiting.reject(new Error("Stopped."));
    this.#waiting.clear();
    worker?.terminate();
    this.#worker = null;
  }

  async #start(): Promise<Worker> {
    this.#module = await loadModule();
    const worker = new EngineWorker();
    worker.onmessage = ({ data }: MessageEvent<Answered>): void => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.isMistake) waiting?.reject(new Error((JSON.parse(data.text) as { error: string }).error));
      else waiting?.resolve(data.text);
    };
    worker.onerror = (event): void => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error(event.message || "The engine stopped."));
      this.#waiting.clear();
      worker.terminate();
      this.#worker = null;
    };
    return worker;
  }
}

async function loadModule(): Promise<ArrayBuffer> {
  if (isStatic()) return readFile("engine.wasm.gz");
  const response = await fetch("/engine.wasm");
  if (!response.ok) throw new Error(`The engine can't be loaded: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

export const engine = new Engine();
/** Another, which holds a replicate of the site where no server tells of its people. */
export const engineOfSite = new Engine();
