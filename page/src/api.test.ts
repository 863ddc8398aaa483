import { expect, test } from "vitest";
import { fileOf } from "./api";

test("answers are files of a site", () => {
  const paths = ["/api/runs", "/api/difference", "/api/runs/1/bands", "/api/runs/0/agreement", "/api/runs/2/replicates/17", "/api/runs/1/scenario"];
  expect(paths.map(fileOf)).toEqual(["runs.json.gz", "difference.json.gz", "run-1-bands.json.gz", "run-0-agreement.json.gz", "run-2-replicate-17.json.gz", "run-1-scenario.json.gz"]);
});
