// Draws docs/images/gallery-*.jpg: each part of page, report and terminal wide, dark, narrow and printed, in one picture.
//   node page/tests/gallery.mjs [PART...]      (needs the program and Chromium, like the tests)
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { launch, PROGRAM, Workshop } from "./served.mjs";

/** How each part is looked at; what is printed is as wide as A4 with its margins. */
const VIEWS = [
  { name: "wide", viewport: { width: 1280, height: 860 } },
  { name: "dark", viewport: { width: 1280, height: 860 }, colorScheme: "dark" },
  { name: "narrow", viewport: { width: 390, height: 860 }, isMobile: true, hasTouch: true },
  { name: "printed", viewport: { width: 718, height: 1015 }, media: "print" },
];
const QUALITY = 72;
/** Columns of the terminal in each view. */
const COLUMNS = { wide: 120, dark: 120, narrow: 46, printed: 84 };

const workshop = new Workshop();
const browser = await launch();
const settle = (page) => page.waitForTimeout(1500);
const tab = (page, name) => page.getByRole("tab", { name }).click();
const find = async (page, village, group) => {
  await tab(page, "Person");
  await page.locator("#panel-person").getByLabel("From").selectOption(village);
  await page.getByLabel("First group").selectOption(group);
};

workshop.run(["run", "north-syria-2014", "--replicates", "6", "--quiet", "--out", "north"]);
workshop.run(["run", "one-village", "--replicates", "20", "--quiet", "--out", "village"]);
workshop.run(["run", "one-village", "--replicates", "20", "--theory", "constant", "--quiet", "--out", "rival"]);
workshop.run(["run", "one-village", "--replicates", "20", "--set", "groups.isis.pay_usd_per_month=100", "--quiet", "--out", "cut"]);
workshop.run(["report", "village", "rival", "cut", "--quiet"]);
workshop.run(["explore", "village", "--export", "site", "--quiet"]);
const [north, village] = await Promise.all([workshop.explore(["north"]), workshop.explore(["village"])]);
const site = await workshop.site("site");

/** Each part: where it is, and what is done there before the picture. */
const PARTS = {
  pictures: { address: `${north}#day=2014-02-10`, prepare: (page) => page.locator("section.charts").evaluate((charts) => charts.scrollIntoView()) },
  map: { address: `${north}#day=2014-01-20` },
  story: {
    address: village,
    prepare: async (page) => {
      await find(page, "tall_rumman", "isis");
      await page.locator("#panel-person ol li button").first().click();
      await page.locator(".stage, article").first().waitFor();
      await page.getByText(/chance/i).first().scrollIntoViewIfNeeded();
    },
  },
  people: { address: north, prepare: (page) => find(page, "", "isis") },
  live: {
    address: `${village}#tab=live`,
    prepare: async (page) => {
      await tab(page, "Live");
      await page.getByLabel("Find a setting or parameter").fill("isis amnesty");
      await page.getByRole("slider", { name: "Slider of levers.isis.amnesty", exact: true }).fill("0.8");
      await page.getByLabel("Find a setting or parameter").fill("");
      await page.getByRole("button", { name: "Run in the browser" }).click();
      await page.locator("#live-digests").waitFor({ state: "attached", timeout: 60_000 });
      await page.getByRole("heading", { name: "1 change of the scenario" }).evaluate((heading) => heading.scrollIntoView());
    },
  },
  share: { frame: `${site}#day=2014-02-04&layer=agreement` },
  paper: { address: pathToFileURL(join(workshop.folder, "village-report.html")).href },
  start: { address: village, isFirst: true },
  answer: { words: ["run", "one-village", "--replicates", "20", "--quiet", "--overwrite", "--out", "village"] },
};

/** One view of a part as a picture. */
async function shot(part, view) {
  const context = await browser.newContext({ ...view, colorScheme: view.colorScheme ?? "light" });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  if (part.words) {
    // A terminal of so many columns, as `script` makes one.
    const command = `stty rows 60 cols ${COLUMNS[view.name]}; ${PROGRAM} ${part.words.join(" ")}`;
    const printed = execFileSync("script", ["-qec", command, "/dev/null"], { cwd: workshop.folder, encoding: "utf8" });
    const text = printed.replaceAll("\r", "").split("\n").slice(0, 60).join("\n");
    await page.setContent(`<meta name="viewport" content="width=device-width"><pre style="font:13px/1.35 monospace;padding:1rem;margin:0"></pre>`);
    await page.evaluate(([text, isDark]) => {
      document.querySelector("pre").textContent = text;
      if (isDark) Object.assign(document.body.style, { background: "#161616", color: "#e8e8e8" });
    }, [text, view.name === "dark"]);
  } else if (part.frame) {
    const colours = view.name === "dark" ? "background:#161616;color:#e8e8e8" : "";
    await page.setContent(`<meta name="viewport" content="width=device-width"><body style="${colours}"><h1 style="font:600 1.2rem sans-serif">A page that shows a war</h1><iframe src="${part.frame}" style="width:100%;height:44rem;border:1px solid #999"></iframe>`);
    await page.frameLocator("iframe").locator(".stage").waitFor();
  } else {
    if (!part.isFirst) await page.addInitScript(() => localStorage.setItem("allegiance.guided", "yes"));
    await page.goto(part.address);
    if (part.address.startsWith("http")) await page.locator(".stage").waitFor();
    await part.prepare?.(page);
  }
  if (view.media) await page.emulateMedia({ media: view.media });
  await settle(page);
  const picture = await page.screenshot();
  await context.close();
  return picture;
}

const wanted = process.argv.slice(2);
try {
  for (const [name, part] of Object.entries(PARTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const pictures = [];
    for (const view of VIEWS) pictures.push({ view, data: (await shot(part, view)).toString("base64") });
    const sheet = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const figures = pictures.map(({ view, data }) =>
      `<figure style="margin:0"><figcaption>${view.name}</figcaption><img style="height:452px;border:1px solid #bbb" src="data:image/png;base64,${data}"></figure>`);
    await sheet.setContent(`<body style="margin:12px;font:14px sans-serif;width:1376px;display:flex;flex-wrap:wrap;gap:12px">${figures.join("")}</body>`);
    await sheet.waitForTimeout(300);
    const path = new URL(`../../docs/images/gallery-${name}.jpg`, import.meta.url).pathname;
    await sheet.locator("body").screenshot({ path, type: "jpeg", quality: QUALITY });
    await sheet.close();
    console.log(`${path}: ${Math.round(readFileSync(path).length / 1000)} kB`);
  }
} finally {
  await browser.close();
  await workshop.stop();
}
