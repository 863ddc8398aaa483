import { expect, test } from "vitest";
import { sexAndAge } from "./who";

test("members under 18 are called what they are", () => {
  expect(sexAndAge({ is_female: false, age: 17 })).toBe("Boy of 17");
  expect(sexAndAge({ is_female: true, age: 16 })).toBe("Girl of 16");
  expect(sexAndAge({ is_female: false, age: 18 })).toBe("Man of 18");
  expect(sexAndAge({ is_female: true, age: 40 })).toBe("Woman of 40");
});
