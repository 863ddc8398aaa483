// The widget of a run: a map with control by day, a slider, the strength of groups, and one person's path.
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 460, HEIGHT = 340, MARGIN = 34, HELD_FROM = 0.6;
// The colours of the program's page and reports, for light grounds; letters tell groups apart without them.
const COLOURS = ["#1d49f5", "#db6001", "#007974", "#a02c55", "#9f8b6c", "#36248a", "#189bd1", "#b80000"];
const CONTESTED = "#ffffff";

function made(parent, name, attributes = {}, text = "") {
  const one = name.startsWith("svg:") ? document.createElementNS(SVG, name.slice(4)) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
  one.textContent = text;
  parent.append(one);
  return one;
}

// Where places lie on the drawing; one degree of longitude is shorter than one of latitude.
function projection(places) {
  const shrink = Math.cos((places.reduce((sum, place) => sum + place.latitude, 0) / places.length) * Math.PI / 180);
  const x = places.map((place) => place.longitude * shrink), y = places.map((place) => -place.latitude);
  const [left, top] = [Math.min(...x), Math.min(...y)];
  const [wide, high] = [Math.max(...x) - left, Math.max(...y) - top];
  const scale = Math.min((WIDTH - 2 * MARGIN) / (wide || 1), (HEIGHT - 2 * MARGIN) / (high || 1));
  const [offX, offY] = [(WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2];
  return (at) => [(x[at] - left) * scale + offX, (y[at] - top) * scale + offY];
}

// The shares of each place on a day: control has rows on days on which something changed.
function sharesOn(data, day) {
  const shares = data.places.map(() => new Map()), since = data.places.map(() => -1);
  for (const [on, place, group, share] of data.control) {
    if (on > day) break;
    if (since[place] !== on) {
      shares[place] = new Map();
      since[place] = on;
    }
    shares[place].set(group, share);
  }
  return shares;
}

function render({ model, el }) {
  const data = model.get("data");
  el.classList.add("allegiance-widget");
  made(el, "div", { class: "title" }, data.title);
  const row = made(el, "div", { class: "row" });
  const map = made(row, "svg:svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "Map of the places by who controls them" });
  const side = made(row, "div", { class: "side" });
  const at = projection(data.places);
  const largest = Math.max(...data.places.map((place) => place.population), 1);
  const few = data.places.length <= 40;
  const circles = data.places.map((place, number) => {
    const [x, y] = at(number);
    const radius = 3 + 15 * Math.sqrt(place.population / largest);
    const circle = made(map, "svg:circle", { cx: x, cy: y, r: radius, stroke: "#333" });
    const letter = made(map, "svg:text", { x, y: y + 4, "text-anchor": "middle", class: "letter" });
    if (few) made(map, "svg:text", { x, y: y + radius + 11, "text-anchor": "middle" }, place.name);
    return { circle, letter, title: made(circle, "svg:title"), radius };
  });
  const table = made(side, "table");
  const news = made(side, "div", { class: "news", "aria-live": "polite" });

  const controls = made(el, "div", { class: "controls" });
  const play = made(controls, "button", { type: "button" }, "Play");
  const slider = made(controls, "input", { type: "range", min: 0, max: data.dates.length - 1, step: 1, "aria-label": "Day" });
  const date = made(controls, "output");

  const choice = made(el, "label", { class: "choice" }, "A person's path: ");
  const select = made(choice, "select");
  for (const kind of data.kinds) made(select, "option", { value: kind }, kind);
  const story = made(el, "pre", { tabindex: 0 });
  made(el, "div", { class: "note" }, data.about);

  function drawDay() {
    const day = model.get("day");
    slider.value = day;
    date.textContent = data.dates[day];
    sharesOn(data, day).forEach((shares, number) => {
      const { circle, letter, title, radius } = circles[number];
      const [group, share] = [...shares].sort((a, b) => b[1] - a[1])[0] ?? [0, 0];
      const held = share >= HELD_FROM;
      circle.setAttribute("fill", held ? COLOURS[group % COLOURS.length] : CONTESTED);
      circle.setAttribute("stroke-dasharray", held ? "none" : "3 2");
      letter.textContent = held && radius > 6 ? data.groups[group].letter : "";
      const words = [...shares].map(([of, part]) => `${data.groups[of].name} ${Math.round(100 * part)}%`);
      title.textContent = `${data.places[number].name}: ${words.join(", ")}`;
    });
    const today = data.incidents.filter((one) => one.day === day);
    circles.forEach(({ circle }, number) => {
      circle.setAttribute("stroke-width", today.some((one) => one.place === number) ? 5 : 1);
    });
    table.replaceChildren();
    const head = made(table, "tr");
    for (const word of ["", "group", "members"]) made(head, "th", { scope: "col" }, word);
    data.groups.forEach((group, number) => {
      const line = made(table, "tr");
      made(line, "td", { style: `color:${COLOURS[number % COLOURS.length]}` }, `● ${group.letter}`);
      made(line, "td", {}, group.name);
      made(line, "td", { class: "number" }, String(group.members[day] ?? ""));
    });
    news.replaceChildren();
    for (const one of today) made(news, "div", {}, one.words);
    if (!today.length) made(news, "div", {}, "No incident on this day.");
  }
  function drawStory() {
    select.value = model.get("pick");
    story.textContent = model.get("story");
  }

  let timer = null;
  const stop = () => { clearInterval(timer); timer = null; play.textContent = "Play"; };
  const turn = (day) => { model.set("day", day); model.save_changes(); };
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (model.get("day") >= data.dates.length - 1) turn(0);
    play.textContent = "Stop";
    timer = setInterval(() => {
      if (model.get("day") >= data.dates.length - 1) stop();
      else turn(model.get("day") + 1);
    }, 200);
  });
  slider.addEventListener("input", () => turn(Number(slider.value)));
  select.addEventListener("change", () => { model.set("pick", select.value); model.save_changes(); });
  model.on("change:day", drawDay);
  model.on("change:story", drawStory);
  drawDay();
  drawStory();
  return () => {
    stop();
    model.off("change:day", drawDay);
    model.off("change:story", drawStory);
  };
}

export default { render };
