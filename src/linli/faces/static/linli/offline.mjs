// When there is no net: the page on which a report is finished and put away on this phone (form[data-offline]), the list of
// what waits ([data-waiting]), and the moments at which it is sent. Loaded after outbox.js, where the reports are.
const outbox = globalThis.linliOutbox;
const meta = document.querySelector('meta[name="linli-device"]');
const doors = { door: meta.dataset.door, upload: meta.dataset.upload };
const DRAFT = "report";
const KEEP_DAYS = 30; // what waits for somebody who never comes back
const EVERY = 60e3; // ms between tries while a page is open

function held(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

function hold(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, typeof value === "string" ? value : JSON.stringify(value));
  } catch {
    /* private mode: nothing is kept */
  }
}

// The page that is kept on the device is everybody's: there the last reader of this phone counts.
const on_shell = () => location.pathname === meta.dataset.page || document.querySelector("form[data-offline]") !== null;
const owner = () => (on_shell() && !meta.content ? localStorage.getItem("linli-owner") ?? "" : meta.content);
const mine = (one) => !one.owner || one.owner === owner();

function new_key() {
  if (crypto.randomUUID) return crypto.randomUUID().replaceAll("-", "");
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

const slot = () => (owner() ? `${DRAFT}:${owner()}` : DRAFT);

// Another reader than the last one, or the same who has just signed in with a claim: what comes along, what is forgotten.
export async function belong(whose, claim, moved) {
  for (const files of await outbox.drafts()) {
    if (moved[files.name]) await outbox.keep({ ...files, name: moved[files.name] });
    if (localStorage.getItem(`linli-draft:${files.name}`) === null) await outbox.forget(files.name);
  }
  for (const one of await outbox.all()) {
    if (claim && one.claim === claim) await outbox.put({ ...one, owner: whose, claim: "", state: "waiting" });
    else if (one.state === "sent" && one.owner !== whose) await outbox.drop(one.key);
    else if (Date.now() - one.at > KEEP_DAYS * 86400e3) await outbox.drop(one.key);
  }
  if (claim) history.replaceState(null, "", location.pathname);
}

// ---- writing without net ----

let spare = null; // the page itself, where no service worker keeps it

async function warm() {
  if ("serviceWorker" in navigator && navigator.serviceWorker.controller) return;
  const answer = await fetch(meta.dataset.page);
  if (answer.ok) spare = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
}

// The form could not be sent for want of net: on with the page for that. False where there is none on this phone.
export async function take_over() {
  if (navigator.serviceWorker?.controller && (await caches.match(meta.dataset.page, { ignoreVary: true }))) {
    location.assign(meta.dataset.page);
    return true;
  }
  if (!spare) return false;
  document.querySelector("main").replaceWith(document.importNode(spare, true));
  document.body.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: document.querySelector("main") } }));
  await begin();
  document.querySelector("h1").focus();
  return true;
}

function put_values(form, values) {
  for (const control of form.elements) {
    if (!control.name || !(control.name in values) || control.type === "file") continue;
    const wanted = [values[control.name]].flat();
    if (control.type === "radio" || control.type === "checkbox") control.checked = wanted.includes(control.value);
    else control.value = wanted[0];
  }
}

// Who says it and where, as far as this phone knows it: no account and no place that it does not know.
function know(form) {
  const here = held("linli-here");
  const known = here && (here.owner === owner() || !owner()) ? here : {};
  const show = (name, on) => (form.querySelector(`[data-if="${name}"]`).hidden = !on);
  show("here", known.place);
  show("account", known.account);
  show("anonymous", known.unnamed !== "");
  if (known.name) form.querySelector("[data-here-name]").textContent = known.name;
  for (const call of document.querySelectorAll("[data-desk-phone]")) {
    call.hidden = !known.phone;
    if (known.phone) Object.assign(call.querySelector("a"), { href: `tel:${known.phone}`, textContent: known.phone });
  }
  const first = (name) => [...form.elements[name]].find((one) => !one.closest("[data-if][hidden]"));
  for (const name of ["how", "who"]) first(name).checked = true;
  return known;
}

async function write(form) {
  const again = await outbox.get(location.hash.slice(1) || " ").catch(() => null);
  const changed = again && mine(again) && again.state !== "sent" ? again : null;
  const begun = held(`linli-draft:${slot()}`);
  const known = know(form);
  let files = changed ? changed.files : [];
  if (!changed && begun) files = (await outbox.files(slot())).list;
  put_values(form, changed?.values ?? begun?.values ?? {});
  // A choice that is not offered here is no choice.
  for (const name of ["how", "who"]) {
    if (![...form.elements[name]].some((one) => one.checked && !one.closest("[data-if][hidden]"))) {
      [...form.elements[name]].find((one) => !one.closest("[data-if][hidden]")).checked = true;
    }
  }
  for (const input of form.querySelectorAll('input[type="file"]')) {
    const some = files.filter((file) => file.bytes && file.field === input.name);
    if (some.length) outbox.give(input, some);
  }
  form.hidden = false;
  const beyond = files.filter((file) => !file.bytes); // on the other side already, and only there
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = await lay_by(form, { changed, begun, known, files, beyond });
    delete form.dataset.sending;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
    const note = form.querySelector("[data-problem]");
    note.hidden = !problem;
    note.textContent = problem ? form.dataset[problem] : "";
    if (problem) return note.focus();
    form.hidden = true;
    for (const one of document.querySelectorAll("[data-before]")) one.hidden = true;
    await tend();
    document.querySelector("[data-waiting]").focus();
  });
}

// Puts the report away; the name of the sentence that says why not.
async function lay_by(form, { changed, begun, known, files, beyond }) {
  const values = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string") values[name] = value;
  if (values.words.replace(/[\s\p{P}]/gu, "").length < 2) return "wordsShort";
  if (values.how === "elsewhere" && !values.address.trim()) return "wordsWhere";
  if (values.who === "other" && !/^\+?[\d -]{5,20}$/.test(values.contact_phone)) return "wordsPhone";
  const list = [...beyond];
  for (const input of form.querySelectorAll('input[type="file"]')) {
    for (const file of input.files) {
      const packed = await outbox.packed(input.name, file);
      const same = files.find((one) => one.bytes?.byteLength === packed.bytes.byteLength && one.name === packed.name);
      list.push({ ...packed, ticket: same?.ticket }); // sent ahead already: not once more
    }
  }
  const key = changed?.key ?? begun?.key ?? new_key();
  const report = { key, owner: changed?.owner ?? owner(), at: Date.now(), place: known.place ?? "", values, files: list, state: "waiting" };
  try {
    await outbox.put(report);
  } catch {
    return "wordsFull";
  }
  if (!changed) {
    hold(`linli-draft:${slot()}`, null);
    await outbox.forget(slot());
  }
  // Where the browser knows it: sends even when the page has been closed. Nothing depends on it.
  const ready = await Promise.race([navigator.serviceWorker?.ready, new Promise((done) => setTimeout(done, 300))]);
  await ready?.sync?.register("linli-outbox").catch(() => {});
  return "";
}

// ---- what waits ----

const at_words = (at) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false }).format(at);

function card(list, name) {
  const made = list.querySelector(`template[data-card="${name}"]`).content.firstElementChild.cloneNode(true);
  list.querySelector("[data-list]").append(made);
  return made;
}

function say(made, wanted, text) {
  const spot = made.querySelector(`[data-${wanted}]`);
  spot.textContent = text;
  spot.hidden = !text;
}

function draw_own(list, one) {
  const made = card(list, "waiting");
  const code = one.state === "stopped" ? one.code : "waiting";
  made.dataset.key = one.key;
  say(made, "words", one.values.words);
  const pictures = one.files.filter((file) => file.field !== "sound").length;
  const sounds = one.files.length - pictures;
  say(made, "when", [at_words(one.at), pictures && `${list.dataset.wordsPictures} ${pictures}`, sounds && list.dataset.wordsSound].filter(Boolean).join(" · "));
  const said = [one.words, ...(one.errors ?? [])].filter(Boolean).join(" ");
  say(made, "said", one.state === "stopped" ? said || list.dataset.wordsAgain : list.dataset.wordsWaiting);
  made.querySelector("[data-said]").classList.toggle("ll-error", one.state === "stopped");
  for (const button of made.querySelectorAll("[data-for]")) button.hidden = !button.dataset.for.split(" ").includes(code);
}

function draw_sent(list, one) {
  const made = card(list, "sent");
  made.dataset.key = one.key;
  say(made, "said", one.words);
  made.querySelector("a").href = one.url;
}

async function show() {
  const every = (await outbox.all()).filter((one) => !one.kind); // what another room keeps it shows itself
  const unsent = every.filter((one) => mine(one) && one.state !== "sent");
  hold("linli-waiting", unsent.length ? String(unsent.length) : null);
  for (const list of document.querySelectorAll("[data-waiting]")) {
    list.querySelector("[data-list]").textContent = "";
    const own = every.filter(mine);
    const others = on_shell() ? [] : every.filter((one) => !mine(one));
    for (const one of own) (one.state === "sent" ? draw_sent : draw_own)(list, one);
    if (others.some((one) => one.owner.startsWith("a"))) card(list, "other");
    if (others.some((one) => !one.owner.startsWith("a"))) card(list, "left");
    list.querySelector("[data-heading]").hidden = unsent.length === 0;
    list.querySelector("[data-count]").textContent = String(unsent.length);
    list.hidden = own.length + others.length === 0;
  }
  for (const ask of document.querySelectorAll("[data-leaving-ask]")) {
    ask.hidden = unsent.length === 0;
    ask.querySelector("[data-count]").textContent = String(unsent.length);
  }
  if (!document.querySelector("[data-waiting]")) tell(every.filter((one) => mine(one) && one.state === "sent" && !one.told));
}

// On a page without the list: said once, on top.
function tell(sent) {
  for (const one of sent) {
    const note = document.createElement("div");
    note.className = "ll-notice";
    note.dataset.kind = "good";
    note.setAttribute("role", "status");
    const link = document.createElement("a");
    Object.assign(link, { href: one.url, textContent: one.words });
    note.append(link);
    document.querySelector("main").prepend(note);
    outbox.put({ ...one, told: true });
  }
}

async function tend(only = "") {
  await outbox.flush(doors, only);
  await show();
}

const DO = {
  send: (one) => tend(one.key),
  async fresh(one) {
    await outbox.drop(one.key);
    await outbox.put({ ...one, key: new_key(), state: "waiting" });
    await tend();
  },
  async without(one) {
    const refused = one.code === "files_gone" ? () => true : (file, n) => n === one.files.findIndex((each) => !each.ticket);
    await outbox.put({ ...one, files: one.files.filter((file, n) => !refused(file, n)), state: "waiting" });
    await tend();
  },
  change: (one) => {
    location.assign(`${meta.dataset.page}#${one.key}`);
    if (on_shell()) location.reload();
  },
  async sign(one) {
    const claim = new_key();
    await outbox.put({ ...one, claim, at: Date.now() });
    location.assign(`/sign-in/?next=${encodeURIComponent(`/my/?claim=${claim}`)}`);
  },
  async drop(one) {
    await outbox.drop(one.key);
    await show();
  },
};

async function on_click(event) {
  const button = event.target.closest?.("[data-waiting] button[data-do]");
  if (!button) return;
  if (button.dataset.do === "left") {
    for (const one of await outbox.all()) if (!mine(one) && !one.owner.startsWith("a")) await outbox.drop(one.key);
    return show();
  }
  const one = await outbox.get(button.closest("[data-key]").dataset.key);
  button.setAttribute("aria-busy", "true");
  if (one) await DO[button.dataset.do](one);
}

// Signing out: drafts go; of what waits one says what becomes of it.
async function on_leave(event) {
  const form = event.target.closest?.("form[data-leaving]");
  if (!form || form.dataset.asked) return;
  event.preventDefault();
  const keep = new FormData(form).get("waiting") === "keep";
  for (const one of await outbox.all()) if (mine(one) && (!keep || one.state === "sent")) await outbox.drop(one.key);
  await outbox.forget(slot());
  hold(`linli-draft:${slot()}`, null);
  hold("linli-here", null);
  hold("linli-waiting", null);
  form.dataset.asked = "1";
  form.submit();
}

async function begin() {
  const form = document.querySelector("form[data-offline]");
  if (form) await write(form);
  await tend();
}

document.addEventListener("click", (event) => void on_click(event));
document.addEventListener("submit", (event) => void on_leave(event));
addEventListener("online", () => {
  for (const note of document.querySelectorAll("[data-net-back]")) note.hidden = false;
  void tend();
});
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void tend());
setInterval(() => document.visibilityState === "visible" && localStorage.getItem("linli-waiting") && void tend(), EVERY);
navigator.serviceWorker?.addEventListener("message", (event) => event.data === "linli-sent" && void show());

async function start() {
  await outbox.tidy();
  await begin();
  if (document.querySelector("form[data-net]")) (window.requestIdleCallback ?? setTimeout)(() => warm().catch(() => {}));
}
start().catch((error) => {
  // This browser keeps nothing (a private window of some): the page says so, and whom to call.
  for (const note of document.querySelectorAll("[data-keeps-nothing]")) note.hidden = false;
  throw error;
});
