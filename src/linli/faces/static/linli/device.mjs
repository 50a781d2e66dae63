// On every resident's page: nobody finds another one's draft on this phone; the service worker is kept; what waits is sent.
//
// <meta name="linli-device" content="(whose page this is)" data-…="(addresses)">
const DRAFT = "linli-draft:";
const DAYS = 7;
const WINDOW_MINUTES = 30;
const LEAVING = ["/sign-out/", "/me/sessions/", "/me/data/delete/"];
const meta = document.querySelector('meta[name="linli-device"]');
const owner = meta.content;
const store = (() => {
  try {
    return window.localStorage;
  } catch {
    return null; // forbidden: nothing is kept, and nothing has to be guarded
  }
})();

const load = (address) => import(address);

// A draft has its owner in its name. It comes along with its writer by the mark (claim) that the link to signing in carries,
// and, where a sign-in has expired, in the window in which it is written.
function comes_along(held, name, claim) {
  if (Date.now() - held.at > WINDOW_MINUTES * 60e3) return false;
  if (claim && held.claim === claim) return true;
  return !owner.startsWith("a") && name !== slot("report") && held.tab && held.tab === sessionStorage.getItem("linli-tab");
}

const slot = (base) => (owner ? `${base}:${owner}` : base);

async function guard() {
  const claim = new URLSearchParams(location.search).get("claim");
  const moved = {};
  for (const key of Object.keys(store).filter((each) => each.startsWith(DRAFT))) {
    const name = key.slice(DRAFT.length);
    let held = null;
    try {
      held = JSON.parse(store.getItem(key));
    } catch {
      /* broken: it goes */
    }
    if (Date.now() - (held?.at ?? 0) > DAYS * 86400e3) store.removeItem(key);
    else if (comes_along(held, name, claim)) {
      moved[name] = slot(name.split(":")[0]);
      store.removeItem(key);
      store.setItem(DRAFT + moved[name], JSON.stringify({ ...held, claim: "" }));
    }
  }
  const last = store.getItem("linli-owner");
  store.setItem("linli-owner", owner);
  if ((last && last !== owner) || claim || Object.keys(moved).length) await (await kept()).belong(owner, claim, moved);
}

async function kept() {
  await load(meta.dataset.outbox);
  return load(meta.dataset.offline);
}

async function begin() {
  if (!meta.dataset.page || location.pathname === meta.dataset.page) return;
  if (store) await guard();
  if (document.querySelector("[data-waiting]") || Number(store?.getItem("linli-waiting"))) await kept();
  // Without a service worker the offline page is fetched ahead.
  else if (document.querySelector("form[data-net]") && !("serviceWorker" in navigator)) setTimeout(() => kept().catch(() => {}), 2000);
}

async function worker() {
  if (!("serviceWorker" in navigator) || !meta.dataset.worker) return;
  const registration = await navigator.serviceWorker.register(meta.dataset.worker, { updateViaCache: "none" });
  // The offline page is kept in this reader's language and size of type.
  const face = document.documentElement.lang + (document.documentElement.hasAttribute("data-elder") ? " elder" : "");
  const active = registration.active ?? (await navigator.serviceWorker.ready).active;
  active.postMessage({ face });
}

// Leaving: the drafts go; where something waits, its page asks first.
document.addEventListener("submit", (event) => {
  const path = new URL(event.target.action || location.href, location.href).pathname;
  if (!store || !LEAVING.includes(path)) return;
  if (path === "/sign-out/" && location.pathname !== path && Number(store.getItem("linli-waiting"))) {
    event.preventDefault();
    location.assign(path);
    return;
  }
  for (const name of Object.keys(store)) if (name.startsWith(DRAFT) && name.endsWith(`:${owner}`)) store.removeItem(name);
});

begin().catch(() => {}); // a phone that can keep nothing works all the same
if (document.readyState === "complete") worker().catch(() => {});
else window.addEventListener("load", () => worker().catch(() => {}));
