import { describe, expect, it } from "vitest";
import type { Options, ParameterOption } from "../engine/questions";
import { changesOf, commandOf, fills, otherChanges, scenarioText, search, theoriesOf, unchanged, wrongWith } from "./changes";

const parameter = (name: string, meaning: string): ParameterOption => ({
  name, meaning, symbol: "x", unit: "share", value: 0.5, default: 0.5, low: 0.2, high: 0.8, lowest_allowed: 0, highest_allowed: 1, tag: "judgement", source: "",
});
const options: Options = {
  scenario: "one-village", scenario_hash: "1", seed: 2014, n_days: 60, belief: "source_credibility", exit: "full", beliefs: [], exits: [], starts: {},
  parameters: [parameter("combat.loss_share", "Share lost."), parameter("combat.wounded_share", "Share wounded."), parameter("exits.kin", "Weight of kin.")],
};
const chosen = { ...unchanged(options), belief: "fixed", seed: 7, parameters: new Map([["exits.kin", 1e-7], ["combat.loss_share", 0.25]]) };

describe("changes", () => {
  it("are none where nothing was chosen", () => {
    expect(changesOf(options, unchanged(options))).toEqual([]);
    expect(commandOf(options, unchanged(options))).toBe("allegiance run one-village --out live");
  });
  it("come in the order of the dictionary, whatever the order of choosing", () => {
    expect(changesOf(options, chosen)).toEqual(["theory=fixed", "seed=7", "combat.loss_share=0.25", "exits.kin=1e-7"]);
  });
  it("make a command that simulates the replicate too", () => {
    expect(commandOf(options, { ...chosen, replicate: 2 })).toBe(
      "allegiance run one-village --theory fixed --seed 7 --set combat.loss_share=0.25 --set exits.kin=1e-7 --replicates 3 --out live",
    );
  });
  it("keep what no field has, such as pay", () => {
    const kept = otherChanges(options, ["theory=fixed", "groups.isis.pay_usd_per_month=90", "exits.kin=0.3", "days=9"]);
    expect(kept).toEqual(["groups.isis.pay_usd_per_month=90"]);
    expect(changesOf(options, { ...chosen, kept })).toEqual([...changesOf(options, chosen), ...kept]);
    expect(commandOf(options, { ...unchanged(options), kept })).toBe("allegiance run one-village --set 'groups.isis.pay_usd_per_month=90' --out live");
  });
  it("carry a theory of one's own, which takes the place of the one of exit", () => {
    const own = { ...unchanged(options), belief: "fixed", exit: "constant", theory: "format = 1\n" };
    expect(changesOf(options, own)).toEqual(["theory=fixed", "theory=mine.toml"]);
    expect(theoriesOf(own)).toEqual({ "mine.toml": "format = 1\n" });
    expect(commandOf(options, own)).toBe("allegiance run one-village --theory fixed --theory mine.toml --out live");
    expect(scenarioText(options, own)).toContain('[theory]\nbelief = "fixed"\nexit = "constant"\nfile = "mine.toml"\n');
    expect(theoriesOf({ ...own, theory: " \n" })).toEqual({});
  });
  it("go on with the theories of a run, each in its slot", () => {
    const further = [{ name: "repeated", file: "repeated.toml", slots: ["belief"], text: "[belief]\n" }];
    const own = { ...unchanged(options), belief: "fixed", exit: "constant", theory: "blocks = []\n", further };
    expect(changesOf(options, own)).toEqual(["theory=mine.toml", "theory=repeated.toml"]);
    expect(theoriesOf(own)).toEqual({ "mine.toml": "blocks = []\n", "repeated.toml": "[belief]\n" });
    expect(commandOf(options, own)).toBe("allegiance run one-village --theory mine.toml --theory repeated.toml --out live");
    expect(scenarioText(options, own)).toContain('file = ["mine.toml", "repeated.toml"]\n');
    expect(theoriesOf({ ...own, further: [{ ...further[0], name: "mine" }] })).toEqual({ "mine.toml": "blocks = []\n", "other-mine.toml": "[belief]\n" });
  });
  it("leave a slot that a theory's file doesn't fill to the engine's", () => {
    const belief = { ...unchanged(options), belief: "fixed", exit: "constant", theory: '[belief]\nconviction = "1"\n' };
    expect(changesOf(options, belief)).toEqual(["theory=constant", "theory=mine.toml"]);
    expect([fills('name = "x"\n', "exit"), fills("[voice]\n", "exit"), fills("[voice]\n[[block]]\n", "exit"), fills("", "exit")]).toEqual([true, false, true, false]);
  });
  it("make a scenario file", () => {
    expect(scenarioText(options, chosen).split("\n").slice(1).join("\n")).toBe(
      'format = 1\nextends = "one-village"\nid = "one-village-changed"\nseed = 7\n\n[theory]\nbelief = "fixed"\nexit = "full"\n\n[parameters.combat]\nloss_share = 0.25\n\n[parameters.exits]\nkin = 1e-7\n',
    );
  });
});

describe("parameters", () => {
  it("are found by words of name and meaning", () => {
    expect(search(options.parameters, "combat wounded").map(({ name }) => name)).toEqual(["combat.wounded_share"]);
    expect(search(options.parameters, "loss share")).toHaveLength(1);
    expect(search(options.parameters, " ")).toEqual([]);
  });
  it("refuse what the engine refuses", () => {
    expect(wrongWith(options.parameters[0], 1.1)).toBe("must be from 0 to 1");
    expect(wrongWith(options.parameters[0], Number.NaN)).toBe("must be a number");
    expect(wrongWith(options.parameters[0], 0.9)).toBeNull();
  });
});
