import { describe, expect, it } from "vitest";
import type { ParameterOption, SettingOption } from "../engine/questions";
import { fieldOfParameter, fieldOfSetting, isSame, search, stepOf, wrongWith } from "./fields";

const parameter: ParameterOption = {
  name: "combat.wounded_share", meaning: "Share wounded.", symbol: "w", unit: "share", value: 0.9, default: 0.5, low: 0.2, high: 0.8,
  lowest_allowed: 0, highest_allowed: 1, tag: "judgement", source: "",
};
const pay: SettingOption = {
  key: "groups.isis.pay_usd_per_month", of: "pay", group: "isis", value: "400", takes: "number", low: 0, high: 100_000, words: [], meaning: "Pay of a local member.",
};

describe("a field", () => {
  it("of a parameter has a slider over what is plausible and what the scenario has", () => {
    const field = fieldOfParameter(parameter);
    expect([field.low, field.high, field.lowest, field.highest]).toEqual([0.2, 0.9, 0, 1]);
    expect(stepOf(field)).toBe(0.01);
  });
  it("of pay has a slider up to some times what the scenario pays, and takes more", () => {
    const field = fieldOfSetting(pay);
    expect([field.short, field.low, field.high, field.highest]).toEqual(["pay_usd_per_month", 0, 1600, 100_000]);
    expect(stepOf(field)).toBe(20);
    expect(fieldOfSetting({ ...pay, value: "0" }).high).toBe(100);
    expect(fieldOfSetting({ ...pay, value: null, high: 1 }).high).toBe(1);
    expect(stepOf(fieldOfSetting({ ...pay, takes: "whole", value: "3", high: 1e7 }))).toBe(1);
  });
  it("refuses what the engine refuses", () => {
    const field = fieldOfParameter(parameter);
    expect(wrongWith(field, "1.1")).toBe("must be from 0 to 1");
    expect(wrongWith(field, "")).toBe("must be a number");
    expect(wrongWith(field, "0.9")).toBeNull();
    expect(wrongWith(fieldOfSetting({ ...pay, takes: "whole" }), "1.5")).toBe("must be a whole number");
    expect(wrongWith(fieldOfSetting({ ...pay, takes: "flag" }), "false")).toBeNull();
  });
  it("is as in the scenario however its number is written", () => {
    expect(isSame(fieldOfSetting(pay), "400.0", "400")).toBe(true);
    expect(isSame(fieldOfSetting({ ...pay, value: null }), "0", null)).toBe(false);
  });
  it("is found by words of its key and meaning", () => {
    const fields = [fieldOfSetting(pay), fieldOfParameter(parameter)];
    expect(search(fields, "isis pay").map(({ name }) => name)).toEqual(["groups.isis.pay_usd_per_month"]);
    expect(search(fields, "wounded share")).toHaveLength(1);
    expect(search(fields, " ")).toEqual([]);
  });
});
