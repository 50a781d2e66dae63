// The service worker, kept small: the page for when there is no net, and the files it needs. It never keeps a page that
// belongs to somebody, and never answers for the workbench. Written before it by the server: VERSION, SHELL (addresses of
// files with their digests), PAGE, DOORS, and `importScripts` of outbox.js.
const CACHE = `linli-${VERSION}`;
const FACE = "linli-face"; // header of the kept page: language and size of type it was made for
const NOT_OURS = /^\/(desk|control|admin|api|open311|files|upload|metrics|healthz|readyz)(\/|$)/;

async function keep_page(face) {
  const kept = await caches.open(CACHE);
  const held = await kept.match(PAGE, { ignoreVary: true });
  if (held && (!face || held.headers.get(FACE) === face)) return;
  const answer = await fetch(PAGE, { cache: "no-store", credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const headers = new Headers(answer.headers);
  headers.set(FACE, face);
  headers.delete("set-cookie");
  await kept.put(PAGE, new Response(await answer.blob(), { status: 200, headers }));
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      await (await caches.open(CACHE)).addAll(SHELL);
      await keep_page("");
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith("linli-") && name !== CACHE) await caches.delete(name);
      await self.registration.navigationPreload?.enable();
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (typeof event.data?.face === "string") event.waitUntil(keep_page(event.data.face).catch(() => {}));
});

async function page(event, path) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    const held = await (await caches.open(CACHE)).match(PAGE, { ignoreVary: true });
    if (!held) return Response.error();
    return path === PAGE ? held : Response.redirect(PAGE, 302);
  }
}

async function file(event) {
  return (await (await caches.open(CACHE)).match(event.request)) ?? fetch(event.request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (SHELL.includes(pathname + search)) event.respondWith(file(event));
  else if (request.mode === "navigate" && !NOT_OURS.test(pathname)) event.respondWith(page(event, pathname));
});

// An extra, where the browser knows it: the net is back, and perhaps no page of ours is open.
self.addEventListener("sync", (event) => {
  if (event.tag !== "linli-outbox") return;
  event.waitUntil(
    (async () => {
      await self.linliOutbox.flush(DOORS);
      for (const window of await self.clients.matchAll({ type: "window" })) window.postMessage("linli-sent");
    })(),
  );
});
