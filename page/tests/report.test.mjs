// The report of a run, opened from disk in Chromium without a network.
//
//   node --test page/tests/report.test.mjs
//
// ALLEGIANCE names the program, CHROMIUM the browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { cutOff } from "./served.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const builds = ["ci", "release", "debug"].map((profile) =>
  join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), profile, "allegiance"),
);
const program = process.env.ALLEGIANCE ?? builds.find(existsSync);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let folder;
let browser;

before(async () => {
  assert.ok(program, `there is no program; build it, or name it with ALLEGIANCE (looked for ${builds.join(", ")})`);
  folder = mkdtempSync(join(tmpdir(), "allegiance-report-"));
  const call = (...words) => execFileSync(program, words, { cwd: folder, stdio: "pipe" });
  call("run", "one-village", "-q", "--replicates", "4", "--out", "one");
  call("run", "one-village", "-q", "--replicates", "4", "--theory", "constant", "--out", "rival");
  call("report", "one", "rival", "-q");
  call("run", join(here, "long_names.toml"), "-q", "--replicates", "2", "--out", "long");
  call("report", "long", "-q");
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
  });
});

after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Opens the report; gives the page and what it asked for or complained about. */
async function open(options, name = "one") {
  const context = await browser.newContext({ offline: true, ...options });
  const page = await context.newPage();
  const trouble = [];
  const address = pathToFileURL(join(folder, `${name}-report.html`)).href;
  page.on("request", (request) => request.url() !== address && trouble.push(`asks for ${request.url()}`));
  page.on("console", (message) => trouble.push(message.text()));
  page.on("pageerror", (error) => trouble.push(String(error)));
  await page.goto(address);
  return { page, trouble };
}

test("opens from disk without a network and without scripts", async () => {
  const { page, trouble } = await open({ javaScriptEnabled: false });
  assert.equal(await page.locator("h1").innerText(), "One village between two wars");
  // No section on patterns: the village belongs to no case.
  assert.equal(await page.locator("main > section").count(), 13);
  assert.ok((await page.locator("svg[role=img]").count()) > 10);
  await page.locator("#time summary").first().click();
  await page.locator("#time table").first().waitFor({ state: "visible" });
  assert.deepEqual(trouble, []);
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing wrong, ${colorScheme}`, async () => {
    const { page } = await open({ colorScheme });
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    assert.deepEqual(told, []);
  });
}

for (const width of [360, 1280]) {
  test(`nothing is wider than a window of ${width}`, async () => {
    const { page } = await open({ viewport: { width, height: 800 } });
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(excess <= 0, `${excess} pixels too wide`);
  });
}

test("captions are read whole in a narrow window, and drawings that go on say so", async () => {
  const { page } = await open({ viewport: { width: 420, height: 800 } });
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  const cut = await page.evaluate(() => [...document.querySelectorAll("caption span")].filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.textContent));
  assert.deepEqual(cut, []);
  const hints = await page.evaluate(() => [...document.querySelectorAll(".wide > .drawing")].map((one) => one.scrollWidth > one.clientWidth === (getComputedStyle(one, "::before").content !== "none")));
  assert.ok(hints.length > 3 && hints.every(Boolean), hints.join(" "));
});

test("drawings stay within their frames and names don't cover each other", async () => {
  const { page } = await open({ viewport: { width: 1280, height: 800 } });
  const problems = await page.evaluate(() => {
    const found = [];
    for (const svg of document.querySelectorAll("svg[role=img]")) {
      const frame = svg.getBoundingClientRect();
      const names = [...svg.querySelectorAll("text.name, text.axis")];
      for (const name of names) {
        const box = name.getBoundingClientRect();
        if (box.right > frame.right + 1 || box.left < frame.left - 1) found.push(`cut off: ${name.textContent}`);
      }
      const boxes = names.map((name) => [name.getBoundingClientRect(), name.textContent]);
      for (const [at, [a, text]] of boxes.entries()) {
        for (const [b, other] of boxes.slice(at + 1)) {
          const covers = a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4;
          if (covers) found.push(`${text} covers ${other}`);
        }
      }
    }
    return found;
  });
  assert.deepEqual(problems, []);
});

for (const [name, width] of [["one", 1280], ["long", 1280], ["long", 360]]) {
  test(`no text of a drawing is cut off, and no name is shortened: ${name}, ${width} pixels wide`, async () => {
    const { page } = await open({ viewport: { width, height: 800 } }, name);
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    assert.deepEqual(await cutOff(page), []);
    if (name === "long") assert.ok((await page.getByText("in the Eastern Countryside").count()) > 5);
  });
}

test("folded tables are printed, but for those of hundreds of rows", async () => {
  const { page } = await open({});
  await page.emulateMedia({ media: "print" });
  const hidden = await page.evaluate(() => [...document.querySelectorAll("details:not(.many)")].filter((one) =>
    !one.open && [...one.children].some((child) => child.tagName !== "SUMMARY" && child.getBoundingClientRect().height === 0)).map((one) => one.textContent.slice(0, 60)));
  assert.deepEqual(hidden, []);
});

test("prints on a few pages of paper", async () => {
  const { page } = await open({});
  const paper = await page.pdf({ preferCSSPageSize: true });
  const n_pages = paper.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length;
  assert.ok(n_pages >= 5 && n_pages <= 30, `${n_pages} pages`);
});
