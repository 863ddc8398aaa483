// Opens a notebook with the widget of a run in JupyterLab and Chromium, moves its slider, and takes the picture.
//
//   node docs/figures/widget.mjs PYTHON PICTURE
//
// PYTHON is that of an environment with the package, its extra `widget`, and jupyterlab; playwright-core is
// taken from page/node_modules (npm ci in page), Chromium from CHROMIUM or the search path.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const [python, picture] = process.argv.slice(2);
if (!picture) throw new Error("node docs/figures/widget.mjs PYTHON PICTURE");
const { chromium } = createRequire(resolve("page/package.json"))("playwright-core");

const folder = mkdtempSync(join(tmpdir(), "allegiance-widget-"));
const source = [
  "import allegiance\n",
  "from allegiance.widget import RunWidget\n",
  "\n",
  'run = allegiance.run("one-village", replicates=2, out="run", progress=False)\n',
  'RunWidget(run, pick="defector")',
];
const cells = [{ cell_type: "code", id: "only", metadata: {}, source, outputs: [], execution_count: null }];
const kernelspec = { name: "python3", display_name: "Python 3", language: "python" };
writeFileSync(join(folder, "run.ipynb"), JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }));

const port = await new Promise((done) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});
const words = ["-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", `--ServerApp.port=${port}`];
const lab = spawn(python, [...words, "--IdentityProvider.token=", `--ServerApp.root_dir=${folder}`], {
  cwd: folder, stdio: ["ignore", "ignore", "pipe"],
  env: { ...process.env, JUPYTER_CONFIG_DIR: join(folder, ".config"), JUPYTER_DATA_DIR: join(folder, ".data"), JUPYTER_RUNTIME_DIR: join(folder, ".run") },
});
let said = "";
lab.stderr.on("data", (data) => { said += data; });
let browser;
try {
  const address = `http://127.0.0.1:${port}/lab/tree/run.ipynb`;
  for (let tries = 0; ; tries += 1) {
    if (await fetch(address).then((answer) => answer.ok, () => false)) break;
    if (tries > 240) throw new Error(`JupyterLab doesn't answer\n${said}`);
    await new Promise((done) => setTimeout(done, 500));
  }
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(address);
  await page.locator(".jp-CodeCell .cm-content").first().click({ timeout: 120_000 });
  await page.waitForFunction(() => document.querySelector(".jp-Notebook-ExecutionIndicator")?.dataset.status === "idle", null, { timeout: 120_000 });
  await page.keyboard.press("Shift+Enter");
  const widget = page.locator(".allegiance-widget").first();
  await widget.waitFor({ timeout: 120_000 });
  const day = widget.locator('input[type="range"]');
  await day.fill("11");
  await page.waitForFunction(() => document.querySelector(".allegiance-widget output")?.textContent === "2014-01-12");
  const before = await widget.locator("pre").textContent();
  await widget.locator("select").selectOption("stayer");
  // The kernel tells the other path.
  await page.waitForFunction((told) => document.querySelector(".allegiance-widget pre").textContent !== told, before, { timeout: 60_000 });
  const seen = { circles: await widget.locator("circle").count(), today: (await widget.locator(".news").textContent()).trim() };
  if (!seen.circles || /^No incident/.test(seen.today)) throw new Error(`nothing is drawn: ${JSON.stringify(seen)}`);
  if (problems.length) throw new Error(problems.join("\n"));
  await widget.screenshot({ path: picture });
  console.log(`${seen.circles} places; ${seen.today}`);
} finally {
  await browser?.close();
  lab.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
}
