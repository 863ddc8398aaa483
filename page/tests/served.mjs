// Starts `allegiance explore` and a browser for the tests, and watches what the pages do.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

  run(words) {
    execFileSync(PROGRAM, words, { cwd: this.folder, stdio: ["ignore", "ignore", "inherit"] });
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

  async stop() {
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

/** What axe finds wrong, one line each. */
export async function violations(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), TAGS);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}
