// The server's answers, typed. Every call is a GET of the page's own origin.
import type {
  Agreement,
  Bands,
  ButForView,
  Difference,
  History,
  Overview,
  Pair,
  People,
  ScenarioFiles,
  StoryView,
  TrustPoint,
} from "./contract";
import type { PairsDone, PeopleFilter } from "./engine/questions";

/** What the server said instead of an answer. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Whether this page is of a site of files: nobody answers, and views lie beside it. */
export const isStatic = (): boolean => document.querySelector('meta[name="allegiance-static"]') !== null;

/** How often the server is asked how far it is, in milliseconds. */
const LOOK_MS = 200;

const NO_ANSWER = "The server of this page doesn't answer. Is `allegiance explore` still running?";
const NO_FILE = "The files of this page can't be read. Browsers open it from a web server, and not from the disk.";

async function ask(path: string, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(path, { headers: { accept: "application/json" }, ...(signal && { signal }) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, isStatic() ? NO_FILE : NO_ANSWER);
  }
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  if (isStatic()) return JSON.parse(new TextDecoder().decode(await readFile(fileOf(path)))) as T;
  const response = await ask(path, signal);
  if (!response.ok) {
    const body: unknown = await response.json().catch(() => null);
    const said = typeof body === "object" && body !== null && "error" in body ? String(body.error) : "";
    throw new ApiError(response.status, said || `${path}: ${response.status} ${response.statusText}`);
  }
  return (await response.json()) as T;
}

/** The file of a site that holds an answer. */
export const fileOf = (path: string): string =>
  `${path.replace(/^\/api\//, "").replace(/^runs\/(\d+)\//, "run-$1-").replace(/replicates\/(\d+)$/, "replicate-$1")}.json.gz`;

/** The bytes of a file of a site, unpacked; some servers have their clients unpack such files by themselves. */
export async function readFile(name: string): Promise<ArrayBuffer> {
  const response = await ask(name);
  if (!response.ok) throw new ApiError(response.status, `${name}: ${response.status} ${response.statusText}`);
  const bytes = await response.arrayBuffer();
  const [first, second] = new Uint8Array(bytes, 0, 2);
  if (first !== 0x1f || second !== 0x8b) return bytes;
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** The same with places and groups by their ids, as the server takes them. */
export type PersonQuery = Omit<PeopleFilter, "home" | "group"> & { home?: string; group?: string };

const replicateOf = (run: number, replicate: number): string => `/api/runs/${run}/replicates/${replicate}`;

export const api = {
  runs: (): Promise<{ runs: Overview[]; pairs: Pair[] }> => get("/api/runs"),
  history: (run: number, replicate: number): Promise<History> => get(replicateOf(run, replicate)),
  bands: (run: number): Promise<Bands> => get(`/api/runs/${run}/bands`),
  agreement: (run: number): Promise<Agreement> => get(`/api/runs/${run}/agreement`),
  scenario: (run: number): Promise<ScenarioFiles> => get(`/api/runs/${run}/scenario`),
  difference: (): Promise<Difference[]> => get("/api/difference"),
  persons: (run: number, replicate: number, query: PersonQuery): Promise<People> => {
    const words = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) if (value !== undefined) words.set(key, String(value));
    return get(`${replicateOf(run, replicate)}/persons?${words}`);
  },
  person: (run: number, replicate: number, person: number): Promise<StoryView> =>
    get(`${replicateOf(run, replicate)}/persons/${person}`),
  trust: (run: number, replicate: number, person: number): Promise<TrustPoint[]> =>
    get(`${replicateOf(run, replicate)}/persons/${person}/trust`),
  butFor: async (
    run: number,
    replicate: number,
    person: number,
    incident: number,
    replicates: number,
    signal: AbortSignal,
    onDone: (pairs: PairsDone) => void,
  ): Promise<ButForView> => {
    const path = `${replicateOf(run, replicate)}/persons/${person}/but-for?incident=${incident}&replicates=${replicates}`;
    // The server works on one question at a time, which may be somebody else's.
    const look = async (): Promise<void> => {
      const { asked, done, n } = await get<{ asked: string | null } & PairsDone>("/api/at-work", signal);
      if (asked === path && n > 0) onDone({ done, n });
    };
    const looking = setInterval(() => void look().catch(() => {}), LOOK_MS);
    try {
      return await get(path, signal);
    } finally {
      clearInterval(looking);
    }
  },
};
