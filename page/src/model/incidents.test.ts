import { describe, expect, it } from "vitest";
import { type Incident, incidentsWords, killedWords } from "./incidents";

describe("who was killed", () => {
  const incident = (dead_perpetrator: number, dead_target: number, dead_civilians: number): Incident => ({
    incident: 0, day: 0, place: 0, kind: "assault", perpetrator: 0, target: 1, attackers_won: true, dead_perpetrator, dead_target, dead_civilians, sentence: "",
  });

  it("is told by members and civilians, never as a loose count of dead", () => {
    expect(incidentsWords([incident(2, 1_200, 3), incident(0, 0, 0)])).toBe("2 incidents, 1,205 killed in them (1,202 members, 3 civilians)");
    expect(incidentsWords([incident(0, 1, 0)], " of the chosen kind")).toBe("1 incident of the chosen kind, 1 killed in it (1 member)");
    expect(incidentsWords([incident(0, 0, 0)])).toBe("1 incident, nobody killed in it");
    expect(incidentsWords([])).toBe("No incident");
    expect(killedWords(0, 1)).toBe("1 killed (1 civilian)");
  });
});
