import { describe, expect, it } from "vitest";
import type { GroupEntry } from "../contract";
import { groupLooks } from "./groups";

const entry = (id: string, letters: string): GroupEntry => ({
  id,
  name: `Group ${id}`,
  look: { letters, colour: { light: "#1d49f5", dark: "#758fa5" }, ink: { light: "#ffffff", dark: "#000000" }, texture: "plain", dash: "none" },
});

describe("looks of groups", () => {
  it("are those that the views say, the same in two runs", () => {
    const looks = groupLooks([[entry("isis", "I"), entry("ypg", "Y")], [entry("isis", "X")]]);
    expect([...looks.keys()]).toEqual(["isis", "ypg"]);
    expect(looks.get("isis")).toEqual({ id: "isis", name: "Group isis", ...entry("isis", "I").look });
  });
});
