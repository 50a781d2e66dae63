// The wall lives: news arrive by SSE, the parts are asked for again, everything has a key. Nothing moves without data.
//
// A news item (codes only) is shown at once in the stream; then the parts are fetched, spread over some seconds when
// many screens watch. Without the live process the page asks every 15 seconds; when nothing arrives it says so.
const wall = document.getElementById("wall");
const ground = document.getElementById("main");
const words = JSON.parse(document.getElementById("wall-words").textContent);
const say = wall.dataset;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const POLL = 15000; // while no line is open
const SLOW_POLL = 60000; // also with a line: what was lost is found
const STALE = 45000; // without an answer the page says that its data are old
const SCREENS_A_SECOND = 200; // that may ask the pages at the same time
const charts = import(say.chartModule);
const english = document.documentElement.lang.startsWith("en");

// -- time and freshness ----------------------------------------------------------------------------------------------
const offset = Number(say.at) * 1000 - Date.now(); // this machine's clock may be wrong; the house's is not
const now = () => Date.now() + offset;
let fresh_at = now(); // the house's time of the last answer
let answered = performance.now();
let line = "off"; // off | open | cut (the process lives, its database does not)

function span(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return seconds < 100 ? say.wordsSeconds.replace("{}", seconds) : say.wordsMinutes.replace("{}", Math.round(seconds / 60));
}

const clock = wall.querySelector("[data-clock]");
const written = new Intl.DateTimeFormat(english ? "en-GB" : "zh-CN", {
  timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit", weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

function tick() {
  const at = now();
  const parts = Object.fromEntries(written.formatToParts(at).map(({ type, value }) => [type, value]));
  clock.textContent = `${parts.year}-${parts.month}-${parts.day} ${parts.weekday} ${parts.hour}:${parts.minute}:${parts.second}`;
  const age = performance.now() - answered;
  const state = age > Math.max(STALE, spread * 1000 + SLOW_POLL * 1.5) || (line !== "open" && age > STALE) ? "stale" : line === "open" ? "live" : "polling";
  const box = document.getElementById("wall-state");
  box.dataset.state = state;
  const how = { live: say.wordsLive, polling: say.wordsPolling, stale: "" }[state];
  const old = age < 2000 ? say.wordsNow : say.wordsAgo.replace("{}", span(age));
  box.querySelector("[data-state-words]").textContent = how ? `${how} · ${old}` : old;
  const warning = document.getElementById("wall-stale");
  const words_now = state === "stale" ? say.wordsStale.replace("{}", span(age)) : "";
  if (warning.hidden !== (state !== "stale")) warning.hidden = state !== "stale";
  if (state === "stale" && (!warning.textContent || Math.round(age / 1000) % 15 === 0)) warning.textContent = words_now;
  if (state !== "stale") warning.textContent = "";
}

// -- asking for the parts --------------------------------------------------------------------------------------------
let spread = 0; // seconds over which the screens ask
let heard = ""; // version of the last news
let asking = false;
let again = false;
let timer = 0;

function soon(version) {
  if (version && version > heard) heard = version;
  if (asking) {
    again = true;
    return;
  }
  if (timer) return;
  timer = setTimeout(ask, 150 + Math.random() * spread * 1000);
}

async function ask() {
  clearTimeout(timer);
  timer = 0;
  asking = true;
  again = false;
  const before = heard;
  try {
    const address = new URL(say.panelsUrl, location.href);
    if (heard) address.searchParams.set("v", heard);
    const answer = await fetch(address, { headers: { "X-Wall": "1" }, redirect: "follow", signal: AbortSignal.timeout(20000) });
    // Signed out, or the screen's link ended: the page itself says what to do.
    if (answer.redirected || answer.status === 401 || answer.status === 403) return location.reload();
    if (answer.ok) await take(await answer.text(), before);
  } catch {
    /* the state in the head says how old the data are */
  } finally {
    asking = false;
    if (again) soon("");
  }
}

async function take(text, before) {
  const box = document.createElement("template");
  box.innerHTML = text;
  const found = box.content.querySelector("[data-wall-answer]");
  if (!found) return location.reload();
  if (found.dataset.build !== say.build) return location.reload(); // the house was renewed
  answered = performance.now();
  fresh_at = Number(found.dataset.at) * 1000;
  for (const panel of found.querySelectorAll("[data-panel]")) {
    // News came while this answer was on its way: the stream has them, the answer may not. The next one will.
    if (panel.dataset.panel === "stream" && heard !== before) again = true;
    else await put(panel);
  }
  listen(found.dataset.liveUrl);
  look_for_alarms();
  tick();
}

const shown = new Map(); // panel -> its markup as it came, without moments
const without_moments = (panel) => {
  const copy = panel.cloneNode(true);
  for (const moment of copy.querySelectorAll(".wall-as-of")) moment.remove();
  return copy.innerHTML;
};
for (const panel of ground.querySelectorAll("[data-panel]")) shown.set(panel.dataset.panel, without_moments(panel));

async function put(panel) {
  const name = panel.dataset.panel;
  const here = ground.querySelector(`[data-panel="${name}"]`);
  const markup = without_moments(panel);
  const moments = panel.querySelector(".wall-as-of");
  if (shown.get(name) === markup || (name === "stream" && held)) {
    if (name === "stream" && held) return;
    const old = here.querySelector(".wall-as-of");
    if (old && moments) old.replaceWith(moments);
    return;
  }
  shown.set(name, markup);
  if (name === "map") return put_map(here, panel);
  const focus = where_focus(here);
  const scrolled = here.querySelector(".wall-stream, .wall-people, .wall-topics")?.scrollTop ?? 0;
  await put_children(here, panel);
  if (name === "stream") mark_new(here);
  const list = here.querySelector(".wall-stream, .wall-people, .wall-topics");
  if (list) list.scrollTop = scrolled;
  focus?.(here);
}

// A chart stays; only the table below it is exchanged, and drawn again.
async function put_children(here, panel) {
  const { dress, again: redraw } = await charts;
  const figure = here.querySelector("figure[data-chart]");
  const next = panel.querySelector("figure[data-chart]");
  if (!figure || !next) {
    here.replaceChildren(...panel.childNodes);
    dress(here);
    return;
  }
  figure.querySelector("[data-twin]").replaceChildren(...next.querySelector("[data-twin]").childNodes);
  next.replaceWith(figure.cloneNode(false));
  const place = panel.querySelector("figure[data-chart]");
  place.replaceWith(figure);
  here.replaceChildren(...panel.childNodes);
  redraw(figure);
}

// What had the focus gets it back: the same link by its address, else its place.
function where_focus(root) {
  const at = document.activeElement;
  if (!at || !root.contains(at)) return null;
  const href = at.getAttribute("href");
  const links = [...root.querySelectorAll("a, button, [tabindex]")];
  const place = links.indexOf(at);
  return (next) => {
    const all = [...next.querySelectorAll("a, button, [tabindex]")];
    (all.find((one) => href && one.getAttribute("href") === href) ?? all[Math.min(place, all.length - 1)])?.focus({ preventScroll: true });
  };
}

// -- news ------------------------------------------------------------------------------------------------------------
let source = null;
let address = "";

function listen(wanted) {
  if (!wanted || !window.EventSource) return;
  // A fresh permit comes with every answer; the open line is kept while it works.
  address = wanted;
  if (source && source.readyState !== EventSource.CLOSED) return;
  source = new EventSource(address);
  source.addEventListener("open", () => soon(""));
  source.addEventListener("error", () => {
    line = "off";
    if (source.readyState === EventSource.CLOSED) source = null; // its permit ran out: the next answer brings another
    tick();
  });
  source.addEventListener("line", (event) => {
    const before = line;
    line = event.data === "1" ? "open" : "cut";
    if (line === "open" && before === "cut") soon("");
    tick();
  });
  source.addEventListener("viewers", (event) => {
    spread = Math.min(20, Number(event.data) / SCREENS_A_SECOND);
  });
  source.addEventListener("touch", (event) => soon(/^\d{12,13}$/.test(event.data.split(" ")[1]) ? event.data.split(" ")[1] : ""));
  source.addEventListener("item", (event) => {
    try {
      news(JSON.parse(event.data.slice(event.data.indexOf("{"))));
    } catch {
      soon("");
    }
  });
}
window.addEventListener("pagehide", () => source?.close());
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

// An item is shown before anything is asked; the answer of the house takes its place a moment later.
const known = new Set();
function news(item) {
  const version = String(item.at);
  soon(version);
  const key = `${item.number} ${item.verb} ${item.at}`;
  if (known.has(key) || !words.verbs[item.verb] || ["note", "add", "archive", "transfer", "contact", "rate"].includes(item.verb)) return;
  known.add(key);
  if (known.size > 500) known.clear();
  if (held) {
    waiting += 1;
    return tell_held();
  }
  const list = ground.querySelector("[data-stream]");
  if (!list || list.querySelector(`[data-item="${CSS.escape(key)}"]`)) return;
  list.querySelector(".wall-none")?.remove();
  list.prepend(row(item, key));
  while (list.children.length > 60) list.lastElementChild.remove();
  shown.delete("stream");
  if (item.urgency === "critical") look_for_alarms();
}

function row(item, key) {
  const made = document.createElement("li");
  made.dataset.item = key;
  made.dataset.number = item.number;
  made.className = "is-new";
  const at = document.createElement("time");
  at.dateTime = new Date(item.at).toISOString();
  at.textContent = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" }).format(item.at);
  const what = document.createElement("span");
  const urgency = words.urgencies[item.urgency];
  if (urgency) {
    made.dataset.urgent = "";
    const bold = document.createElement("b");
    bold.textContent = urgency;
    what.append(bold, " ");
  }
  const category = words.categories[item.category] ?? (item.category || words.unsorted);
  if (words.case) {
    const link = document.createElement("a");
    link.href = words.case.replace("{}", item.number);
    link.textContent = category;
    what.append(link);
  } else what.append(category);
  if (words.grids[item.grid]) what.append(` · ${words.grids[item.grid]}`);
  const did = document.createElement("span");
  did.className = "wall-did";
  did.textContent = words.verbs[item.verb];
  made.append(at, what, did);
  return made;
}

let newest = "";
function mark_new(panel) {
  const rows = [...panel.querySelectorAll("[data-item]")];
  for (const one of rows) {
    if (!newest || one.dataset.item === newest) break;
    one.classList.add("is-new");
  }
  if (rows.length) newest = rows[0].dataset.item;
}
newest = ground.querySelector("[data-item]")?.dataset.item ?? "";

let held = false;
let waiting = 0;
function hold() {
  held = !held;
  key_button("p").setAttribute("aria-pressed", String(held));
  if (held) return tell_held();
  waiting = 0;
  shown.delete("stream");
  ask();
  announce("");
}
const tell_held = () => announce(say.wordsPaused.replace("{}", waiting));

function announce(text) {
  document.getElementById("wall-said").textContent = text;
}

// -- sound: the alarm's own module rings; here it is only let or not -----------------------------------------------------
const MUTED = "linli-wall-muted";
let muted = false;
function mute(wanted = !muted) {
  muted = wanted;
  document.documentElement.toggleAttribute("data-muted", muted);
  try {
    localStorage.setItem(MUTED, muted ? "1" : "");
  } catch {
    /* no storage: until the next page */
  }
  const button = key_button("m");
  button.setAttribute("aria-pressed", String(muted));
  button.querySelector("[data-sound-words]").textContent = muted ? say.wordsMuted : say.wordsSounding;
  document.dispatchEvent(new CustomEvent("linli:sound"));
}
function muted_before() {
  try {
    return localStorage.getItem(MUTED) === "1";
  } catch {
    return false;
  }
}
const look_for_alarms = () => document.body.dispatchEvent(new CustomEvent("linli:live"));

// -- the map -----------------------------------------------------------------------------------------------------------
let view = null; // x, y, width, height; null: the whole map
let here = ""; // the mark one stands on
let running = 0;
const picture = () => ground.querySelector("[data-map] > svg");
const whole = () => picture().dataset.box.split(" ").map(Number);

function put_map(old, panel) {
  const focus = where_focus(old);
  old.replaceChildren(...panel.childNodes);
  tools();
  apply(view ?? whole());
  point(here);
  focus?.(old);
}
function tools() {
  const found = ground.querySelector("[data-zoom-tools]");
  if (found) found.hidden = false;
}
function apply(box) {
  const svg = picture();
  if (!svg) return;
  svg.setAttribute("viewBox", box.map((one) => one.toFixed(2)).join(" "));
  const full = whole();
  // Marks and names keep their size on the screen, whatever the map's; on a large screen they grow with its letters.
  const unit = Math.max(box[2] / (svg.clientWidth || 1), box[3] / (svg.clientHeight || 1));
  const letters = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  svg.style.setProperty("--k", String(Math.min(unit * letters, (full[2] / 400) * letters)));
}
function move(to) {
  cancelAnimationFrame(running);
  view = to;
  const goal = to ?? whole();
  const svg = picture();
  if (!svg) return;
  const from = svg.getAttribute("viewBox").split(" ").map(Number);
  if (still.matches) return apply(goal);
  const began = performance.now();
  const step = (at) => {
    const part = Math.min(1, (at - began) / 350);
    const eased = 1 - (1 - part) ** 3;
    apply(from.map((one, place) => one + (goal[place] - one) * eased));
    if (part < 1) running = requestAnimationFrame(step);
  };
  running = requestAnimationFrame(step);
}
function scale(by, x, y) {
  const full = whole();
  const [left, top, width, height] = view ?? full;
  const wide = Math.min(full[2], Math.max(full[2] / 24, width * by));
  const tall = wide * (full[3] / full[2]);
  if (wide >= full[2] * 0.999) return move(null);
  const [cx, cy] = [x ?? left + width / 2, y ?? top + height / 2];
  move([cx - (cx - left) * (wide / width), cy - (cy - top) * (tall / height), wide, tall]);
}
function point(wanted) {
  for (const mark of ground.querySelectorAll(".wall-pin")) mark.classList.toggle("is-here", Boolean(wanted) && mark.dataset.mark === wanted);
}
// Marks are drawn with the most pressing last; the keys go through them from the most pressing on.
function next_case(back) {
  const marks = [...ground.querySelectorAll(".wall-pin")].reverse();
  if (!marks.length) return;
  const at = marks.findIndex((mark) => mark.dataset.mark === here);
  const mark = marks[(at + (back ? -1 : 1) + marks.length + (at < 0 && back ? 1 : 0)) % marks.length];
  here = mark.dataset.mark;
  point(here);
  const full = whole();
  const [wide, tall] = [full[2] / 3.2, full[3] / 3.2];
  move([Number(mark.dataset.x) - wide / 2, Number(mark.dataset.y) - tall / 2, wide, tall]);
  announce(mark.getAttribute("aria-label"));
  if (mark.matches("a")) mark.focus({ preventScroll: true });
}
function whole_map() {
  here = "";
  point("");
  move(null);
}
function at_pointer(event) {
  const svg = picture();
  const spot = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [spot.x, spot.y];
}
ground.addEventListener("wheel", (event) => {
  if (!event.target.closest("[data-map]") || (!event.ctrlKey && !view && event.deltaY > 0)) return;
  event.preventDefault();
  cancelAnimationFrame(running);
  const [x, y] = at_pointer(event);
  const full = whole();
  const [left, top, width, height] = view ?? full;
  const wide = Math.min(full[2], Math.max(full[2] / 24, width * (event.deltaY > 0 ? 1.18 : 1 / 1.18)));
  view = wide >= full[2] * 0.999 ? null : [x - (x - left) * (wide / width), y - (y - top) * (wide / width), wide, height * (wide / width)];
  apply(view ?? full);
}, { passive: false });
let drag = null;
ground.addEventListener("pointerdown", (event) => {
  if (!view || !event.target.closest("[data-map] > svg") || event.button) return;
  drag = { x: event.clientX, y: event.clientY, box: [...view], moved: false };
});
window.addEventListener("pointermove", (event) => {
  if (!drag || !view) return;
  const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
  if (Math.hypot(dx, dy) < 4 && !drag.moved) return;
  drag.moved = true;
  const unit = 1 / picture().getScreenCTM().a;
  view = [drag.box[0] - dx * unit, drag.box[1] - dy * unit, drag.box[2], drag.box[3]];
  apply(view);
});
window.addEventListener("pointerup", () => {
  if (drag?.moved) window.addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); }, { capture: true, once: true });
  const moved = drag?.moved;
  drag = null;
  if (moved) setTimeout(() => window.dispatchEvent(new Event("linli:dragged")), 0);
});
ground.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  if (!button) return;
  ({ in: () => scale(1 / 1.6), out: () => scale(1.6), whole: whole_map })[button.dataset.zoom]();
});
new ResizeObserver(() => picture() && apply(view ?? whole())).observe(ground);

// -- the full list -----------------------------------------------------------------------------------------------------
async function full_list() {
  const dialog = document.getElementById("wall-list");
  if (dialog.open) return dialog.close();
  const address = new URL(say.listUrl, location.href);
  address.searchParams.set("part", "1");
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok || answer.redirected) return location.assign(say.listUrl);
  dialog.querySelector("[data-list-body]").innerHTML = await answer.text();
  dialog.showModal();
}

// -- the tour ----------------------------------------------------------------------------------------------------------
const TOUR = 9000;
const box = document.getElementById("wall-tour");
const stops = [...document.getElementById("wall-tour-words").content.querySelectorAll("[data-tour]")];
let stop = -1;
let walking = 0;
function tour(by) {
  clearTimeout(walking);
  for (const panel of ground.querySelectorAll(".is-toured")) panel.classList.remove("is-toured");
  stop = by === null ? -1 : (stop + by + stops.length) % stops.length;
  const on = stop >= 0;
  box.hidden = !on;
  wall.classList.toggle("is-touring", on);
  key_button("d").setAttribute("aria-pressed", String(on));
  if (!on) return;
  const panel = ground.querySelector(`[data-panel="${stops[stop].dataset.tour}"]`);
  panel?.classList.add("is-toured");
  panel?.scrollIntoView({ block: "nearest", behavior: "instant" });
  box.querySelector("[data-tour-words]").textContent = stops[stop].textContent;
  box.querySelector("[data-tour-place]").textContent = `${stop + 1} / ${stops.length}`;
  // Who wants no motion goes on by hand.
  if (!still.matches) walking = setTimeout(() => tour(1), TOUR);
}
box.querySelector("[data-tour-next]").addEventListener("click", () => tour(1));
box.querySelector("[data-tour-back]").addEventListener("click", () => tour(-1));
box.querySelector("[data-tour-end]").addEventListener("click", () => tour(null));

// -- keys --------------------------------------------------------------------------------------------------------------
const key_button = (key) => wall.querySelector(`[data-key="${CSS.escape(key)}"]`);
const keys = {
  z: () => next_case(false),
  Z: () => next_case(true),
  l: full_list,
  t: async () => key_button("t").setAttribute("aria-pressed", String((await charts).turn_all())),
  p: hold,
  m: () => mute(),
  d: () => tour(stop >= 0 ? null : 1),
  f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen().catch(() => {})),
  "?": () => document.getElementById("wall-help").showModal(),
  "+": () => scale(1 / 1.6),
  "=": () => scale(1 / 1.6),
  "-": () => scale(1.6),
  0: whole_map,
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (event.target.closest?.("input, textarea, select")) return;
  if (document.querySelector("dialog[open]")) {
    if (event.key === "l" && document.getElementById("wall-list").open) document.getElementById("wall-list").close();
    return;
  }
  if (stop >= 0 && ["ArrowRight", "ArrowLeft"].includes(event.key)) return tour(event.key === "ArrowRight" ? 1 : -1);
  if (event.key === "Escape") {
    if (stop >= 0) return tour(null);
    return whole_map();
  }
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
for (const button of wall.querySelectorAll(".wall-keys [data-key]")) {
  button.hidden = false;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    keys[button.dataset.key]();
  });
}

// -- begin -------------------------------------------------------------------------------------------------------------
tools();
if (muted_before()) mute(true);
if (picture()) apply(whole());
listen(say.liveUrl);
tick();
setInterval(tick, 1000);
setInterval(() => {
  const age = performance.now() - answered;
  if (age >= (line === "open" ? SLOW_POLL : POLL) - 500 && !document.hidden) soon("");
}, 5000);
document.addEventListener("visibilitychange", () => !document.hidden && soon(""));
