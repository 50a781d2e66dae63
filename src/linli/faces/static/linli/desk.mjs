// The workbench under the fingers: j k Enter x / ? and single letters for moves; live updates; the list keeps its place.
const rows = () => [...document.querySelectorAll(".desk-row")];
const typing = (at) => at.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

let at = null; // data-row of the row the keyboard is on

function row_now() {
  const all = rows();
  return all.findIndex((row) => row.contains(document.activeElement)) >= 0
    ? all.find((row) => row.contains(document.activeElement))
    : all.find((row) => row.dataset.row === at) ?? all.find((row) => row.hasAttribute("aria-current"));
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const now = all.indexOf(row_now());
  const next = all[Math.max(0, Math.min(all.length - 1, now < 0 ? 0 : now + by))];
  at = next.dataset.row;
  const link = next.querySelector(".desk-row__link");
  link?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function pick() {
  const box = row_now()?.querySelector('.desk-row__pick input[type="checkbox"]');
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function keys() {
  const dialog = document.getElementById("desk-keys");
  if (!dialog?.showModal) return;
  const here = dialog.querySelector("[data-keys-here]");
  here.textContent = "";
  for (const move of document.querySelectorAll("[data-key]")) {
    const term = document.createElement("dt");
    const key = document.createElement("kbd");
    key.className = "ll-key";
    key.textContent = move.dataset.key;
    term.append(key);
    const words = document.createElement("dd");
    const copy = move.cloneNode(true);
    for (const extra of copy.querySelectorAll("kbd, svg")) extra.remove();
    words.textContent = (move.getAttribute("aria-label") ?? copy.textContent).trim();
    here.append(term, words);
  }
  dialog.showModal();
}

// What waits in a closed menu can be reached by its letter too.
const seen = (element) => element.getClientRects().length > 0 || Boolean(element.closest("details[data-menu]:not([open])"));

const fixed = {
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: (event) => (event.target.closest?.(".desk-row") ? step(1) : false),
  ArrowUp: (event) => (event.target.closest?.(".desk-row") ? step(-1) : false),
  x: pick,
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": keys,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (event.key === "Escape" && event.target.matches?.("[data-search]")) return event.target.blur();
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") return back();
  if (fixed[event.key]) {
    if (fixed[event.key](event) !== false) event.preventDefault();
    return;
  }
  // Letters belong to the moves of the page, the detail's before the list's.
  const moves = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].filter(seen);
  const move = moves.find((one) => one.closest("#detail")) ?? moves[0];
  if (!move) return;
  event.preventDefault();
  move.click();
});

// The queue one is in may lie beyond the edge of the bar.
document.querySelector(".desk-queues [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// Selection: picked rows are marked, the bulk bar appears with their number.
function count() {
  const picked = rows().filter((row) => {
    const on = row.querySelector(".desk-row__pick input")?.checked ?? false;
    row.classList.toggle("is-picked", on);
    return on;
  });
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    bar.hidden = picked.length === 0;
    for (const number of bar.querySelectorAll("[data-bulk-count]")) number.textContent = String(picked.length);
  }
}
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-pick-all]")) {
    for (const box of document.querySelectorAll('.desk-row__pick input[type="checkbox"]')) box.checked = event.target.checked;
  }
  if (event.target.closest?.(".desk-row__pick, [data-pick-all]")) count();
  // A filter sends itself: <form data-auto>.
  const form = event.target.closest?.("form[data-auto]");
  if (form) form.requestSubmit();
});

// One column at a time on a phone.
const desk = document.querySelector(".desk");
let list_scroll = 0;
function show(what) {
  if (!desk || desk.dataset.showing === what) return;
  if (what === "detail") list_scroll = window.scrollY;
  desk.dataset.showing = what;
  if (matchMedia("(max-width: 799px)").matches) window.scrollTo(0, what === "list" ? list_scroll : 0);
}
function back() {
  if (desk?.dataset.showing !== "detail" || !matchMedia("(max-width: 799px)").matches) return;
  show("list");
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".desk-back");
  // The list is already here, with its scroll: no need to fetch it again.
  if (link && rows().length) {
    event.preventDefault();
    show("list");
  }
});

// What is open, and where the list stood, survive a swap and a full page load.
const PLACE = `linli-desk:${location.pathname.split("/").slice(0, 3).join("/")}${new URLSearchParams(location.search).get("queue") ?? ""}`;
const list = document.getElementById("list");
function mark_open(number) {
  for (const row of rows()) {
    if (row.dataset.row === number) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}
let held = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!list?.contains(event.detail.target) && event.detail.target !== list) return;
  held = {
    scroll: list.scrollTop,
    row: row_now()?.dataset.row,
    focused: list.contains(document.activeElement),
    open: list.querySelector(".desk-row[aria-current]")?.dataset.row,
    picked: rows().filter((row) => row.querySelector(".desk-row__pick input")?.checked).map((row) => row.dataset.row),
  };
});
document.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target;
  if (target.id === "detail") {
    const number = target.querySelector("[data-case]")?.dataset.case;
    if (number) mark_open(number);
    target.scrollTop = 0;
    show("detail");
    return;
  }
  if (!held || !list) return;
  list.scrollTop = held.scroll;
  at = held.row ?? at;
  if (held.open && !list.querySelector(".desk-row[aria-current]")) mark_open(held.open);
  for (const row of rows()) {
    const box = row.querySelector(".desk-row__pick input");
    if (box && held.picked.includes(row.dataset.row)) box.checked = true;
  }
  if (held.focused) rows().find((row) => row.dataset.row === at)?.querySelector(".desk-row__link")?.focus({ preventScroll: true });
  held = null;
  count();
});
if (list) {
  try {
    list.scrollTop = Number(sessionStorage.getItem(PLACE) ?? 0);
    window.addEventListener("pagehide", () => sessionStorage.setItem(PLACE, String(list.scrollTop)));
  } catch {
    /* no storage: the list begins at its top */
  }
  list.querySelector(".desk-row[aria-current]")?.scrollIntoView({ block: "nearest" });
}
count();

const main = document.getElementById("main");
// Something did not go through: say so where the good news stands, and leave the form as it is.
function complain(words) {
  const place = document.getElementById("flash");
  if (!place || !words) return;
  const note = document.createElement("div");
  note.className = "ll-notice";
  note.dataset.kind = "bad";
  note.setAttribute("role", "alert");
  note.textContent = words;
  place.replaceChildren(note);
  setTimeout(() => note.remove(), 10000);
}
const by_hand = (event) => !event.detail.elt.matches?.("[hx-trigger*='linli:live']"); // what asks by itself fails quietly
document.addEventListener("htmx:sendError", (event) => by_hand(event) && complain(main.dataset.wordsOffline));
document.addEventListener("htmx:responseError", (event) => by_hand(event) && complain(main.dataset.wordsFailed));

// The row of a case that this list does not show has no place to go to.
const ROW = /<li class="desk-row" id="(row-\d+)" hx-swap-oob="true"[\s\S]*?<\/li>/;
document.addEventListener("htmx:beforeSwap", (event) => {
  const said = event.detail.serverResponse;
  if (typeof said === "string") event.detail.serverResponse = said.replace(ROW, (row, id) => (document.getElementById(id) ? row : ""));
});

// Signed out in the middle (idle, or elsewhere): what was typed waits in this tab until one is back.
const TYPED = "linli-typed";
const lasting = (control) => control.name && !["hidden", "file", "password", "submit"].includes(control.type);
document.addEventListener("htmx:beforeSwap", (event) => {
  const asked = new URL(event.detail.pathInfo.requestPath, location.href);
  const answered = new URL(event.detail.xhr.responseURL || asked);
  const room = location.pathname.split("/", 2).join("/");
  if (answered.pathname === asked.pathname || answered.pathname.startsWith(`${room}/`)) return;
  event.detail.shouldSwap = false;
  const form = document.querySelector("#detail form.desk-move__form");
  const back = form ? new URL(form.action).pathname : location.pathname + location.search;
  if (form) {
    const typed = [...form.elements].filter(lasting).map((one) => [one.name, one.value, one.checked ?? false]);
    try {
      sessionStorage.setItem(TYPED, JSON.stringify({ back, typed }));
    } catch {
      /* no storage: only the way back is kept */
    }
  }
  answered.searchParams.set("next", back);
  location.assign(answered);
});
function put_back() {
  const held = JSON.parse(sessionStorage.getItem(TYPED) ?? "null");
  if (held?.back !== location.pathname) return;
  sessionStorage.removeItem(TYPED);
  const form = document.querySelector("#detail form.desk-move__form");
  for (const [name, value, checked] of form ? held.typed : []) {
    for (const one of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (!["radio", "checkbox"].includes(one.type)) one.value = value;
      else if (one.value === value) one.checked = checked;
    }
  }
}
try {
  put_back();
} catch {
  /* no storage, or a broken entry */
}

// Live: the message is a topic and a version, never content. Whoever listens asks for what they may see:
//   <div hx-get="…" hx-trigger="linli:live from:body">
const POLL = 15000;
function tell(detail) {
  document.body.dispatchEvent(new CustomEvent("linli:live", { detail }));
}
function live(address) {
  let heard = 0;
  let timer = 0;
  const poll = () => {
    clearInterval(timer);
    timer = setInterval(() => {
      if (!document.hidden && Date.now() - heard >= POLL) tell({ topic: "", version: "" });
    }, POLL);
  };
  if (!window.EventSource) return poll();
  const source = new EventSource(address);
  source.addEventListener("open", () => clearInterval(timer));
  source.addEventListener("error", poll); // it reconnects by itself; meanwhile we ask
  source.addEventListener("touch", (event) => {
    heard = Date.now();
    const [topic, version] = event.data.split(" ");
    tell({ topic, version });
  });
  window.addEventListener("pagehide", () => source.close());
  poll(); // until the line is open
}
const address = document.querySelector("[data-live-url]")?.dataset.liveUrl;
if (address) live(address);
