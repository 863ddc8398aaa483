import { describe, expect, it } from "vitest";
import type { Overview } from "../contract";
import { differencesBetween } from "./between";

const base: Overview = {
  about: "", label: "a", engine_version: "", git: null, scenario_id: "s", scenario_title: "S", scenario_hash: "1", seed: 1,
  n_replicates: 1, n_days: 3, start: "2014-01-01", end: "2014-01-03", belief: "source_credibility", exit: "full",
  changed_parameters: [{ name: "exits.x", value: "2", default: "1" }], groups: [], places: [], outline: [], happenings: [], assumptions: [],
};

describe("what differs between runs", () => {
  it("names theories and parameters", () => {
    const other = { ...base, belief: "direct_experience", changed_parameters: [{ name: "harm.y", value: "5", default: "4" }] };
    expect(differencesBetween(base, other)).toEqual([
      "belief: direct experience instead of source credibility",
      "harm.y: 5 instead of 4",
      "exits.x: 1 instead of 2",
    ]);
  });
  it("says so where only the files differ, and nothing where all is the same", () => {
    expect(differencesBetween(base, { ...base, scenario_hash: "2" })).toEqual(["the files of the scenario"]);
    expect(differencesBetween(base, base)).toEqual([]);
  });
});
