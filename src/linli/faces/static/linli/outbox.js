// What waits on this device until there is net: reports with their pictures, each with its idempotency key and the mark
// of whoever wrote it. A plain script, for pages and for the service worker (importScripts): `linliOutbox`.
//
// One report: { key, owner, at, place, values: {name: text}, files: [{field, name, type, bytes, ticket}], state, … }
// What other rooms keep here has a `kind` and a `door` of its own, by which it is sent; its room shows it (`title`).
//   state  waiting  it goes by itself · stopped  somebody has to look (code, words, errors) · sent  (number, url, words)
(() => {
  const NAME = "linli";
  const WAITING = "outbox"; // reports, by key
  const FILES = "files"; // of a draft, by the draft's name
  const SENT_DAYS = 7;

  let opened;
  function open() {
    opened ??= new Promise((done, failed) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore(WAITING, { keyPath: "key" });
        asked.result.createObjectStore(FILES, { keyPath: "name" });
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
    opened.catch(() => (opened = undefined));
    return opened;
  }

  async function on(store, mode, act) {
    const base = await open();
    return new Promise((done, failed) => {
      const deal = base.transaction(store, mode);
      const asked = act(deal.objectStore(store));
      deal.oncomplete = () => done(asked.result);
      deal.onerror = deal.onabort = () => failed(deal.error);
    });
  }

  const all = async () => (await on(WAITING, "readonly", (store) => store.getAll())).sort((a, b) => a.at - b.at);
  const get = (key) => on(WAITING, "readonly", (store) => store.get(key));
  const put = (report) => on(WAITING, "readwrite", (store) => store.put(report));
  const drop = (key) => on(WAITING, "readwrite", (store) => store.delete(key));
  const files = async (name) => (await on(FILES, "readonly", (store) => store.get(name))) ?? { name, list: [] };
  const keep = (held) => on(FILES, "readwrite", (store) => store.put(held));
  const drafts = () => on(FILES, "readonly", (store) => store.getAll());
  const forget = (name) => on(FILES, "readwrite", (store) => store.delete(name));

  // Bytes, not Blobs: some phones lose Blobs of a private window, or cannot store them.
  const packed = async (field, file) => ({ field, name: file.name, type: file.type, bytes: await file.arrayBuffer() });
  const unpacked = (held) => new File([held.bytes], held.name || "file", { type: held.type });

  function give(input, list) {
    const carrier = new DataTransfer();
    for (const held of list) carrier.items.add(unpacked(held));
    input.files = carrier.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async function ask(doors) {
    const answer = await fetch(doors.door, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  async function post(address, form, me) {
    const answer = await fetch(address, { method: "POST", body: form, headers: { "X-CSRFToken": me.token, Accept: "application/json" } });
    let said = {};
    if (answer.headers.get("content-type")?.includes("json")) said = await answer.json();
    return { status: answer.status, said };
  }

  const stop = (report, code, words, errors = []) => put(Object.assign(report, { state: "stopped", code, words, errors }));
  // Ours is busy or too much came at once: the next time will do.
  const later = (status) => status === 429 || status >= 500;

  async function carry(report, me, doors) {
    for (const file of report.files) {
      if (file.ticket) continue;
      const form = new FormData();
      form.set("file", unpacked(file));
      form.set("place", report.place);
      const { status, said } = await post(doors.upload, form, me);
      if (status === 201) {
        file.ticket = said.ticket;
        await put(report); // a line that breaks now costs this file no second time
      } else {
        const code = { 403: "again", 409: "place_gone" }[status] ?? "file";
        if (!later(status)) await stop(report, code, said.error ?? "");
        return false;
      }
    }
    return true;
  }

  async function send(report, me, doors, renewed = false) {
    if (!(await carry(report, me, doors))) return;
    const form = new FormData();
    for (const [name, value] of Object.entries(report.values)) form.set(name, value);
    form.set("owner", me.owner);
    form.set("place", report.place);
    form.set("idempotency_key", report.key);
    form.set("tickets", JSON.stringify(report.files.map((file) => file.ticket)));
    const { status, said } = await post(report.door ?? doors.door, form, me);
    if (status === 201) {
      const { key, owner, kind } = report;
      await put({ key, owner, kind, at: Date.now(), state: "sent", ...said }); // of what was said nothing stays here
    } else if (said.code === "files_gone" && !renewed && report.files.every((file) => file.bytes)) {
      for (const file of report.files) delete file.ticket; // they waited more than a day on the other side
      await send(report, me, doors, true);
    } else if (!later(status) && said.code !== "other_owner") {
      await stop(report, said.code ?? "again", said.words ?? "", said.errors);
    }
  }

  // Several windows, and the service worker: one of them sends.
  const alone = (act) => (navigator.locks ? navigator.locks.request("linli-outbox", act) : act());

  // Sends what waits and belongs to this session. Without net it ends quietly and everything is as it was.
  async function flush(doors, only = "") {
    return alone(async () => {
      const waiting = (await all()).filter((one) => (only ? one.key === only && one.state !== "sent" : one.state === "waiting"));
      if (!waiting.length || navigator.onLine === false) return;
      try {
        const me = await ask(doors);
        for (const report of waiting) {
          if (!report.owner && !me.signed_in) report.owner = me.owner; // written before this phone had asked who it is
          if (report.owner === me.owner) await send(report, me, doors);
        }
      } catch {
        /* no net, or ours cannot answer: it waits */
      }
    });
  }

  async function tidy(now = Date.now()) {
    for (const one of await all()) if (one.state === "sent" && now - one.at > SENT_DAYS * 86400e3) await drop(one.key);
  }

  globalThis.linliOutbox = { all, get, put, drop, files, drafts, keep, forget, packed, give, flush, tidy };
})();
