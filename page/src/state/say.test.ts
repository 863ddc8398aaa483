import { describe, expect, it } from "vitest";
import type { Loaded } from "../model/loaded";
import { endedWords } from "./say";

describe("a run that ended before the day", () => {
  const loaded = { overview: { start: "2014-01-01", n_days: 30 } } as Loaded;

  it("is shown on its last day, and says so", () => {
    expect(endedWords(loaded, 29)).toBe("");
    expect(endedWords(loaded, 36)).toBe(", ended and shown on 30 January 2014");
  });
});
