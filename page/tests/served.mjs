// Starts `allegiance explore` and a browser for the tests, and watches what the pages do.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import axe from "axe-core";
import { chromium } from "playwright-core";

/** The program under test: ALLEGIANCE, or what `.ci/run` builds. */
const target = process.env.CARGO_TARGET_DIR ?? new URL("../../target", import.meta.url).pathname;
export const PROGRAM = process.env.ALLEGIANCE ?? join(target, "ci", "allegiance");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Runs the program to its end in a folder that `stop` removes. */
export class Workshop {
  folder = mkdtempSync(join(tmpdir(), "allegiance-page-"));
  #servers = [];
  #sites = [];

  run(words) {
    execFileSync(PROGRAM, words, { cwd: this.folder, stdio: ["ignore", "ignore", "inherit"] });
  }

  /** What the program prints. */
  read(words) {
    return execFileSync(PROGRAM, words, { cwd: this.folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  }

  manifest(run) {
    return JSON.parse(readFileSync(join(this.folder, run, "run.json"), "utf8"));
  }

  /** Starts `allegiance explore` and gives the address of its page. */
  async explore(words) {
    const server = spawn(PROGRAM, ["explore", ...words, "--no-open", "--quiet"], { cwd: this.folder, stdio: ["ignore", "pipe", "inherit"] });
    this.#servers.push(server);
    for await (const line of createInterface({ input: server.stdout })) return line.trim();
    throw new Error(`allegiance explore ${words.join(" ")} ended without an address`);
  }

  /** Serves a folder as any web server does: files as they lie there. */
  async site(folder) {
    const types = { html: "text/html; charset=utf-8", gz: "application/gzip", md: "text/plain" };
    const server = createServer((request, response) => {
      const name = decodeURIComponent(new URL(request.url, "http://x").pathname.slice(1)) || "index.html";
      const path = join(this.folder, folder, name);
      if (name.includes("/") || !existsSync(path)) return response.writeHead(404).end();
      response.writeHead(200, { "content-type": types[name.split(".").at(-1)] ?? "application/octet-stream" });
      return response.end(readFileSync(path));
    });
    this.#sites.push(server);
    await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${server.address().port}/`;
  }

  async stop() {
    for (const site of this.#sites) site.close();
    for (const server of this.#servers) {
      if (server.exitCode !== null) continue;
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGINT");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function launch() {
  assert.ok(existsSync(CHROMIUM), `there is no ${CHROMIUM}; name a Chromium in CHROMIUM`);
  const args = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
  return chromium.launch({ executablePath: CHROMIUM, args });
}

/** A tab of its own at an address; `complaints` gathers what no page may do. */
export async function openPage(browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, colorScheme: "light", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints = [];
  const home = new URL(address).origin;
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(home) && !url.startsWith("data:") && !url.startsWith("blob:")) complaints.push(`asks elsewhere: ${url}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" || /content security policy/i.test(message.text())) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  await page.goto(address);
  await page.locator(".stage").waitFor();
  return { page, complaints, close: () => context.close() };
}

/** Texts of the drawings in sight that aren't whole within their drawing, or that end in an ellipsis. */
export const cutOff = (page) => page.evaluate(() => {
  const found = [];
  for (const text of document.querySelectorAll("svg text")) {
    const drawing = text.ownerSVGElement;
    const [frame, box] = [drawing.getBoundingClientRect(), text.getBoundingClientRect()];
    if (frame.width === 0 || box.width === 0 || getComputedStyle(drawing).overflow === "visible") continue;
    const isWhole = box.left >= frame.left - 1 && box.right <= frame.right + 1 && box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;
    if (!isWhole) found.push(`cut off: ${text.textContent} in ${drawing.getAttribute("aria-label") ?? drawing.className.baseVal}`);
  }
  for (const element of document.querySelectorAll("body *")) {
    const style = getComputedStyle(element);
    const isCut = style.textOverflow === "ellipsis" && element.scrollWidth > element.clientWidth;
    if (isCut || (element.children.length === 0 && /\S…$/.test(element.textContent) && !["BUTTON", "P"].includes(element.tagName))) found.push(`ellipsis: ${element.textContent}`);
  }
  return found;
});

/** What axe finds wrong, one line each. */
export async function violations(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), TAGS);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}
