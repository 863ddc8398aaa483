// Compares the digests of the WebAssembly build with those of `allegiance run`, and
// what the module that is committed for the page answers with what the build does.
//
//   node compare.mjs MODULE.wasm PROGRAM [COMMITTED.wasm.gz]
//
// Exits with 1 where any table of any case, or any answer, differs.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";

const [modulePath, programPath, committedPath] = process.argv.slice(2);
const program = resolve(programPath);

async function load(bytes) {
  const { instance } = await WebAssembly.instantiate(bytes, {});
  const { memory, input, run, output, output_length: outputLength } = instance.exports;
  return (request) => {
    const question = new TextEncoder().encode(JSON.stringify(request));
    const at = input(question.length);
    new Uint8Array(memory.buffer, at, question.length).set(question);
    const code = run();
    const text = new TextDecoder().decode(new Uint8Array(memory.buffer, output(), outputLength()));
    if (code !== 0) throw new Error(JSON.parse(text).error);
    return text;
  };
}

const built = readFileSync(modulePath);
const ask = await load(built);
const run = (request) => JSON.parse(ask({ ask: "run", ...request }));

// Theories in files: one of exit, and the engine's of belief with its tables and bounds of counts.
const theory = (name) => readFileSync(new URL(`../../allegiance-scenario/theories/${name}.toml`, import.meta.url), "utf8");
const cases = [
  {
    scenario: "one-village",
    changes: ["theory=safety.toml", "theory=sources.toml", "own.danger_weight=1.2"],
    theories: { "safety.toml": theory("own_safety_first"), "sources.toml": theory("source_credibility") },
  },
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
  for (const [name, text] of Object.entries(request.theories ?? {})) writeFileSync(join(folder, name), text);
  const set = request.changes.flatMap((change) =>
    change.startsWith("theory=") ? ["--theory", change.slice("theory=".length)] : ["--set", change]);
  execFileSync(program, ["run", request.scenario, ...set, "--quiet", "--out", "run"], { stdio: "ignore", cwd: folder });
  const { tables } = JSON.parse(readFileSync(join(folder, "run", "run.json"), "utf8"));
  rmSync(folder, { recursive: true });
  const answer = run(request);
  const different = Object.entries(answer.digests).filter(([name, digest]) => tables[name].digests[0] !== digest);
  const name = [request.scenario, ...request.changes].join(" ");
  const nTables = Object.keys(answer.digests).length;
  check(`${name}, ${nTables} tables${different.map(([table]) => ` ${table}`).join("")}`, different.length === 0);
}

function check(name, isEqual) {
  if (isEqual) nPassed += 1;
  else nFailed += 1;
  console.log(`${isEqual ? "equal" : "DIFFERENT"}: ${name}`);
}

if (committedPath) {
  const committed = gunzipSync(readFileSync(committedPath));
  console.log(`the committed module: ${committed.length} bytes${committed.equals(built) ? ", those of the build" : ""}`);
  const askCommitted = await load(committed);
  const questions = [
    { ask: "options", scenario: "one-village" },
    ...cases.map((request) => ({ ask: "run", ...request, view: true })),
    { ask: "persons", kind: "defector" },
  ];
  for (const question of questions) {
    const name = ["the committed module", question.ask, question.scenario, ...(question.changes ?? [])].join(" ");
    check(name, ask(question) === askCommitted(question));
  }
  const { rows: [{ person }] } = JSON.parse(ask({ ask: "persons", kind: "defector", limit: 1 }));
  for (const question of [{ ask: "person", person }, { ask: "options", scenario: "syria" }]) {
    check(`the committed module ${question.ask}`, ask(question) === askCommitted(question));
  }
  // Some days at a time, whatever the steps, and with the scenario's files in place of its name.
  const inSteps = (request, steps) => {
    askCommitted({ ask: "begin", ...request });
    for (const days of steps) askCommitted({ ask: "go_on", days, view: true });
    return askCommitted({ ask: "end" });
  };
  for (const scenario of ["one-village", "one-village-observed"]) {
    const request = { scenario, changes: [], view: true };
    check(`the committed module ${scenario} some days at a time`, inSteps(request, [1, 7, 500]) === askCommitted({ ask: "run", ...request }));
  }
  const folder = new URL("../../allegiance-scenario/builtin/one-village/", import.meta.url);
  const files = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), "utf8")]));
  const given = { scenario: "mine", files, changes: [], view: true };
  check("the committed module one-village of its files", askCommitted({ ask: "run", ...given }) === askCommitted({ ask: "run", scenario: "one-village", changes: [], view: true }));
  const started = performance.now();
  run({ scenario: "one-village", view: true });
  console.log(`one-village with its views: ${Math.round(performance.now() - started)} ms`);
}
console.log(`${nPassed} passed, ${nFailed} failed`);
process.exitCode = nFailed === 0 ? 0 : 1;
