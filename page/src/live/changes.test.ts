import { describe, expect, it } from "vitest";
import type { ParameterOption, SettingOption } from "../engine/questions";
import { type Source, changesOf, commandOf, fills, scenarioText, settingsOf, theoriesOf, unchanged, withoutField } from "./changes";

const parameter = (name: string, meaning: string): ParameterOption => ({
  name, meaning, symbol: "x", unit: "share", value: 0.5, default: 0.5, low: 0.2, high: 0.8, lowest_allowed: 0, highest_allowed: 1, tag: "judgement", source: "",
});
const setting = (key: string, takes: SettingOption["takes"]): SettingOption => ({ key, takes, of: "group", group: null, value: null, low: 0, high: 1, words: [], meaning: "" });
const options: Source = {
  scenario: "one-village", named: "one-village", is_built_in: true, scenario_hash: "1", seed: 2014, n_days: 60, belief: "source_credibility", exit: "full",
  beliefs: [], exits: [], starts: {}, groups: [],
  parameters: [parameter("combat.loss_share", "Share lost."), parameter("combat.wounded_share", "Share wounded."), parameter("exits.kin", "Weight of kin.")],
  settings: [
    setting("groups.isis.pay_usd_per_month", "number"), setting("groups.isis.amnesty", "number"), setting("groups.isis.motives.social", "number"),
    setting("mechanisms.voice", "flag"), setting("levers.isis.radio", "number"), setting("relations.isis.front", "word"),
  ],
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
  it("go on with those of a run in their order, whether they have a field or not", () => {
    const settings = settingsOf(options, ["theory=fixed", "scale=10", "groups.isis.pay_usd_per_month=90", "exits.kin=0.3", "days=9"]);
    expect([...settings]).toEqual([["scale", "10"], ["groups.isis.pay_usd_per_month", "90"]]);
    expect(withoutField(options, settings)).toEqual(["scale=10"]);
    expect(changesOf(options, { ...chosen, settings })).toEqual([...changesOf(options, chosen), "scale=10", "groups.isis.pay_usd_per_month=90"]);
    expect(commandOf(options, { ...unchanged(options), settings })).toBe("allegiance run one-village --set scale=10 --set groups.isis.pay_usd_per_month=90 --out live");
  });
  it("know a key however it was spelled, so that nothing is set twice", () => {
    const spelled = settingsOf(options, ["parameters.exits.kin=0.3", "relations.front.isis=truce", "theory.belief=fixed"]);
    expect([...spelled]).toEqual([["relations.isis.front", "truce"]]);
  });
  it("name a scenario of one's own as the command line does, for a shell", () => {
    const own = { ...options, named: "my war/own.toml", is_built_in: false };
    const settings = new Map([["observation.country", "Côte d'Ivoire"]]);
    expect(commandOf(own, { ...unchanged(own), settings })).toBe("allegiance run 'my war/own.toml' --set 'observation.country=Côte d'\\''Ivoire' --out live");
    expect(scenarioText(own, unchanged(own))).toContain('extends = "my war/own.toml"\n');
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
  it("put into a file what means the same there, and tell the rest", () => {
    const settings = new Map([
      ["groups.isis.pay_usd_per_month", "90"], ["mechanisms.voice", "false"], ["groups.isis.motives.social", "0.4"], ["groups.isis.amnesty", "1"], ["levers.isis.radio", "0.5"],
    ]);
    expect(scenarioText(options, { ...unchanged(options), settings }).split("\n").slice(4).join("\n")).toBe(
      "# Not in this file; add it on the command line: --set groups.isis.motives.social=0.4\n# Not in this file; add it on the command line: --set levers.isis.radio=0.5\n" +
        '\n[[groups]]\nid = "isis"\npay_usd_per_month = 90\namnesty = 1\n\n[mechanisms]\nvoice = false\n',
    );
  });
});
