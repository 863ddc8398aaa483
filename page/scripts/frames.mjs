// Measures what a served run costs a browser: bytes sent, first paint, and frames a second while playing and while panning.
//   allegiance explore RUN --no-open --port 8080 &
//   node page/scripts/frames.mjs http://127.0.0.1:8080/
import { chromium } from "playwright-core";

const [address] = process.argv.slice(2);
if (address === undefined) throw new Error("name the address of a page that `allegiance explore` serves");
const SECONDS = 8;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-background-networking", "--no-first-run"] });

/** Frames a second, with the frame that 95 in 100 are no longer than. */
const frames = (tab, seconds, during) => tab.evaluate(async ([longest, pans]) => {
  const times = [];
  const until = performance.now() + 1000 * longest;
  const map = document.querySelector(".surface");
  const { left, top, width, height } = map.getBoundingClientRect();
  const at = (type, x) => map.dispatchEvent(new PointerEvent(type, { pointerId: 1, isPrimary: true, clientX: left + x, clientY: top + height / 2, bubbles: true }));
  if (pans) {
    map.querySelector("canvas").setPointerCapture = () => undefined;
    at("pointerdown", width / 2);
  }
  await new Promise((done) => {
    const tick = (now) => {
      times.push(now);
      if (pans) at("pointermove", width / 2 + 120 * Math.sin(now / 200));
      if (now < until) requestAnimationFrame(tick);
      else done();
    };
    requestAnimationFrame(tick);
  });
  if (pans) at("pointerup", width / 2);
  const gaps = times.slice(1).map((time, i) => time - times[i]).sort((a, b) => a - b);
  return { fps: 1000 / (gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length), late: gaps[Math.floor(0.95 * gaps.length)] };
}, [seconds, during === "panning"]);

try {
  const tab = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const devtools = await tab.context().newCDPSession(tab);
  await devtools.send("Network.enable");
  const sent = new Map();
  const urls = new Map();
  devtools.on("Network.responseReceived", ({ requestId, response }) => urls.set(requestId, new URL(response.url).pathname));
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => sent.set(urls.get(requestId), encodedDataLength));
  const began = performance.now();
  await tab.goto(address);
  await tab.waitForSelector(".stage");
  const shown = performance.now() - began;
  const paint = await tab.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  await tab.waitForTimeout(1500);
  for (const [path, bytes] of sent) console.log(`${path}: ${Math.round(bytes / 1000)} kB sent`);
  console.log(`first paint ${Math.round(paint)} ms, the run shown after ${Math.round(shown)} ms`);
  const panning = await frames(tab, SECONDS, "panning");
  await tab.getByLabel("Speed").selectOption("30");
  await tab.getByRole("button", { name: "Play" }).click();
  const playing = await frames(tab, SECONDS, "playing");
  for (const [what, { fps, late }] of [["panning", panning], ["playing 30 days a second", playing]]) console.log(`${what}: ${fps.toFixed(1)} frames a second, 95 in 100 within ${late.toFixed(1)} ms`);
} finally {
  await browser.close();
}
