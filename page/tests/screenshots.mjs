// Draws the pictures of the documents: docs/images/explore-*.png.
//   node page/tests/screenshots.mjs      (needs the program and Chromium, like the tests)
import { launch, openPage, Workshop } from "./served.mjs";

const out = (name) => new URL(`../../docs/images/explore-${name}.png`, import.meta.url).pathname;
/** As much of two people as a document wants. */
const PERSON_HEIGHT = 900;
const workshop = new Workshop();
const browser = await launch();
try {
  workshop.run(["run", "north-syria-2014", "--replicates", "6", "--quiet", "--out", "north"]);
  const [north, village, pair] = await Promise.all([
    workshop.explore(["north"]),
    workshop.explore(["one-village", "--replicates", "4"]),
    workshop.explore(["one-village", "--replicates", "4", "--theory-b", "fixed"]),
  ]);
  const settle = (page) => page.waitForTimeout(1200);

  const map = await openPage(browser, `${north}#day=2014-01-20`, { viewport: { width: 1160, height: 760 } });
  await settle(map.page);
  await map.page.screenshot({ path: out("map") });
  await map.page.getByLabel("Four dates").check();
  await settle(map.page);
  await map.page.screenshot({ path: out("four-dates") });
  await map.close();

  const person = await openPage(browser, village, { viewport: { width: 1100, height: 860 } });
  await person.page.getByRole("tab", { name: "Person" }).click();
  await person.page.locator("#panel-person").getByLabel("From").selectOption("tall_rumman");
  await person.page.getByLabel("First group").selectOption("isis");
  await person.page.locator("#panel-person ol li button").first().click();
  await person.page.getByRole("button", { name: "Beside a stayer of the same village" }).click();
  const columns = person.page.locator(".columns article");
  await columns.nth(1).waitFor();
  const first = columns.first();
  await first.getByLabel("Futures").selectOption("200");
  await first.getByRole("button", { name: "But for it?" }).click();
  const answer = first.locator(".but-for");
  await answer.getByText(/^Left by the end/).waitFor({ timeout: 60_000 });
  await settle(person.page);
  const { x, y, width } = await person.page.locator("section.card:has(.columns)").boundingBox();
  const top = await person.page.evaluate(() => scrollY);
  await person.page.screenshot({ path: out("person"), fullPage: true, clip: { x, y: y + top, width, height: PERSON_HEIGHT } });
  await answer.screenshot({ path: out("but-for") });
  await person.close();

  // Days as they come, beside the served run, with a slider moved.
  const live = await openPage(browser, `${north}#tab=live`, { viewport: { width: 1400, height: 1000 } });
  await live.page.locator("#live-scenario").waitFor();
  await live.page.getByLabel("Find a setting or parameter").fill("isis amnesty");
  await live.page.getByRole("slider", { name: "Slider of levers.isis.amnesty", exact: true }).fill("0.8");
  await live.page.getByLabel("Find a setting or parameter").fill("");
  await live.page.locator(".groups summary", { hasText: "ISIS" }).first().click();
  await live.page.getByRole("heading", { name: "1 change of the scenario" }).evaluate((heading) => heading.scrollIntoView());
  await live.page.evaluate(() => scrollTo(0, 0));
  await live.page.getByRole("button", { name: "Run in the browser" }).click();
  await live.page.waitForFunction(() => Number(/^Day (\d+) /.exec(document.querySelector("#live-progress .numbers")?.textContent ?? "")?.[1] ?? 0) >= 40, null, { polling: 20 });
  await live.page.screenshot({ path: out("live") });
  await live.close();

  const two = await openPage(browser, `${pair}#day=2014-02-06`, { viewport: { width: 1280, height: 800 }, colorScheme: "dark" });
  await settle(two.page);
  await two.page.screenshot({ path: out("side-by-side") });
  await two.close();
} finally {
  await browser.close();
  await workshop.stop();
}
