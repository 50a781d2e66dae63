// Keeps what one writes on this phone until it has been sent, and gives the form one idempotency key
// for as long as it is the same report: sending twice over a bad line still makes one case.
//
// <form data-draft="report"> … <input type="hidden" name="idempotency_key"> … </form>
// The page shown after sending carries <… data-draft-done="report">.
const PREFIX = "linli-draft:";
const DAYS = 7;
const NEVER = new Set(["csrfmiddlewaretoken", "next"]); // and no password, code or file, below

function read(name) {
  try {
    const held = JSON.parse(localStorage.getItem(PREFIX + name) ?? "null");
    if (!held || Date.now() - held.at > DAYS * 86400e3) return null;
    return held;
  } catch {
    return null; // private mode, or a broken entry: the form works without
  }
}

function write(name, held) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify({ ...held, at: Date.now() }));
  } catch {
    /* full or forbidden: nothing is lost but the draft */
  }
}

function kept(control) {
  return (
    control.name &&
    !NEVER.has(control.name) &&
    !["password", "file", "hidden", "submit", "button"].includes(control.type) &&
    control.autocomplete !== "one-time-code" &&
    !control.hasAttribute("data-no-draft")
  );
}

function values(form) {
  const found = {};
  for (const control of form.elements) {
    if (!kept(control)) continue;
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

function tend(form) {
  const name = form.dataset.draft;
  const held = read(name) ?? { key: key(), values: {} };
  const hidden = form.querySelector('input[name="idempotency_key"]');
  // The server may have answered with errors: the key it gives back wins.
  if (hidden) {
    if (hidden.value) held.key = hidden.value;
    else hidden.value = held.key;
  }
  fill(form, held.values);
  let waiting = 0;
  const save = () => write(name, { key: hidden?.value || held.key, values: values(form) });
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, 400);
  });
  form.addEventListener("submit", save);
  write(name, { key: hidden?.value || held.key, values: values(form) });
}

// What htmx brings in may itself be the thing we look for.
const within = (root, wanted) => [...(root.matches?.(wanted) ? [root] : []), ...(root.querySelectorAll?.(wanted) ?? [])];

function done(root) {
  for (const mark of within(root, "[data-draft-done]")) {
    try {
      localStorage.removeItem(PREFIX + mark.dataset.draftDone);
    } catch {
      /* nothing kept, nothing to remove */
    }
  }
}

// htmx announces the first page as loaded too: each form is tended once.
const tended = new WeakSet();
function dress(root) {
  done(root);
  for (const form of within(root, "form[data-draft]")) {
    if (!tended.has(form)) tend(form);
    tended.add(form);
  }
}
dress(document);
document.addEventListener("htmx:load", (event) => dress(event.detail.elt));
// "Throw the draft away": <button type="button" data-draft-drop="report">
document.addEventListener("click", (event) => {
  const drop = event.target.closest?.("[data-draft-drop]");
  if (!drop) return;
  try {
    localStorage.removeItem(PREFIX + drop.dataset.draftDrop);
  } catch {
    /* as above */
  }
  drop.form?.reset();
});
