// Opens a built site in Chromium: the search finds, "Try it" simulates, no page asks another server for anything, and none
// reports an error or breaks WCAG 2.1 AA as far as axe sees, wide and narrow, light and dark. Takes pictures where a second folder is named.
//   node docs/site/browse.mjs SITE [PICTURES]      (after npm ci in page; CHROMIUM names the browser)
import assert from "node:assert/strict";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize, resolve } from "node:path";

const require = createRequire(new URL("../../page/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = require("axe-core");
const site = resolve(process.argv[2] ?? "");
const pictures = process.argv[3];
assert(existsSync(join(site, "try.html")), `${site} isn't a built site`);
const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png" };

const server = createServer((request, response) => {
  const path = join(site, normalize(decodeURIComponent(new URL(request.url, "http://here").pathname)));
  const found = existsSync(path) && statSync(path).isFile();
  response.writeHead(found ? 200 : 404, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
  if (found) createReadStream(path).pipe(response);
  else response.end();
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const address = `http://127.0.0.1:${server.address().port}/`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });

async function open(name, path, options, look) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("request", (request) => /^(?!data:|blob:)/.test(request.url()) && !request.url().startsWith(address) && wrong.push(`asks ${request.url()}`));
  page.on("response", (response) => response.status() >= 400 && wrong.push(`${response.status()} of ${response.url()}`));
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  await page.goto(address + path, { waitUntil: "networkidle" });
  await look?.(page);
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
  const spill = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.evaluate(axe.source);
  // The page in the frame has tests of its own, and browsers let the keyboard into what scrolls.
  const barred = await page.evaluate(() =>
    axe.run({ exclude: ["iframe"] }, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], rules: { "scrollable-region-focusable": { enabled: false } } }),
  );
  for (const { id, nodes } of barred.violations) wrong.push(`${id}: ${nodes[0].target} ${nodes[0].failureSummary}`);
  await context.close();
  assert.deepEqual(wrong, [], name);
  assert(spill <= 0, `${name} is ${spill} px wider than the window`);
  console.log(`ok ${name}`);
}

const NARROW = { viewport: { width: 390, height: 844 } };
const DARK = { colorScheme: "dark" };
try {
  await open("home", "index.html");
  await open("home-narrow-dark", "index.html", { ...NARROW, ...DARK });
  for (const page of ["concepts/model", "reference/tables", "reference/parameters", "howto/install", "howto/python", "validation/index", "concepts/odd"]) {
    await open(page.replace("/", "-"), `docs/${page}.html`, DARK);
    await open(`${page.replace("/", "-")}-narrow`, `docs/${page}.html`, NARROW);
  }
  await open("search", "docs/index.html", {}, async (page) => {
    await page.locator("input.md-search__input").click();
    await page.keyboard.type("desertion_per_month");
    await page.locator(".md-search-result__item a[href*='parameters.html']").first().waitFor();
  });
  await open("try", "try.html", {}, async (page) => {
    const live = page.frameLocator("iframe.live");
    await live.getByRole("tab", { name: "Live" }).click();
    await live.getByRole("button", { name: "Run in the browser" }).click();
    // What a run in the browser ends with: the digests of its tables.
    await live.locator("#live-digests").waitFor({ state: "attached", timeout: 60_000 });
  });
} finally {
  await browser.close();
  server.close();
}
