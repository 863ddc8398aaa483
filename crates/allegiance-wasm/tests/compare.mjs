// Compares the digests of the WebAssembly build with those of `allegiance run`.
//
//   node compare.mjs MODULE.wasm PROGRAM
//
// Exits with 1 where any table of any case differs.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [modulePath, program] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(modulePath), {});
const { memory, input, run, output, output_length: outputLength } = instance.exports;

function ask(request) {
  const bytes = new TextEncoder().encode(JSON.stringify(request));
  const at = input(bytes.length);
  new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
  const code = run();
  const text = new TextDecoder().decode(new Uint8Array(memory.buffer, output(), outputLength()));
  const answer = JSON.parse(text);
  if (code !== 0) throw new Error(answer.error);
  return answer;
}

const cases = [
  { scenario: "one-village", changes: [] },
  { scenario: "one-village", changes: ["theory=motivated_reasoning", "theory=kin_and_home"] },
  { scenario: "one-village", changes: ["theory=social_averaging", "theory=cascade", "seed=5"] },
  { scenario: "one-village-observed", changes: [] },
  { scenario: "north-syria-2014", changes: ["days=15"] },
];
let nPassed = 0;
let nFailed = 0;
for (const request of cases) {
  const folder = mkdtempSync(join(tmpdir(), "allegiance-"));
  const set = request.changes.flatMap((change) =>
    change.startsWith("theory=") ? ["--theory", change.slice("theory=".length)] : ["--set", change]);
  execFileSync(program, ["run", request.scenario, ...set, "--quiet", "--out", join(folder, "run")], { stdio: "ignore" });
  const { tables } = JSON.parse(readFileSync(join(folder, "run", "run.json"), "utf8"));
  rmSync(folder, { recursive: true });
  const answer = ask(request);
  const different = Object.entries(answer.digests).filter(([name, digest]) => tables[name].digests[0] !== digest);
  const name = [request.scenario, ...request.changes].join(" ");
  if (different.length === 0) {
    nPassed += 1;
    console.log(`equal: ${name}, ${Object.keys(answer.digests).length} tables`);
  } else {
    nFailed += 1;
    console.log(`DIFFERENT: ${name}: ${different.map(([table]) => table).join(", ")}`);
  }
}
console.log(`${nPassed} passed, ${nFailed} failed`);
process.exitCode = nFailed === 0 ? 0 : 1;
