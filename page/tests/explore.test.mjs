// The explore page in Chromium, against the program itself.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cutOff, launch, openPage, violations, Workshop } from "./served.mjs";

const workshop = new Workshop();
const complaints = [];
let browser;
let single;
let pair;
let own;
let altered;
let extended;
let paid;
let written;
let idle;
let three;

before(async () => {
  browser = await launch();
  workshop.run(["run", "one-village", "--replicates", "4", "--quiet", "--out", "base"]);
  const long = new URL("long_names.toml", import.meta.url).pathname;
  copyFileSync(long, join(workshop.folder, "own.toml"));
  // The same id as a scenario of the engine, and other people.
  writeFileSync(join(workshop.folder, "altered.toml"), readFileSync(long, "utf8").replace('id = "long-names"', 'id = "one-village"'));
  for (const name of ["own_safety_first", "direct_experience"]) {
    copyFileSync(new URL(`../../crates/allegiance-scenario/theories/${name}.toml`, import.meta.url), join(workshop.folder, `my_${name}.toml`));
  }
  // A scenario that extends one beside it, of which nothing is left but the run.
  mkdirSync(join(workshop.folder, "gone"));
  copyFileSync(long, join(workshop.folder, "gone", "base.toml"));
  writeFileSync(join(workshop.folder, "gone", "top.toml"), 'format = 1\nextends = "base.toml"\nid = "long-names-again"\ndays = 21\n');
  workshop.run(["run", "gone/top.toml", "--replicates", "1", "--quiet", "--out", "extended"]);
  rmSync(join(workshop.folder, "gone"), { recursive: true });
  for (const name of ["own", "altered"]) workshop.run(["run", `${name}.toml`, "--replicates", "1", "--quiet", "--out", `${name}-run`]);
  [single, pair, own, altered, extended, paid, idle, written, three] = await Promise.all([
    workshop.explore(["base"]),
    workshop.explore(["one-village", "--replicates", "4", "--theory-b", "fixed"]),
    workshop.explore(["own.toml", "--replicates", "2"]),
    workshop.explore(["altered.toml", "--replicates", "2"]),
    workshop.explore(["extended"]),
    workshop.explore(["one-village", "--replicates", "1", "--set", "groups.isis.pay_usd_per_month=900"]),
    workshop.explore(["one-village", "--replicates", "3", "--set-b", "interventions.radio_hazard_ratio=1.6"]),
    workshop.explore(["one-village", "--replicates", "2", "--theory", "my_own_safety_first.toml", "--theory", "my_direct_experience.toml"]),
    workshop.explore(["one-village", "--replicates", "3", "--theories", "fixed,constant"]),
  ]);
});
after(async () => {
  await browser?.close();
  await workshop.stop();
});

/** A test in a tab of its own. */
const inTab = (address, test, options) => async () => {
  const tab = await openPage(browser, address(), options);
  try {
    await test(tab.page);
  } finally {
    complaints.push(...tab.complaints);
    await tab.close();
  }
};

const slider = (page) => page.getByRole("slider", { name: "Day" });
const dayOf = async (page) => Number(await slider(page).inputValue());
const select = (page, tab) => page.getByRole("tab", { name: tab }).click();

/** The people listed, once the list answers what is chosen. */
const listed = (page) => page.locator("#panel-person ol[aria-busy=false] li button");

/** Opens the list of a kind of people and follows the first. */
async function follow(page, kind) {
  await select(page, "Person");
  await page.getByLabel("Who").selectOption(kind);
  await listed(page).first().click();
  await page.locator("#panel-person article").waitFor();
}

describe("the explore page", () => {
  it("opens and says that all is simulated", inTab(() => single, async (page) => {
    assert.match(await page.title(), /\(simulated\)/);
    await page.getByText("not a forecast").first().waitFor();
    const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
    assert.ok(paint > 0);
    console.log(`first paint after ${Math.round(paint)} ms`);
  }));

  it("plays and pauses by the space bar", inTab(() => single, async (page) => {
    await page.locator("body").press(" ");
    await page.waitForFunction(() => document.querySelector("input[type=range]").valueAsNumber >= 3);
    await page.locator("body").press(" ");
    const stopped = await dayOf(page);
    await page.waitForTimeout(600);
    assert.equal(await dayOf(page), stopped);
  }));

  it("scrubs by slider and keys, and says the date", inTab(() => single, async (page) => {
    await slider(page).fill("30");
    assert.equal(await slider(page).getAttribute("aria-valuetext"), "31 January 2014");
    await page.locator("body").press("ArrowRight");
    assert.equal(await dayOf(page), 31);
    await page.locator("body").press("Shift+ArrowRight");
    assert.equal(await dayOf(page), 38);
    await page.locator("body").press("Home");
    assert.equal(await dayOf(page), 0);
    await page.locator("body").press("n");
    assert.ok((await dayOf(page)) > 0, "at the next dated happening");
    await page.locator("body").press("End");
    assert.equal(await dayOf(page), 59);
    await page.waitForFunction(() => /1 March 2014/.test(document.querySelector("[role=status][aria-live]").textContent));
  }));

  it("shows the history of a place that is clicked on the map", inTab(() => single, async (page) => {
    const map = page.locator(".maps canvas").last();
    const { x, y, width, height } = await map.boundingBox();
    const heading = page.locator("#panel-place h2");
    const STEP = 14;
    for (let down = STEP; down < height && (await heading.count()) === 0; down += STEP) {
      for (let across = STEP; across < width && (await heading.count()) === 0; across += STEP) await page.mouse.click(x + across, y + down);
    }
    assert.ok((await heading.textContent()).length > 0);
    await page.waitForFunction(() => location.hash.includes("place="));
  }));

  it("keeps the view in the address", inTab(() => `${single}#day=2014-02-04&place=tall_rumman&tab=place`, async (page) => {
    assert.equal(await slider(page).getAttribute("data-iso"), "2014-02-04");
    assert.equal(await page.locator("#panel-place h2").textContent(), "Tall Rumman");
  }));
});

/** Answers of the server with a million times as many people in the charts. */
async function enlarge(page) {
  const larger = (values) => values.map((value) => value * 1e6);
  await page.route("**/api/runs/*/**", async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    for (const series of body.series ?? []) if (series.measure !== "population_share") series.values = larger(series.values);
    for (const band of body.bands ?? []) if (band.measure !== "population_share") for (const key of ["low", "median", "high"]) band[key] = larger(band[key]);
    await route.fulfill({ response, json: body });
  });
  await page.reload();
  await page.locator(".stage").waitFor();
}

describe("drawings and names", () => {
  for (const [name, address] of [["one run", () => single], ["two runs", () => pair], ["long names", () => own]]) {
    it(`are whole with numbers of nine digits: ${name}`, inTab(address, async (page) => {
      await enlarge(page);
      await page.getByText(/\d,000,000/).first().waitFor();
      for (const tab of ["Day", "Place", "Person", "About"]) {
        await select(page, tab);
        if (tab === "Place" && (await page.locator(".suggested button").count()) > 0) await page.locator(".suggested button").first().click();
        if (tab === "Person") await follow(page, "defector");
        assert.deepEqual(await cutOff(page), [], tab);
      }
    }));
  }

  it("say who holds a place as the engine does, in words and on the list of changes", inTab(() => `${single}#day=2014-02-20`, async (page) => {
    const day = await dayOf(page);
    const { overview, history } = await page.evaluate(async () => ({
      overview: (await (await fetch("/api/runs")).json()).runs[0],
      history: await (await fetch("/api/runs/0/replicates/0")).json(),
    }));
    const holders = new Map();
    for (const row of history.holders) if (row.day <= day) holders.set(row.place, row.holder);
    await page.getByText("Map as a table").click();
    for (const [place, holder] of holders) {
      const row = page.getByRole("region", { name: "Map as a table" }).getByRole("row").filter({ hasText: overview.places[place].name });
      const wanted = holder === null ? "Contested: " : overview.groups[holder].name;
      assert.ok((await row.locator("td.text").nth(1).textContent()).startsWith(wanted), overview.places[place].name);
    }
    const change = history.holders.find((row) => row.day > 0);
    assert.ok(change, "somebody takes a place");
    await slider(page).fill(String(change.day));
    const listed = page.locator("#panel-day section").getByRole("listitem").filter({ hasText: "→" });
    await listed.first().waitFor();
    const ofDay = history.holders.filter((row) => row.day === change.day);
    assert.equal(await listed.count(), ofDay.length);
    const to = change.holder === null ? "contested" : overview.groups[change.holder].name;
    assert.ok((await listed.first().textContent()).endsWith(`→ ${to}`), await listed.first().textContent());
  }));

  it("have a key of sizes that follows the zoom", async () => {
    const tab = await openPage(browser, `${single}#layer=deaths&day=2014-03-01`);
    const { page } = tab;
    try {
      await page.evaluate(() => {
        const { arc, fill, clearRect } = CanvasRenderingContext2D.prototype;
        let last = null;
        globalThis.drawn = [];
        CanvasRenderingContext2D.prototype.clearRect = function (...args) {
          // Each of the map's layers is cleared by itself, some of them later than others.
          globalThis.drawn = globalThis.drawn.filter(([, , canvas]) => canvas !== this.canvas);
          return clearRect.apply(this, args);
        };
        CanvasRenderingContext2D.prototype.arc = function (...args) { last = args[2]; return arc.apply(this, args); };
        CanvasRenderingContext2D.prototype.fill = function (...args) { globalThis.drawn.push([this.fillStyle, last, this.canvas]); return fill.apply(this, args); };
      });
      const history = await page.evaluate(async () => (await fetch("/api/runs/0/replicates/0")).json());
      const dead = new Map();
      for (const { place, dead_perpetrator: a, dead_target: b, dead_civilians: c } of history.incidents) dead.set(place, (dead.get(place) ?? 0) + a + b + c);
      const most = Math.max(...dead.values());
      // Draws anew, now that it is watched.
      await page.locator("body").press("Home");
      await page.locator("body").press("End");
      for (const presses of [0, 2, 3]) {
        for (let n = 0; n < presses; n += 1) await page.getByRole("button", { name: "Zoom in" }).click();
        await page.waitForTimeout(300);
        const key = await page.locator("[data-killed]").evaluateAll((items) => items.map((item) => [Number(item.dataset.killed), Number(item.querySelector("circle").getAttribute("r"))]));
        const largest = await page.evaluate(() => Math.max(...globalThis.drawn.filter(([colour]) => colour === "#5b1a3c").map(([, r]) => r)));
        // Between two circles of the key, radius grows with the root of the dead.
        const [[n0, r0], [n1, r1]] = [key[0], key.at(-1)];
        const root = Math.sqrt(n0) + ((largest - r0) / (r1 - r0)) * (Math.sqrt(n1) - Math.sqrt(n0));
        assert.ok(Math.abs(root ** 2 - most) < 0.02 * most + 0.5, `the key reads ${root ** 2} for ${most} dead after ${presses} presses`);
      }
    } finally {
      complaints.push(...tab.complaints);
      await tab.close();
    }
  });
});

/** Looks for a place by its name, which brings it to the middle of the map. */
async function seek(page, name) {
  await page.getByLabel("Find a place").fill(name);
  await page.getByLabel("Find a place").press("Enter");
  await page.waitForFunction(() => location.hash.includes("map="));
  await page.waitForTimeout(300);
}

describe("the map as a country", () => {
  it("fills the ground of a place in the colour of who holds it, which is what the text says", inTab(() => `${single}#day=2014-02-20`, async (page) => {
    const day = await dayOf(page);
    const { overview, history } = await page.evaluate(async () => ({
      overview: (await (await fetch("/api/runs")).json()).runs[0],
      history: await (await fetch("/api/runs/0/replicates/0")).json(),
    }));
    const holders = new Map();
    for (const row of history.holders) if (row.day <= day) holders.set(row.place, row.holder);
    let n = 0;
    for (const [place, holder] of holders) {
      if (holder === null) continue;
      await seek(page, overview.places[place].name);
      // Its dot lies over the ground, on another canvas.
      const pixel = await page.evaluate(() => {
        const canvas = document.querySelector("canvas.territory");
        const { width, height } = canvas;
        return [...canvas.getContext("2d").getImageData(Math.round(width / 2), Math.round(height / 2), 1, 1).data];
      });
      const { light } = overview.groups[holder].look.colour;
      const wanted = [1, 3, 5].map((at) => parseInt(light.slice(at, at + 2), 16));
      assert.ok(pixel[3] > 20, `${overview.places[place].name} has no ground`);
      assert.ok(wanted.every((value, i) => Math.abs(value - pixel[i]) <= 12), `${overview.places[place].name}: ${pixel} instead of ${wanted}`);
      n += 1;
    }
    assert.ok(n >= 5, "places are held");
  }));

  it("is the paler the fewer replicates agree, and has a layer of where they don't", inTab(() => `${single}#day=2014-02-20`, async (page) => {
    const agreement = await page.evaluate(async () => (await fetch("/api/runs/0/agreement")).json());
    assert.equal(agreement.n_replicates, 4);
    for (const { held } of agreement.counts) assert.equal(held.reduce((sum, [, n]) => sum + n, 0), 4);
    await page.getByText("few to all of 4 replicates").waitFor();
    await page.getByText("Disagreement").click();
    await page.getByText("Replicates in which somebody else holds it than in most").waitFor();
    await page.waitForFunction(() => location.hash.includes("layer=agreement"));
  }));

  it("zooms to a place that is found", inTab(() => single, async (page) => {
    await seek(page, "Tall Rumman");
    assert.equal(await page.locator("#panel-place h2").textContent(), "Tall Rumman");
    const [k] = (await page.evaluate(() => location.hash)).match(/map=([\d.]+),/).slice(1).map(Number);
    assert.ok(k >= 2, `zoomed ${k} times`);
  }));

  it("stands on four dates with one slider", inTab(() => `${single}#day=2014-02-15`, async (page) => {
    await page.getByLabel("Four dates").check();
    assert.equal(await page.locator(".maps section").count(), 4);
    assert.equal(await page.getByRole("slider", { name: "Day" }).count(), 1);
    const labels = await page.locator(".maps section h2").allTextContents();
    assert.deepEqual(labels.map((label) => label.trim()), ["1 January 2014", "16 January 2014", "31 January 2014", "15 February 2014"]);
    assert.deepEqual(await violations(page), []);
  }));

  it("shows three theories in a grid", inTab(() => three, async (page) => {
    const labels = await page.locator(".maps section h2").allTextContents();
    assert.deepEqual(labels.map((label) => label.trim().replace(/\s+/g, " ")), ["A one-village", "B one-village · theory=fixed", "C one-village · theory=constant"]);
    await page.locator("body").press("End");
    for (const tab of ["Day", "Place", "Person", "Live", "About"]) {
      await select(page, tab);
      assert.deepEqual(await violations(page), [], tab);
    }
    assert.equal(await page.getByText("B minus A").count(), 0);
  }));

  it("answers a tap on a phone in view", inTab(() => `${single}#day=2014-02-20`, async (page) => {
    await seek(page, "Tall Rumman");
    await page.getByRole("button", { name: "Clear" }).click();
    await page.evaluate(() => scrollTo(0, 0));
    const { x, y, width, height } = await page.locator(".maps canvas").last().boundingBox();
    await page.touchscreen.tap(x + width / 2, y + height / 2);
    const heading = page.locator("#panel-place h2");
    await heading.waitFor();
    await page.waitForTimeout(300);
    const [box, time] = [await heading.boundingBox(), await page.locator(".time").boundingBox()];
    assert.ok(box.y >= 0 && box.y + box.height <= time.y, `the answer is at ${box.y}, the time control from ${time.y}`);
  }, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }));

  it("can be saved as a picture that says what it is", inTab(() => `${single}#day=2014-02-20`, async (page) => {
    for (const [name, file] of [["Map: download PNG", /^one-village-control-day-51\.png$/], ["Strength: download PNG", /^one-village-strength-.*\.png$/]]) {
      const started = page.waitForEvent("download");
      await page.getByRole("button", { name }).click();
      const download = await started;
      assert.match(download.suggestedFilename(), file);
      const bytes = readFileSync(await download.path());
      assert.deepEqual([...bytes.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
      assert.ok(bytes.readUInt32BE(16) > 400 && bytes.length > 5000, `${bytes.length} bytes`);
    }
  }));
});

describe("what has the focus is never hidden", () => {
  for (const [zoom, width, height] of [["100%", 1280, 1024], ["200%", 640, 512], ["400%", 320, 256]]) {
    it(`at ${zoom}`, inTab(() => `${single}#day=2014-02-20&tab=day`, async (page) => {
      const hidden = [];
      let [stops, last] = [0, ""];
      for (; stops < 150; stops += 1) {
        await page.keyboard.press("Tab");
        const found = await page.evaluate(() => {
          const element = document.activeElement;
          if (element === null || element === document.body) return null;
          const time = document.querySelector(".time");
          const name = element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 40);
          if (time.contains(element)) return { name, isHidden: false };
          const box = element.getBoundingClientRect();
          const cover = time.getBoundingClientRect();
          const isSticky = getComputedStyle(time).position === "sticky";
          const inWindow = box.bottom > 0 && box.top < innerHeight;
          return { name, isHidden: !inWindow || (isSticky && box.top >= cover.top && box.bottom <= cover.bottom) };
        });
        if (found === null) break;
        if (found.isHidden) hidden.push(found.name);
        last = found.name;
      }
      assert.deepEqual(hidden, []);
      assert.ok(stops > 30, `${stops} stops, the last ${last}`);
    }, { viewport: { width, height } }));
  }
});

describe("the address", () => {
  it("holds zoom, layer, hidden groups, dates and filters, and a reload keeps them", inTab(() => `${single}#day=2014-02-04`, async (page) => {
    await seek(page, "Tall Rumman");
    await page.getByText("People away", { exact: true }).first().click();
    await page.locator(".maps").getByRole("button", { name: "ISIS in the district" }).click();
    await page.getByLabel("Four dates").check();
    await select(page, "Day");
    await page.getByLabel("Kind of incident").selectOption("assault");
    await select(page, "Person");
    await page.getByLabel("Who").selectOption("stayer");
    await page.locator("#panel-person").getByLabel("From").selectOption("tall_rumman");
    await listed(page).first().click();
    await page.locator("#panel-person article").waitFor();
    await page.waitForFunction(() => location.hash.includes("person="));
    await page.waitForTimeout(700);
    const before = await page.evaluate(() => location.hash);
    for (const part of ["day=2014-02-04", "map=", "layer=away", "hide=isis", "dates=4", "incidents=assault", "people.kind=stayer", "people.home=tall_rumman", "person="]) assert.ok(before.includes(part), `${part} isn't in ${before}`);
    await page.reload();
    await page.locator("#panel-person article").waitFor();
    await page.waitForTimeout(900);
    assert.equal(await page.evaluate(() => location.hash), before);
    assert.equal(await page.locator(".maps section").count(), 4);
    await page.getByRole("button", { name: "← To the list" }).click();
    assert.equal(await page.getByLabel("Who").inputValue(), "stayer");
  }));

  it("holds two people beside each other, and changes of the Live tab", inTab(() => single, async (page) => {
    await select(page, "Live");
    await page.getByLabel("Theory of belief").selectOption("fixed");
    await page.getByLabel("Find a setting or parameter").fill("decisiveness");
    const field = page.getByLabel("combat.decisiveness", { exact: true });
    await field.fill("2");
    await field.press("Tab");
    await select(page, "Person");
    await page.locator("#panel-person").getByLabel("From").selectOption("tall_rumman");
    await page.getByLabel("First group").selectOption("isis");
    await follow(page, "defector");
    await page.getByRole("button", { name: "Beside a stayer of the same village" }).click();
    await page.locator(".columns article").nth(1).waitFor();
    await page.waitForFunction(() => location.hash.includes("beside=") && location.hash.includes("live="));
    const hash = await page.evaluate(() => location.hash);
    const other = await page.context().newPage();
    await other.goto(`${single}${hash}`);
    await other.locator(".columns article").nth(1).waitFor();
    await other.getByRole("tab", { name: "Live" }).click();
    await other.getByLabel("Theory of belief").waitFor();
    assert.equal(await other.getByLabel("Theory of belief").inputValue(), "fixed");
    assert.equal(await other.getByLabel("combat.decisiveness", { exact: true }).inputValue(), "2");
  }));
});

describe("counts of people killed", () => {
  it("say who is counted, on the day, of a place and over time", inTab(() => single, async (page) => {
    const history = await page.evaluate(async () => (await fetch("/api/runs/0/replicates/0")).json());
    const sum = (incidents, ...keys) => incidents.reduce((all, incident) => keys.reduce((more, key) => more + incident[key], all), 0);
    const words = (incidents, where) => {
      const [members, civilians] = [sum(incidents, "dead_perpetrator", "dead_target"), sum(incidents, "dead_civilians")];
      const counted = (n, one) => (n > 0 ? [`${n.toLocaleString("en-GB")} ${one}${n === 1 ? "" : "s"}`] : []);
      return `${(members + civilians).toLocaleString("en-GB")} killed${where} (${[...counted(members, "member"), ...counted(civilians, "civilian")].join(", ")})`;
    };
    const worst = history.incidents.find((incident) => incident.dead_civilians > 0 && incident.dead_target > 0);
    await slider(page).fill(String(worst.day));
    const ofDay = history.incidents.filter(({ day }) => day === worst.day);
    const told = words(ofDay, ofDay.length === 1 ? " in it" : " in them");
    await page.locator("#panel-day").getByText(told).waitFor();
    await page.locator("#panel-day").getByText("die of wounds later").waitFor();
    await page.waitForFunction((text) => document.querySelector("[role=status][aria-live]").textContent.includes(text), told);
    const overview = await page.evaluate(async () => (await (await fetch("/api/runs")).json()).runs[0]);
    await page.goto(`${single}#day=2014-03-01&place=${overview.places[worst.place].id}&tab=place`);
    const ofPlace = history.incidents.filter(({ place }) => place === worst.place);
    await page.locator("#panel-place").getByText(words(ofPlace, "")).waitFor();
    assert.equal(await page.getByText(/\bdead\b/i).count(), 0, "no loose count of dead");
  }));
});

describe("a person’s path", () => {
  it("is followed from the list, and a turn moves day and place", inTab(() => single, async (page) => {
    await select(page, "Person");
    await listed(page).first().waitFor();
    const rows = await listed(page).allTextContents();
    const numbers = rows.map((row) => Number(row.replace(/\D/g, "")));
    assert.ok(numbers.length > 0);
    assert.deepEqual(numbers, numbers.toSorted((a, b) => a - b), "in order of number: no ranking");
    await follow(page, "defector");
    const story = page.locator("#panel-person article");
    await story.getByText("Simulated person: synthetic, no one real.").waitFor();
    assert.equal(await story.getByText("Hazard of leaving on").count(), 0, "numbers are behind a fold");
    await story.getByText("What moved it").first().waitFor();
    await story.getByLabel("Show the numbers").check();
    await story.getByText("Hazard of leaving on").first().waitFor();
    await story.getByRole("img", { name: /^Conviction:/ }).waitFor();
    const turn = story.locator("ol li button").last();
    const [date] = (await turn.textContent()).split(",");
    await turn.press("Enter");
    await page.waitForFunction((day) => document.querySelector("input[type=range]").dataset.iso === day, date);
    await page.waitForFunction(() => /person=\d+/.test(location.hash) && location.hash.includes("place="));
    assert.equal(await page.getByRole("tab", { name: "Person" }).getAttribute("aria-selected"), "true");
  }));

  it("stands beside that of a stayer of the same village", inTab(() => single, async (page) => {
    await select(page, "Person");
    await page.locator("#panel-person").getByLabel("From").selectOption("tall_rumman");
    await page.getByLabel("First group").selectOption("isis");
    await follow(page, "defector");
    await page.getByRole("button", { name: "Beside a stayer of the same village" }).click();
    const columns = page.locator(".columns article");
    await columns.nth(1).waitFor();
    for (const column of [columns.nth(0), columns.nth(1)]) {
      await column.getByText("Simulated person: synthetic, no one real.").waitFor();
      await column.getByText("from Tall Rumman").first().waitFor();
      await column.getByText("served with ISIS in the district").first().waitFor();
    }
    assert.deepEqual(await violations(page), []);
  }));

  it("opens with the paragraph of the command line, its chance in words, and can be saved as a card", inTab(() => single, async (page) => {
    await follow(page, "defector");
    const person = Number((await page.evaluate(() => location.hash.match(/person=(\d+)/)))?.[1] ?? (await page.locator("#panel-person h3").first().textContent()).replace(/\D/g, ""));
    const told = JSON.parse(workshop.read(["story", "base", "--person", String(person), "--replicate", "0", "--format", "json"]));
    const story = page.locator("#panel-person article");
    assert.equal(await story.locator(".plain").textContent(), told.plain);
    assert.match(told.plain, /His chance of going over .* was .*(1 in [\d,]+|\d in 10)/);
    await story.locator(".odds").getByText(told.odds.words, { exact: true }).first().waitFor();
    for (const { words, times } of told.path.find(({ hazard }) => hazard !== null).hazard.reasons) {
      const row = story.getByRole("row").filter({ hasText: words });
      assert.ok((await row.first().textContent()).includes(times), words);
    }
    assert.equal(await story.getByText(/\b0%/).count(), 0);
    const started = page.waitForEvent("download");
    await story.getByRole("button", { name: "Save as a picture" }).click();
    const download = await started;
    assert.equal(download.suggestedFilename(), `one-village-replicate-0-person-${person}.png`);
    assert.ok(readFileSync(await download.path()).length > 20_000);
  }));

  it("has a but-for with an interval, computed on request", inTab(() => single, async (page) => {
    await select(page, "Person");
    await page.locator("#panel-person").getByLabel("From").selectOption("tall_rumman");
    await follow(page, "defector");
    const story = page.locator("#panel-person article");
    await story.getByLabel("Futures").selectOption("50");
    const answered = page.waitForResponse((response) => response.url().includes("/but-for?"));
    await story.getByRole("button", { name: "But for it?" }).click();
    const answer = await (await answered).json();
    assert.ok(answer.low <= answer.difference && answer.difference <= answer.high, JSON.stringify(answer));
    for (const share of [answer.p_left_with, answer.p_left_without]) {
      await story.locator(".answer svg").getByText(`${(100 * share).toFixed(1)}%`, { exact: true }).first().waitFor();
    }
    await story.getByText(/^Left by the end: \d+% with it, \d+% without it; difference .* 95% interval .* to /).waitFor();
  }));
});

describe("two runs", () => {
  it("share one slider and show the paired difference", inTab(() => pair, async (page) => {
    assert.equal(await page.locator(".maps section").count(), 2);
    assert.equal(await page.getByRole("slider", { name: "Day" }).count(), 1);
    await page.locator("body").press("End");
    await page.getByText(/differ/i).first().waitFor();
    await page.getByText("theory=fixed").first().waitFor();
    const { pairs: [told] } = await page.evaluate(async () => (await fetch("/api/runs")).json());
    assert.deepEqual(told.differs.map(({ words }) => words), ["the theory of belief is fixed instead of source_credibility"]);
    await page.getByRole("region", { name: "How B differs from A" }).getByText(told.differs[0].words).waitFor();
    for (const note of told.notes) await page.locator(".charts .head").getByText(note).waitFor();
    assert.match(told.notes[0], /^4 pairs are few: .* it takes 16 more\.$/);
    await page.locator(".charts .head").getByText(/^4 replicates are few: .* it takes 16 more\.$/).waitFor();
    const differences = await page.evaluate(async () => (await fetch("/api/difference")).json());
    const table = page.getByRole("region", { name: "Differences at the end" });
    const cells = await table.getByRole("row").evaluateAll((rows) => rows.slice(1).map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)));
    const wanted = ["strength", "population_share", "deaths", "civilians_killed", "joins", "exits"].flatMap((measure) => differences.filter((found) => found.measure === measure));
    assert.deepEqual(cells.map((row) => row.slice(1)), wanted.map(({ baseline, words, percent, sign }) => [baseline, words, percent, sign]));
    assert.ok(cells.some((row) => /^[+-][\d.]+%$/.test(row[3])) && cells.some((row) => /^about \d+ more$|^out of reach$/.test(row[4])), "percents, and pairs needed");
    const strength = differences.find(({ measure }) => measure === "strength");
    assert.equal(strength.day_values.mean.length, 60);
    assert.ok(strength.day_values.low.at(-1) <= strength.day_values.mean.at(-1));
  }));
});

describe("two runs between which no effect is possible", () => {
  it("say so and why, and show no zeros with intervals", inTab(() => idle, async (page) => {
    const why =
      "No effect is possible here: nothing that was drawn or decided differs (interventions.radio_hazard_ratio acts through radio, which no entry of the timeline sets).";
    const between = page.getByRole("region", { name: "How B differs from A" });
    await between.getByText(why, { exact: true }).waitFor();
    await between.getByText(/interventions\.radio_hazard_ratio is 1\.6 instead of /).waitFor();
    await page.locator(".charts .head").getByText(why, { exact: true }).waitFor();
    assert.equal(await page.getByText("B minus A").count(), 0);
    assert.equal(await page.getByRole("region", { name: "Differences at the end" }).count(), 0);
    const differences = await page.evaluate(async () => (await fetch("/api/difference")).json());
    assert.ok(differences.every((found) => !found.is_possible && found.day_values.mean.length === 0 && found.words === ""));
    await select(page, "About");
    await page.locator("#panel-about").getByText(why, { exact: true }).waitFor();
    assert.deepEqual(await violations(page), []);
  }));
});

describe("the engine in the browser", () => {
  /** The digests of the table on the panel, once a run has ended. */
  async function runLive(page) {
    const before = await page.evaluate(() => document.querySelector("#live-command")?.textContent ?? "");
    await page.getByRole("button", { name: "Run in the browser" }).click();
    await page.waitForFunction((old) => (document.querySelector("#live-command")?.textContent ?? old) !== old, before);
    const digests = await page.locator("#live-digests tr:has(code)").evaluateAll((rows) =>
      rows.map((row) => [row.querySelector("th").textContent, row.querySelector("code").dataset.digest]));
    return { digests, command: await page.locator("#live-command").textContent(), ms: Number(await page.locator("#live-ms").textContent()) };
  }

  it("gives the digests of the served run where nothing is changed", inTab(() => single, async (page) => {
    await select(page, "Live");
    const { digests } = await runLive(page);
    const { tables } = workshop.manifest("base");
    assert.equal(digests.length, 9);
    for (const [table, digest] of digests) assert.equal(digest, tables[table].digests[0], table);
    await page.getByText("Every table has the digest of the served run.").waitFor();
  }));

  it("gives the digests of the command line after a change of theory and parameter, within a second", inTab(() => single, async (page) => {
    await select(page, "Live");
    await runLive(page);
    await page.getByLabel("Theory of belief").selectOption("motivated_reasoning");
    await page.getByLabel("Find a setting or parameter").fill("decisiveness");
    const field = page.getByLabel("combat.decisiveness", { exact: true });
    await field.fill("2");
    await field.press("Tab");
    await page.getByRole("spinbutton", { name: "Replicate" }).fill("1");
    const { digests, command, ms } = await runLive(page);
    console.log(`one-village run again in the browser: ${ms} ms`);
    assert.equal(command, "allegiance run one-village --theory motivated_reasoning --set combat.decisiveness=2 --replicates 2 --out live");
    workshop.run([...command.split(" ").slice(1), "--quiet"]);
    const { tables } = workshop.manifest("live");
    for (const [table, digest] of digests) assert.equal(digest, tables[table].digests[1], table);
    assert.ok(digests.some(([table, digest]) => digest !== workshop.manifest("base").tables[table].digests[1]), "something changed");
    // It stands beside the served replicate of the same number, and its people can be followed too.
    assert.equal(await page.locator(".maps section").count(), 2);
    const between = page.getByRole("region", { name: "How B differs from A" });
    await between.getByText(/the theory of belief is motivated_reasoning instead of source_credibility; combat\.decisiveness is 2 instead of /).waitFor();
    await page.locator(".charts .head").getByText("One pair has no interval").waitFor();
    await select(page, "About");
    assert.equal(await page.locator("#panel-about").getByText("replicate 1 of 4").count(), 1, "the served replicate 1 stands beside it");
    await select(page, "Person");
    await page.getByLabel("Of the run").selectOption("1");
    await follow(page, "defector");
    await page.locator("#panel-person article").getByLabel("Futures").selectOption("200");
    await page.locator("#panel-person article").getByRole("button", { name: "But for it?" }).click();
    await page.locator("#panel-person").getByText(/^\d+ of 200 pairs of futures$/).waitFor();
    await page.locator("#panel-person").getByText(/^Left by the end: \d+% with it/).or(page.locator("#panel-person .problem")).waitFor({ timeout: 60_000 });
  }));

  for (const [name, address, run, file] of [
    ["a scenario of one's own", () => own, "own-run", "own.toml"],
    ["files that differ from those of the engine", () => altered, "altered-run", "altered.toml"],
    ["a scenario that extends another, by the run's folder", () => extended, "extended", "extended/scenario"],
  ]) {
    it(`runs ${name} again with the digests of the run, and a command that gives a changed one's`, inTab(address, async (page) => {
      await select(page, "Live");
      const first = await runLive(page);
      assert.equal(first.command, `allegiance run ${file} --out live`);
      await page.getByText("Every table has the digest of the served run.").waitFor();
      const { tables } = workshop.manifest(run);
      for (const [table, digest] of first.digests) assert.equal(digest, tables[table].digests[0], table);
      await page.getByRole("spinbutton", { name: "Days" }).fill("9");
      const { digests, command } = await runLive(page);
      assert.equal(command, `allegiance run ${file} --days 9 --out live`);
      workshop.run([...command.split(" ").slice(1), "--quiet", "--overwrite"]);
      for (const [table, digest] of digests) assert.equal(digest, workshop.manifest("live").tables[table].digests[0], table);
    }));
  }

  it("runs a scenario of the engine alone where the run is of another", inTab(() => own, async (page) => {
    await select(page, "Live");
    const choice = page.locator("#live-scenario");
    assert.equal(await choice.locator("option:checked").textContent(), "long-names, of the run");
    await choice.selectOption("one-village");
    await page.locator("#live-other").getByText("the page will show it alone").waitFor();
    const { digests } = await runLive(page);
    assert.equal(digests.length, 9);
    assert.equal(await page.locator(".maps section").count(), 1, "beside nothing");
    await page.getByRole("button", { name: "Show the served run alone" }).click();
    await page.getByText("One possible history: replicate").waitFor();
    await choice.selectOption({ label: "long-names, of the run" });
    await page.locator("#live-other").waitFor({ state: "detached" });
  }));

  it("says that a world is too large, with its people and days", inTab(() => single, async (page) => {
    await page.route("**/api/runs", async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      body.runs[0].places[0].population = 2e9;
      await route.fulfill({ response, json: body });
    });
    await page.reload();
    await page.locator(".stage").waitFor();
    await select(page, "Live");
    await page.locator("#live-refusal").getByText(/one-village is too large to be simulated in a browser: 2,000 million people on 60 days/).waitFor();
    assert.equal(await page.getByRole("button", { name: "Run in the browser" }).count(), 0);
    await page.getByLabel("Another scenario").selectOption("cut-off-garrison");
    assert.equal((await runLive(page)).digests.length, 9);
    assert.equal(await page.locator(".maps section").count(), 1, "beside nothing");
  }));

  it("goes on with changes of the run, such as pay, in their fields", inTab(() => paid, async (page) => {
    await select(page, "Live");
    await page.getByRole("heading", { name: "1 change of the scenario" }).waitFor();
    assert.equal(await page.getByLabel("groups.isis.pay_usd_per_month", { exact: true }).inputValue(), "900");
    const { command } = await runLive(page);
    assert.equal(command, "allegiance run one-village --set groups.isis.pay_usd_per_month=900 --out live");
    await page.getByText("Every table has the digest of the served run.").waitFor();
  }));

  it("has sliders for pay, levers, policies and mechanisms, whose command gives the same digests", inTab(() => single, async (page) => {
    await select(page, "Live");
    const groups = page.locator(".groups details");
    await groups.filter({ hasText: "Mechanisms" }).locator("summary").click();
    await page.getByRole("switch", { name: "voice", exact: true }).uncheck();
    await groups.first().locator("summary").click();
    const label = await groups.first().locator("input[type=range]").first().getAttribute("aria-label");
    const [, id] = label.split(".");
    const set = async (key, value) => page.getByRole("slider", { name: `Slider of ${key}`, exact: true }).first().fill(value);
    await set(`groups.${id}.pay_usd_per_month`, "20");
    await set(`levers.${id}.amnesty`, "0.5");
    await set(`groups.${id}.leavers_executed_share`, "0.75");
    await page.getByRole("heading", { name: "4 changes of the scenario" }).waitFor();
    const { digests, command } = await runLive(page);
    const changes = ["mechanisms.voice=false", `groups.${id}.pay_usd_per_month=20`, `levers.${id}.amnesty=0.5`, `groups.${id}.leavers_executed_share=0.75`];
    assert.equal(command, `allegiance run one-village ${changes.map((change) => `--set ${change}`).join(" ")} --out live`);
    workshop.run([...command.split(" ").slice(1), "--quiet", "--overwrite"]);
    const { tables } = workshop.manifest("live");
    for (const [table, digest] of digests) assert.equal(digest, tables[table].digests[0], table);
    assert.ok(digests.some(([table, digest]) => digest !== workshop.manifest("base").tables[table].digests[0]), "something changed");
    // The address holds them, and a reset takes one back.
    await page.waitForFunction(() => location.hash.includes("leavers_executed_share"));
    await page.reload();
    await page.locator(".stage").waitFor();
    await page.getByRole("heading", { name: "4 changes of the scenario" }).waitFor();
    await page.getByRole("button", { name: "Reset mechanisms.voice" }).first().click();
    await page.getByRole("heading", { name: "3 changes of the scenario" }).waitFor();
    assert.deepEqual(await violations(page), []);
  }));

  it("shows days as they come, and can be stopped, which it says", inTab(() => single, async (page) => {
    await select(page, "Live");
    await page.getByRole("spinbutton", { name: "Days" }).fill("5000");
    // Every text that tells how far it is.
    await page.evaluate(() => {
      globalThis.told = [];
      new MutationObserver(() => {
        const text = document.querySelector("#live-progress .numbers")?.textContent;
        if (text && globalThis.told.at(-1) !== text) globalThis.told.push(text);
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    await page.getByRole("button", { name: "Run in the browser" }).click();
    await page.waitForFunction(() => globalThis.told.filter((text) => /^Day \d+ of 5000$/.test(text)).length >= 3);
    await page.waitForFunction(() => document.querySelectorAll(".maps section").length === 2, null, { polling: 50 });
    assert.ok(await slider(page).evaluate((input) => input.valueAsNumber > 0), "the page follows the days");
    await page.getByRole("button", { name: "Stop" }).press("Enter");
    await page.locator("#live-stopped").getByText(/^\s*Stopped after \d+ of 5,000 days\. The page shows these days; nothing of them is kept/).waitFor();
    const told = await page.evaluate(() => globalThis.told.map((text) => Number(/\d+/.exec(text)?.[0] ?? 0)));
    assert.ok(told.every((day, at) => at === 0 || day > told[at - 1]) && told.at(-1) < 5000, told.join());
    assert.equal(await page.locator("#live-digests").count(), 0, "nothing half-made is kept");
    await page.getByText(/stopped after day \d+ of 5000/).first().waitFor();
    // It can be run again, to its end, with the digests of the served run.
    await page.getByRole("spinbutton", { name: "Days" }).fill("60");
    await runLive(page);
    await page.getByText("Every table has the digest of the served run.").waitFor();
    assert.equal(await page.locator("#live-stopped").count(), 0);
  }));

  it("goes on with a run under theories in files", inTab(() => written, async (page) => {
    await select(page, "Live");
    await page.getByText("Also direct_experience, a theory of belief of the run shown.").waitFor();
    assert.match(await page.locator("#live-theory").inputValue(), /^# Men leave when they fear for their lives/);
    const { command } = await runLive(page);
    assert.equal(command, "allegiance run one-village --theory mine.toml --theory direct_experience.toml --out live");
    await page.getByText("Every table has the digest of the served run.").waitFor();
    // Its text can be changed, and is run beside the served one.
    const text = await page.locator("#live-theory").inputValue();
    const digests = () => [...document.querySelectorAll("#live-digests code")].map((code) => code.dataset.digest).join();
    const before = await page.evaluate(digests);
    await page.locator("#live-theory").fill(text.replace("default = 0.8", "default = 2.0"));
    await page.getByRole("button", { name: "Run in the browser" }).click();
    await page.waitForFunction((old) => {
      const now = [...document.querySelectorAll("#live-digests code")].map((code) => code.dataset.digest).join();
      return now !== "" && now !== old;
    }, before);
    assert.equal(await page.locator(".maps section").count(), 2);
    assert.equal(await page.getByText("Every table has the digest of the served run.").count(), 0);
  }));

  it("shows another world alone, and says why", inTab(() => single, async (page) => {
    await select(page, "Live");
    await page.getByRole("spinbutton", { name: "Seed" }).fill("5");
    await runLive(page);
    await page.locator("#live-alone").getByText("(the seed is 5 instead of 2014)").waitFor();
    assert.equal(await page.locator(".maps section").count(), 1, "beside nothing");
  }));

  it("says that a change can't act where it can't", inTab(() => single, async (page) => {
    await select(page, "Live");
    await page.getByLabel("Find a setting or parameter").fill("radio_hazard_ratio");
    const field = page.getByLabel("interventions.radio_hazard_ratio", { exact: true });
    await field.fill("1.6");
    await field.press("Tab");
    await runLive(page);
    const between = page.getByRole("region", { name: "How B differs from A" });
    await between.getByText(/^No effect is possible here: .*acts through radio, which no entry of the timeline sets\)\.$/).waitFor();
  }));

  it("refuses a value that the engine refuses", inTab(() => single, async (page) => {
    await select(page, "Live");
    await page.getByLabel("Find a setting or parameter").fill("capture_share");
    const field = page.locator("#panel-live .parameters input[type=number]").first();
    await field.fill("-3");
    await field.press("Tab");
    await page.getByText(/must be from 0 to/).waitFor();
    assert.ok(await page.getByRole("button", { name: "Run in the browser" }).isDisabled());
  }));
});

describe("a page as files of a site", () => {
  let site;
  before(async () => {
    workshop.run(["explore", "base", "--export", "site", "--quiet"]);
    site = await workshop.site("site");
  });

  it("opens from any web server, alone and in a frame", inTab(() => `${site}#day=2014-02-04&place=tall_rumman`, async (page) => {
    assert.equal(await page.locator("#panel-place h2").textContent(), "Tall Rumman");
    await page.getByText("few to all of 4 replicates").waitFor();
    await page.getByLabel("One possible history").selectOption("3");
    await page.waitForFunction(() => location.hash.includes("replicate=3"));
    assert.deepEqual(await violations(page), []);
    // Another page that shows it in a frame.
    const other = await page.context().newPage();
    await other.route("**/frame.html", (route) => route.fulfill({ contentType: "text/html", body: `<iframe src="${site}#day=2014-02-04" width="900" height="600"></iframe>` }));
    await other.goto(`${site}frame.html`);
    await other.frameLocator("iframe").locator(".stage").waitFor();
  }));

  it("simulates again in the browser, and gives the digests of the run", inTab(() => site, async (page) => {
    await select(page, "Live");
    await page.getByRole("button", { name: "Run in the browser" }).click();
    await page.getByText("Every table has the digest of the served run.").waitFor();
  }));

  it("tells the stories of the command line, simulated again", inTab(() => site, async (page) => {
    await follow(page, "defector");
    const heading = await page.locator("#panel-person h3").first().textContent();
    const person = heading.replace(/\D/g, "");
    const told = JSON.parse(workshop.read(["story", "base", "--person", person, "--replicate", "0", "--format", "json"]));
    assert.equal(await page.locator("#panel-person .plain").textContent(), told.plain);
    const story = page.locator("#panel-person article");
    await story.getByLabel("Futures").selectOption("50");
    await story.getByRole("button", { name: "But for it?" }).click();
    await story.getByText(/^Left by the end: /).waitFor();
  }));
});

describe("a first minute", () => {
  it("guides in five steps, can be skipped, and doesn't come again", inTab(() => single, async (page) => {
    const guide = page.locator(".guide");
    await guide.getByText("1 of 5").waitFor();
    assert.deepEqual(await violations(page), []);
    for (let step = 2; step <= 5; step += 1) {
      await guide.getByRole("button", { name: "Next step" }).click();
      await guide.getByText(`${step} of 5`).waitFor();
      if (step === 3) await page.locator("#panel-person .plain").waitFor();
    }
    await guide.getByRole("button", { name: "Done" }).click();
    assert.equal(await guide.count(), 0);
    await page.goto(single);
    await page.locator(".stage").waitFor();
    assert.equal(await guide.count(), 0);
    // Who was sent an address wants to see what is there.
    await page.evaluate(() => localStorage.clear());
    await page.goto(`${single}?again#day=2014-02-04`);
    await page.locator(".stage").waitFor();
    assert.equal(await guide.count(), 0);
  }));
});

describe("what takes long", () => {
  it("says how far it is and can be stopped: a but-for, at once", inTab(() => single, async (page) => {
    await select(page, "Person");
    await page.locator("#panel-person").getByLabel("From").selectOption("tall_rumman");
    await follow(page, "defector");
    const story = page.locator("#panel-person article");
    await story.getByLabel("Futures").selectOption("500");
    await story.getByRole("button", { name: "But for it?" }).click();
    await story.getByText(/^\d+ of 500 pairs of futures$/).waitFor();
    await story.getByRole("button", { name: "Stop" }).click();
    await story.getByText("Stopped.").waitFor();
    assert.ok(await story.getByRole("button", { name: "But for it?" }).isEnabled());
  }));
});

describe("people are found", () => {
  it("by age, day and reason, with their number, a page at a time", inTab(() => single, async (page) => {
    await select(page, "Person");
    await page.getByLabel("Who").selectOption("");
    await page.locator("#panel-person ol[aria-busy=false]").waitFor();
    const status = page.locator("#panel-person [role=status]").first();
    await page.waitForFunction(() => /page 1 of \d+/.test(document.querySelector("#panel-person").textContent));
    const first = await listed(page).allTextContents();
    assert.equal(first.length, 50);
    await page.getByRole("button", { name: "Next page" }).click();
    await page.waitForFunction(() => /page 2 of/.test(document.querySelector("#panel-person").textContent));
    await page.locator("#panel-person ol[aria-busy=false]").waitFor();
    const number = (text) => Number(text.replace(/\D/g, ""));
    assert.ok(number((await listed(page).allTextContents())[0]) > number(first.at(-1)));
    const all = number((await status.textContent()).split(" simulated")[0]);
    await page.getByText("When, age, origin, rank, reason").click();
    await page.getByLabel("Strongest reason to leave").selectOption("belief");
    await page.waitForFunction((n) => { const told = /^\s*([\d,]+) simulated/.exec(document.querySelector("#panel-person [role=status]").textContent); return told && Number(told[1].replace(/,/g, "")) < n; }, all);
    await page.getByLabel("Not before").fill("2014-01-10");
    await page.getByLabel("Least age").fill("20");
    await page.getByLabel("Least age").press("Tab");
    await page.locator("#panel-person ol[aria-busy=false]").waitFor({ state: "attached" });
    for (const line of await page.locator("#panel-person ol li p").allTextContents()) {
      const [, age, date] = /of (\d+),.* on (\d{4}-\d{2}-\d{2})/.exec(line);
      assert.ok(Number(age) >= 20 && date >= "2014-01-10", line);
    }
    await page.waitForFunction(() => location.hash.includes("people.from_age=20") && location.hash.includes("people.cause=belief"));
    assert.deepEqual(await violations(page), []);
  }));
});

describe("axe finds nothing", () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const [width, height] of [[1400, 900], [380, 800]]) {
      it(`${colorScheme}, ${width} pixels wide`, inTab(() => single, async (page) => {
        for (const tab of ["Day", "Place", "Person", "Live", "About"]) {
          await select(page, tab);
          if (tab === "Person") await follow(page, "deserter");
          if (tab === "Live") await page.getByLabel("Find a setting or parameter").fill("kin");
          assert.deepEqual(await violations(page), [], tab);
        }
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(overflow <= 0, `${overflow} pixels too wide`);
      }, { colorScheme, viewport: { width, height } }));
    }
  }
});

describe("all of it", () => {
  it("asks nobody else, breaks no content security policy, and throws nothing", () => assert.deepEqual(complaints, []));
});
