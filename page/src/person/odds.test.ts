import { expect, test } from "vitest";
import { onScale } from "./odds";

test("each tenth part of a chance lies as far to the left", () => {
  expect([1, 0.1, 0.01, 1e-5, 1e-9, 0].map(onScale)).toEqual([1, 0.8, 0.6, 0, 0, 0]);
});
