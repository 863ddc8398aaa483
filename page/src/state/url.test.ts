import { describe, expect, it } from "vitest";
import { type Address, readAddress, writeAddress } from "./url";

describe("the address of a view", () => {
  it("is read as it was written", () => {
    const address: Address = { day: "2014-01-12", replicate: 3, place: "maarrat_al_numan", person: 14945, tab: "person", layer: "belief" };
    expect(readAddress(writeAddress(address))).toEqual(address);
    expect(readAddress(writeAddress({}))).toEqual({});
  });
  it("leaves out what can't be read", () => {
    expect(readAddress("#day=tomorrow&replicate=-1&person=1e3&tab=bogus&layer=&place=x&other=1")).toEqual({ place: "x" });
  });
});
