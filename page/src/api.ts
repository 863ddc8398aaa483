// The server's answers, typed. Every call is a GET of the page's own origin.
import type {
  Agreement,
  Bands,
  ButForView,
  Difference,
  History,
  Overview,
  Pair,
  PersonRow,
  StoryView,
  TrustPoint,
} from "./contract";

/** What the server said instead of an answer. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

async function get<T>(path: string): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { headers: { accept: "application/json" } });
  } catch {
    throw new ApiError(0, "The server of this page doesn't answer. Is `allegiance explore` still running?");
  }
  if (!response.ok) {
    const body: unknown = await response.json().catch(() => null);
    const said = typeof body === "object" && body !== null && "error" in body ? String(body.error) : "";
    throw new ApiError(response.status, said || `${path}: ${response.status} ${response.statusText}`);
  }
  return (await response.json()) as T;
}

export interface PersonQuery {
  home?: string;
  kind?: PersonRow["kind"];
  group?: string;
  limit?: number;
}

const replicateOf = (run: number, replicate: number): string => `/api/runs/${run}/replicates/${replicate}`;

export const api = {
  runs: (): Promise<{ runs: Overview[]; pairs: Pair[] }> => get("/api/runs"),
  history: (run: number, replicate: number): Promise<History> => get(replicateOf(run, replicate)),
  bands: (run: number): Promise<Bands> => get(`/api/runs/${run}/bands`),
  agreement: (run: number): Promise<Agreement> => get(`/api/runs/${run}/agreement`),
  difference: (): Promise<Difference[]> => get("/api/difference"),
  persons: (run: number, replicate: number, query: PersonQuery): Promise<PersonRow[]> => {
    const words = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) if (value !== undefined) words.set(key, String(value));
    return get(`${replicateOf(run, replicate)}/persons?${words}`);
  },
  person: (run: number, replicate: number, person: number): Promise<StoryView> =>
    get(`${replicateOf(run, replicate)}/persons/${person}`),
  trust: (run: number, replicate: number, person: number): Promise<TrustPoint[]> =>
    get(`${replicateOf(run, replicate)}/persons/${person}/trust`),
  butFor: (run: number, replicate: number, person: number, incident: number, replicates: number): Promise<ButForView> =>
    get(`${replicateOf(run, replicate)}/persons/${person}/but-for?incident=${incident}&replicates=${replicates}`),
};
