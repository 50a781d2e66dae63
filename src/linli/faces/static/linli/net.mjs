// For <form data-draft data-net>, loaded by draft.mjs: keeps the files of the draft as well as its words, and tries the way before
// the form is sent. Without net the page for that takes over (offline.mjs).
//   data-tickets  files of the draft that are on the other side already, in their order
const PATIENCE = 6000; // ms until a line that says nothing counts as none
const meta = document.querySelector('meta[name="linli-device"]');
const saving = new WeakMap(); // form: its files on their way to the shelf
// Where files are kept; loaded when there are any.
const shelf = async () => {
  if (!globalThis.linliOutbox) await import(meta.dataset.outbox);
  return globalThis.linliOutbox;
};

// Files: chosen here, or on the other side already under a ticket. Both are kept until the report is sent.
async function match_files(form, name) {
  const outbox = await shelf();
  const held = await outbox.files(name);
  const tickets = form.dataset.tickets.split(",").filter(Boolean);
  const known = held.list.filter((file) => tickets.includes(file.ticket));
  const chosen = held.list.filter((file) => !file.ticket);
  const came = tickets.filter((ticket) => !known.some((file) => file.ticket === ticket));
  const pairs = came.map((ticket, n) => (came.length === chosen.length ? { ...chosen[n], ticket } : { ticket }));
  held.list = [...known, ...pairs, ...(came.length || "step" in form.dataset ? [] : chosen)];
  await outbox.keep(held);
  for (const input of form.querySelectorAll('input[type="file"]')) {
    const again = held.list.filter((file) => !file.ticket && file.field === input.name);
    if (again.length) outbox.give(input, again);
  }
}

async function save_files(form, name) {
  const outbox = await shelf();
  const list = (await outbox.files(name)).list.filter((file) => file.ticket);
  for (const input of form.querySelectorAll('input[type="file"]')) {
    for (const file of input.files) list.push(await outbox.packed(input.name, file));
  }
  await outbox.keep({ name, list });
}

export function tend(form, name, held, save) {
  form.addEventListener("submit", (event) => try_first(event, form));
  if (form.dataset.tickets && !held.files) {
    held.files = true;
    save();
  }
  saving.set(form, held.files ? match_files(form, name).catch(() => {}) : Promise.resolve());
  const changed = () => {
    held.files = true;
    save();
    const next = saving.get(form).then(() => save_files(form, name));
    saving.set(form, next.catch(() => {})); // no room: the pictures go with the form only
  };
  form.addEventListener("linli:files", changed);
  if ([...form.querySelectorAll('input[type="file"]')].some((input) => input.files.length)) changed(); // chosen before we came
  for (const link of document.querySelectorAll("a[data-claim]")) tend_claim(link, held, save);
}

async function reachable() {
  if (navigator.onLine === false) return false;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    await fetch("/healthz", { method: "HEAD", cache: "no-store", signal: stop.signal });
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

// A page that is sent into nowhere is lost; so the way is tried first, and the line is warm when the form follows.
async function try_first(event, form) {
  if (form.dataset.tried) return void delete form.dataset.tried;
  event.preventDefault();
  const { submitter } = event;
  submitter?.setAttribute("aria-busy", "true");
  await Promise.race([saving.get(form), new Promise((done) => setTimeout(done, 2000))]);
  if (!(await reachable())) {
    const offline = await shelf().then(() => import(meta.dataset.offline)).catch(() => null);
    if (offline && (await offline.take_over())) return;
  }
  delete form.dataset.sending; // double.mjs has counted the first try
  form.dataset.tried = "1";
  if (form.requestSubmit) form.requestSubmit(submitter ?? undefined);
  else {
    if (submitter?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value }));
    form.submit();
  }
}

// "Sign in and take it along": the way there and back carries a mark, and only who comes back by it finds the draft.
function tend_claim(link, held, save) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    held.claim = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
    save();
    const way = new URL(link.href);
    const back = new URL(way.searchParams.get("next") || "/", location.origin);
    back.searchParams.set("claim", held.claim);
    way.searchParams.set("next", back.pathname + back.search);
    location.assign(way.href);
  });
}
