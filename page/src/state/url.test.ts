import { describe, expect, it } from "vitest";
import { type Address, readAddress, writeAddress } from "./url";

describe("the address of a view", () => {
  it("is read as it was written", () => {
    const address: Address = { day: "2014-01-12", replicate: 3, place: "maarrat_al_numan", person: 14945, tab: "person", layer: "belief" };
    expect(readAddress(writeAddress(address))).toEqual(address);
    expect(readAddress(writeAddress({}))).toEqual({});
  });
  it("holds zoom, hidden groups, filters, the person beside and changes of the Live tab", () => {
    const address: Address = {
      map: { k: 3.5, x: 0.412, y: 0.6 }, hide: ["first", "second"], dates: 4, beside: 7, run: 1, incidents: "assault",
      people: { kind: "stayer", home: "tall_rumman", from_age: "18", page: "2" },
      live: { scenario: "one-village", belief: "fixed", exit: "full", seed: 5, days: 60, replicate: 1, parameters: [["combat.decisiveness", 2.5]], settings: [["groups.isis.pay_usd_per_month", "90"], ["mechanisms.voice", "false"]] },
    };
    expect(readAddress(writeAddress(address))).toEqual(address);
  });
  it("believes nothing that was changed by hand into nonsense", () => {
    expect(readAddress("#map=0,1,2&dates=9&live=%7B%22scenario%22%3A%22..%2Fx%22%7D&people.order=score&beside=x")).toEqual({});
    const live = { scenario: "x", belief: "fixed", exit: "full", seed: 5, days: 60, replicate: 1, parameters: [] };
    expect(readAddress(`#live=${encodeURIComponent(JSON.stringify(live))}`)).toEqual({ live });
    expect(readAddress(`#live=${encodeURIComponent(JSON.stringify({ ...live, settings: [["a b", "<i>"]] }))}`)).toEqual({});
    expect(readAddress("#live=%7Bnot%20json&map=a,b,c")).toEqual({});
  });
  it("leaves out what can't be read", () => {
    expect(readAddress("#day=tomorrow&replicate=-1&person=1e3&tab=bogus&layer=&place=x&other=1")).toEqual({ place: "x" });
  });
});
