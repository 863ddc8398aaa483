import { describe, expect, it } from "vitest";
import type { Overview } from "../contract";
import { controlDifference } from "./between";
import { prepare } from "./loaded";

const base: Overview = {
  about: "", changed: [], label: "a", engine_version: "", git: null, scenario_id: "s", scenario_title: "S", scenario_hash: "1", seed: 1,
  n_replicates: 1, n_days: 3, start: "2014-01-01", end: "2014-01-03", belief: "source_credibility", exit: "full",
  theories: [], changes: [], changed_parameters: [{ name: "exits.x", value: "2", default: "1" }], contested_below: 0.6, groups: [], places: [], base: { countries: [], rivers: [], lakes: [], borders: [] }, reasons: [], happenings: [], assumptions: [],
};

describe("control of a place in two runs", () => {
  const black = { light: "#000000", dark: "#000000" };
  const overview: Overview = {
    ...base,
    groups: ["x", "y"].map((id) => ({ id, name: id, look: { letters: id, colour: black, ink: black, texture: "plain", dash: "none" } })),
    places: [{ id: "p", name: "P", lon: 36, lat: 35, population: 9, region: "" }, { id: "q", name: "Q", lon: 37, lat: 35, population: 9, region: "" }],
  };
  const history = { replicate: 0, holders: [], control: [{ day: 0, place: 0, group: 0, share: 0.8 }, { day: 0, place: 0, group: 1, share: 0.2 }],
    incidents: [], displacement: [], series: [], beliefs: [], digests: {} };
  // The same groups and places, listed the other way round.
  const turned: Overview = { ...overview, groups: overview.groups.toReversed(), places: overview.places.toReversed() };
  const other = { ...history, control: [{ day: 0, place: 1, group: 0, share: 0.7 }, { day: 0, place: 1, group: 1, share: 0.3 }] };

  it("is compared by the names of groups and places", () => {
    const difference = controlDifference(prepare(0, overview, history, null, null), prepare(1, turned, other, null, null), 0, 2);
    expect(difference?.share).toBeCloseTo(0.5);
    expect(difference?.isOfLeaders).toBe(true);
    expect(difference?.leader).toBe(0);
  });
  it("is not compared where nobody holds the place", () => {
    expect(controlDifference(prepare(0, overview, history, null, null), prepare(1, turned, other, null, null), 1, 2)).toBeNull();
  });
});
