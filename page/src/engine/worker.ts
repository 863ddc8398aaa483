// The engine in a thread of its own: the page sends the module's bytes once, then questions as text.

/** What the module exports; see crates/allegiance-wasm. */
interface Module {
  memory: WebAssembly.Memory;
  input(nBytes: number): number;
  run(): number;
  output(): number;
  output_length(): number;
}

export interface Asked {
  id: number;
  /** The module's bytes, with the first message. */
  module?: ArrayBuffer;
  question?: string;
}

export interface Answered {
  id: number;
  text: string;
  isMistake: boolean;
}

let loading: Promise<Module> | null = null;

function answer(module: Module, question: string): Omit<Answered, "id"> {
  const bytes = new TextEncoder().encode(question);
  const at = module.input(bytes.length);
  new Uint8Array(module.memory.buffer, at, bytes.length).set(bytes);
  const isMistake = module.run() !== 0;
  const text = new TextDecoder().decode(new Uint8Array(module.memory.buffer, module.output(), module.output_length()));
  return { text, isMistake };
}

self.onmessage = async ({ data }: MessageEvent<Asked>): Promise<void> => {
  try {
    if (data.module) loading = WebAssembly.instantiate(data.module, {}).then(({ instance }) => instance.exports as unknown as Module);
    if (loading === null) throw new Error("the engine wasn't loaded");
    const module = await loading;
    self.postMessage({ id: data.id, ...answer(module, data.question ?? "") } satisfies Answered);
  } catch (error) {
    loading = null;
    self.postMessage({ id: data.id, text: JSON.stringify({ error: String(error) }), isMistake: true } satisfies Answered);
  }
};
