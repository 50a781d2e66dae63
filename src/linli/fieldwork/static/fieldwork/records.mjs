// Visits and help written down while there is no net: kept on this phone with their idempotency key and sent later, once. The shelf and the way
// of sending are the residents' (outbox.js): a record is one more thing in the same outbox, with a door of its own.
const outbox = globalThis.linliOutbox;
const forms = document.querySelectorAll("form[data-record]");
const waiting = document.querySelector("[data-records-waiting]");
const PATIENCE = 6000; // ms until a line that says nothing counts as none
const EVERY = 60e3; // ms between tries while the page is open

const new_key = () =>
  crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
const owner = () => forms[0]?.dataset.owner ?? "";

async function reachable() {
  if (navigator.onLine === false) return false;
  try {
    return (await fetch("/healthz", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })).ok;
  } catch {
    return false;
  }
}

const two = (n) => String(n).padStart(2, "0");
function local_now() {
  const at = new Date();
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

async function keep(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "csrfmiddlewaretoken") values[name] = value;
  values.at ||= local_now();
  const door = form.elements.dwelling;
  const one = {
    key: values.key || new_key(),
    kind: form.dataset.record,
    door: form.dataset.door,
    title: door?.selectedOptions?.[0]?.textContent ?? document.querySelector("h1").textContent,
    owner: form.dataset.owner,
    at: Date.now(),
    place: "",
    values,
    files: [],
    state: "waiting",
  };
  const note = form.querySelector("[data-note]");
  note.hidden = false;
  try {
    await outbox.put(one);
  } catch {
    note.dataset.kind = "bad";
    note.textContent = form.dataset.wordsFull;
    return note.focus();
  }
  note.dataset.kind = "good";
  note.textContent = form.dataset.wordsKept;
  form.reset();
  form.elements.key.value = new_key(); // the next one is another record
  note.focus();
}

async function on_submit(event) {
  const form = event.target;
  if (form.dataset.going) return;
  event.preventDefault();
  if ("onlyOffline" in form.dataset && !form.elements.dwelling.value) return form.elements.dwelling.focus(); // of one's day: which of them
  if (!("onlyOffline" in form.dataset) && (await reachable())) {
    form.dataset.going = "1";
    return form.submit();
  }
  await keep(form);
  await tend();
}

async function show() {
  if (!waiting) return;
  const list = waiting.querySelector("[data-list]");
  const own = (await outbox.all()).filter((one) => one.kind && one.owner === owner());
  list.textContent = "";
  for (const one of own) {
    const made = waiting.querySelector("template").content.firstElementChild.cloneNode(true);
    made.dataset.key = one.key;
    const sent = one.state === "sent";
    made.querySelector("[data-door]").textContent = sent ? "" : one.title;
    made.querySelector("[data-words]").textContent = sent ? "" : (one.values.words ?? "").slice(0, 40);
    const stopped = [one.words, ...(one.errors ?? [])].filter(Boolean).join(" ") || waiting.dataset.wordsAgain;
    made.querySelector("[data-said]").textContent = sent ? one.words : one.state === "stopped" ? stopped : waiting.dataset.wordsWaiting;
    for (const button of made.querySelectorAll("[data-do]")) button.hidden = sent;
    list.append(made);
  }
  waiting.hidden = own.length === 0;
}

async function tend(only = "") {
  await outbox.flush({ door: forms[0].dataset.markDoor }, only);
  await show();
}

waiting?.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  const { key } = button.closest("[data-key]").dataset;
  if (button.dataset.do === "drop") await outbox.drop(key);
  await (button.dataset.do === "drop" ? show() : tend(key));
});
if (forms.length) {
  for (const form of forms) form.addEventListener("submit", (event) => void on_submit(event));
  addEventListener("online", () => void tend());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void tend());
  setInterval(() => document.visibilityState === "visible" && !waiting?.hidden && void tend(), EVERY);
  await outbox.tidy();
  await tend();
}
