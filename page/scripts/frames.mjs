// Measures how smoothly the built page plays: 2,000 places, 365 days, 10 groups, in headless Chromium.
//   node scripts/frames.mjs [PLACES] [DAYS]
// The history is made up here by a fixed rule; nothing of it is a result of the model.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const [nPlaces = 2000, nDays = 365] = process.argv.slice(2).map(Number);
const N_GROUPS = 10;
const INCIDENTS_A_DAY = 40;
const MEASURED_SECONDS = 8;

let state = 12345;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const pick = (n) => Math.floor(random() * n);

const groups = Array.from({ length: N_GROUPS }, (_, i) => ({ id: `g${i}`, name: `Group ${i}` }));
const places = Array.from({ length: nPlaces }, (_, i) => ({
  id: `p${i}`, name: `Place ${i}`, lon: 36 + 5 * random(), lat: 33 + 4 * random(), population: Math.round(300 / (0.002 + random() ** 2)), region: "Nowhere",
}));
const overview = {
  about: "Simulated: synthetic people in real places; not a forecast.", label: "frames", engine_version: "0", git: null, scenario_id: "frames",
  scenario_title: "Frames a second", scenario_hash: "", seed: 1, n_replicates: 1, n_days: nDays, start: "2014-01-01", end: "2014-12-31",
  belief: "none", exit: "none", changed_parameters: [], groups, places, base: { countries: [], rivers: [], lakes: [], borders: [] }, happenings: [], assumptions: [],
};
const control = [];
const incidents = [];
for (let day = 0; day < nDays; day += 1) {
  for (let place = 0; place < nPlaces; place += 1) {
    if (day > 0 && random() > 1 / 3) continue;
    const [a, b] = [pick(N_GROUPS), pick(N_GROUPS)];
    const share = Math.round(random() * 100) / 100;
    control.push({ day, place, group: a, share }, ...(a === b ? [] : [{ day, place, group: b, share: 1 - share }]));
  }
  for (let i = 0; i < INCIDENTS_A_DAY; i += 1) {
    incidents.push({
      incident: incidents.length, day, place: pick(nPlaces), kind: "assault", perpetrator: pick(N_GROUPS), target: pick(N_GROUPS), attackers_won: true,
      dead_perpetrator: pick(5), dead_target: pick(9), dead_civilians: pick(3), sentence: "An assault.",
    });
  }
}
const measures = ["strength", "deaths", "joins", "exits", "civilians_killed", "population_share"];
const series = measures.flatMap((measure) => groups.map((_, group) => ({ measure, group, values: Array.from({ length: nDays }, (_, day) => day * (group + 1)) })));
const history = { replicate: 0, control, incidents, displacement: [], series, beliefs: [], digests: {} };

const page = readFileSync(new URL("../built/index.html", import.meta.url));
const answers = { "/api/runs": JSON.stringify({ runs: [overview] }), "/api/runs/0/replicates/0": JSON.stringify(history) };
const server = createServer((request, response) => {
  const answer = answers[request.url];
  response.setHeader("content-type", answer ? "application/json" : "text/html; charset=utf-8");
  response.end(answer ?? page);
}).listen(0, "127.0.0.1");
await new Promise((ready) => server.once("listening", ready));

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-background-networking", "--no-first-run"] });
try {
  const tab = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const began = performance.now();
  await tab.goto(`http://127.0.0.1:${server.address().port}/`);
  await tab.waitForSelector(".stage");
  const loaded = performance.now() - began;
  const paint = await tab.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  await tab.waitForTimeout(1500);
  await tab.getByLabel("Speed").selectOption("30");
  const devtools = await tab.context().newCDPSession(tab);
  await devtools.send("Performance.enable");
  const scriptSeconds = async () => (await devtools.send("Performance.getMetrics")).metrics.find(({ name }) => name === "ScriptDuration").value;
  const before = await scriptSeconds();
  const measured = await tab.evaluate(async (seconds) => {
    document.querySelector("button[aria-label=Play]").click();
    const times = [];
    const longest = performance.now() + seconds * 1000;
    await new Promise((done) => {
      const tick = (now) => {
        times.push(now);
        if (now < longest) requestAnimationFrame(tick);
        else done();
      };
      requestAnimationFrame(tick);
    });
    return { gaps: times.slice(1).map((time, i) => time - times[i]), day: document.querySelector("input[type=range]").valueAsNumber };
  }, MEASURED_SECONDS);
  const script = (await scriptSeconds()) - before;
  const gaps = measured.gaps.sort((a, b) => a - b);
  const at = (share) => gaps[Math.floor(share * (gaps.length - 1))].toFixed(1);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  console.log(`${nPlaces} places, ${nDays} days, ${control.length} changes of control: first paint ${Math.round(paint)} ms, drawn after ${Math.round(loaded)} ms`);
  console.log(`playing 30 days a second: ${(1000 / mean).toFixed(1)} frames a second; frame ms: median ${at(0.5)}, 95% ${at(0.95)}, longest ${at(1)}; script ${((script * 1000) / gaps.length).toFixed(1)} ms a frame; day ${measured.day} reached`);
} finally {
  await browser.close();
  server.close();
}
