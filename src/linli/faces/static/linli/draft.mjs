// Keeps what one writes on this phone until it has been sent, and gives the form one idempotency key
// for as long as it is the same report: sending twice over a bad line still makes one case.
//
// <form data-draft="report"> … <input type="hidden" name="idempotency_key"> … </form>
//   data-step     a later page of the same draft: it is noted, not filled in
//   data-net      files are kept as well, and without net another page takes over: net.mjs
// The page shown after sending carries <… data-draft-done="report">.
const PREFIX = "linli-draft:";
const DAYS = 7;
const NEVER = new Set(["csrfmiddlewaretoken", "next"]); // and no password, code or file, below
const meta = document.querySelector('meta[name="linli-device"]');
const owner = meta?.content ?? "";
// Each owner has their own; nobody finds another one's.
const slot = (name) => (owner ? `${name}:${owner}` : name);

function read(name) {
  try {
    const held = JSON.parse(localStorage.getItem(PREFIX + slot(name)) ?? "null");
    if (!held || Date.now() - held.at > DAYS * 86400e3) return null;
    return held;
  } catch {
    return null; // private mode, or a broken entry: the form works without
  }
}

function tab() {
  if (!sessionStorage.getItem("linli-tab")) sessionStorage.setItem("linli-tab", key());
  return sessionStorage.getItem("linli-tab");
}

function write(name, held) {
  try {
    localStorage.setItem(PREFIX + slot(name), JSON.stringify({ ...held, tab: tab(), at: Date.now() }));
  } catch {
    /* full or forbidden: nothing is lost but the draft */
  }
}

function kept(control) {
  return (
    control.name &&
    !NEVER.has(control.name) &&
    (!["password", "file", "hidden", "submit", "button"].includes(control.type) || control.matches("[data-lon], [data-lat]")) &&
    control.autocomplete !== "one-time-code" &&
    !control.hasAttribute("data-no-draft")
  );
}

// What stands in this form; what other pages of the same draft said stays.
function values(form, before = {}) {
  const found = { ...before };
  const controls = [...form.elements].filter(kept);
  for (const control of controls) delete found[control.name];
  for (const control of controls) {
    if (control.type === "radio" || control.type === "checkbox") {
      if (control.checked) (found[control.name] ??= []).push(control.value);
    } else if (control.value) found[control.name] = [control.value];
  }
  return found;
}

function fill(form, held) {
  for (const control of form.elements) {
    if (!kept(control) || !(control.name in held)) continue;
    if (control.type === "radio" || control.type === "checkbox") {
      control.checked = held[control.name].includes(control.value);
    } else if (!control.value || control.tagName === "SELECT") control.value = held[control.name][0];
  }
}

function key() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Pages on plain http (a demo on a phone in the same network) have no randomUUID.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

// Where one is, for a report written offline.
function note_place(form) {
  const { place, placeName, phone, unnamed, account } = form.dataset;
  if (!place) return;
  try {
    localStorage.setItem("linli-here", JSON.stringify({ owner, place, name: placeName, phone, unnamed, account }));
  } catch {
    /* as above */
  }
}

function tend(form) {
  const name = form.dataset.draft;
  const held = read(name) ?? { key: key(), values: {} };
  const hidden = form.querySelector('input[name="idempotency_key"]');
  // The server may have answered with errors: the key it gives back wins.
  if (hidden) {
    if (hidden.value) held.key = hidden.value;
    else hidden.value = held.key;
  }
  if (!("step" in form.dataset)) fill(form, held.values);
  note_place(form);
  let waiting = 0;
  const save = () => {
    held.values = values(form, held.values);
    write(name, { key: hidden?.value || held.key, values: held.values, files: held.files, claim: held.claim });
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, 400);
  });
  form.addEventListener("submit", save);
  save();
  if ("net" in form.dataset && meta?.dataset.net) import(meta.dataset.net).then((net) => net.tend(form, slot(name), held, save));
}

// What htmx brings in may itself be the thing we look for.
const within = (root, wanted) => [...(root.matches?.(wanted) ? [root] : []), ...(root.querySelectorAll?.(wanted) ?? [])];

function drop(name) {
  if (read(name)?.files && meta) {
    const forget = () => globalThis.linliOutbox.forget(slot(name));
    import(meta.dataset.outbox).then(forget).catch(() => {});
  }
  try {
    localStorage.removeItem(PREFIX + slot(name));
  } catch {
    /* nothing kept, nothing to remove */
  }
}

// htmx announces the first page as loaded too: each form is tended once.
const tended = new WeakSet();
function dress(root) {
  for (const mark of within(root, "[data-draft-done]")) drop(mark.dataset.draftDone);
  for (const form of within(root, "form[data-draft]")) {
    if (!tended.has(form)) tend(form);
    tended.add(form);
  }
}
dress(document);
document.addEventListener("htmx:load", (event) => dress(event.detail.elt));
// "Throw the draft away": <button type="button" data-draft-drop="report">
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-draft-drop]");
  if (!button) return;
  drop(button.dataset.draftDrop);
  button.form?.reset();
});
