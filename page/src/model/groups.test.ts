import { describe, expect, it } from "vitest";
import { groupLooks } from "./groups";

const named = (...names: string[]) => names.map((name) => ({ id: name.toLowerCase(), name }));

describe("looks of groups", () => {
  it("gives each group another letter, where it can a first one", () => {
    const looks = groupLooks([named("Jabhat al-Nusra", "Jaysh al-Mujahideen", "Ahrar al-Sham", "ISIS")]);
    expect([...looks.values()].map((look) => look.letter)).toEqual(["J", "M", "A", "I"]);
  });
  it("looks the same in two runs, and has enough letters for many", () => {
    const many = named(...Array.from({ length: 30 }, (_, i) => `Group ${i}`));
    const looks = groupLooks([many, named("Group 3", "Another")]);
    expect(looks.size).toBe(31);
    expect(new Set([...looks.values()].map((look) => look.letter)).size).toBe(31);
  });
});
