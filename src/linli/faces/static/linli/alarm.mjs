// What rings in the room: asks for its part when something changed, rings until a person answers, says why it cannot.
// <section data-alarm="address"> with [data-alarm-id] inside; forms [data-alarm-answer] answer without leaving the page.
const host = document.querySelector("[data-alarm]");
const POLL = Number(host?.dataset.poll) || 15000; // also while the page is hidden: that is when one needs to be rung
const PAUSE = 3000;
const title = document.title;

let context = null;
let tag = "";
let timer = 0;
let asking = false;
let again = false;
const quiet = new Set(read()); // what this screen was told to be quiet about; anything new rings again

function read() {
  try {
    return JSON.parse(sessionStorage.getItem("linli-alarm-quiet") ?? "[]");
  } catch {
    return [];
  }
}
function keep() {
  try {
    sessionStorage.setItem("linli-alarm-quiet", JSON.stringify([...quiet]));
  } catch {
    /* no storage: quiet until the next page */
  }
}

const ids = () => [...host.querySelectorAll("[data-alarm-id]")].map((one) => one.dataset.alarmId);
const loud = () => ids().some((id) => !quiet.has(id));
// A page may be muted as a whole (the wall: html[data-muted], told by "linli:sound").
const muted = () => document.documentElement.hasAttribute("data-muted");
const running = () => context?.state === "running" && !muted();

// Two tones three times, soft at the edges; a second window of the same person stays silent meanwhile.
function tone() {
  const begin = context.currentTime + 0.02;
  for (let n = 0; n < 6; n += 1) {
    const voice = context.createOscillator();
    const loudness = context.createGain();
    const at = begin + n * 0.28;
    voice.frequency.value = n % 2 ? 660 : 880;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.3, at + 0.03);
    loudness.gain.setValueAtTime(0.3, at + 0.2);
    loudness.gain.linearRampToValueAtTime(0, at + 0.26);
    voice.connect(loudness).connect(context.destination);
    voice.start(at);
    voice.stop(at + 0.27);
  }
  return new Promise((done) => setTimeout(done, 1800));
}
function ring() {
  clearTimeout(timer);
  if (!loud() || !running()) return;
  host.dataset.rings = String(Number(host.dataset.rings ?? 0) + 1);
  if (navigator.locks) navigator.locks.request("linli-alarm", { ifAvailable: true }, (lock) => lock && tone());
  else tone();
  timer = setTimeout(ring, PAUSE);
}

function show() {
  const any = ids().length > 0;
  document.title = any ? `(!) ${host.dataset.wordsTitle} · ${title}` : title;
  const bar = host.querySelector("[data-alarm-sound]");
  if (bar) {
    const said = !loud() ? "quiet" : running() ? "off" : "on";
    bar.hidden = false;
    for (const name of ["on", "off", "quiet"]) {
      for (const part of bar.querySelectorAll(`[data-alarm-${name}]`)) part.hidden = name !== said;
    }
  }
  ring();
}

// A browser lets a page sound only after a gesture: every one of them counts.
async function arm() {
  const Sound = window.AudioContext ?? window.webkitAudioContext;
  if (!Sound || running() || muted()) return;
  try {
    context ??= new Sound();
    await context.resume();
  } catch {
    return; // no sound device: the words remain
  }
  if (running() && ids().length) show();
}
for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, arm, { passive: true });

async function ask(request = {}) {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const headers = { "HX-Request": "true", ...(tag && !request.method ? { "If-None-Match": tag } : {}) };
    const answer = await fetch(request.url ?? host.dataset.alarm, { credentials: "same-origin", ...request, headers });
    if (answer.ok && !answer.redirected) {
      tag = answer.headers.get("ETag") ?? "";
      const at = host.contains(document.activeElement);
      host.innerHTML = await answer.text();
      if (at) (host.querySelector("button, a") ?? document.getElementById("main"))?.focus();
      for (const id of quiet) if (!ids().includes(id)) quiet.delete(id);
      keep();
      show();
    }
    return answer.ok;
  } catch {
    return false; // no connection: what rings goes on ringing
  } finally {
    asking = false;
    if (again) {
      again = false;
      ask();
    }
  }
}

if (host) {
  document.addEventListener("linli:sound", () => (muted() ? show() : arm().then(show)));
  let soon = 0;
  document.body.addEventListener("linli:live", () => {
    clearTimeout(soon);
    soon = setTimeout(ask, 400);
  });
  setInterval(ask, POLL);
  host.addEventListener("click", (event) => {
    if (event.target.closest("[data-alarm-off]")) {
      for (const id of ids()) quiet.add(id);
      keep();
      show();
    }
  });
  host.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-alarm-answer]");
    if (!form) return;
    event.preventDefault();
    event.stopPropagation();
    const body = new URLSearchParams(new FormData(form));
    ask({ url: form.action, method: "POST", body }).then((done) => done || form.submit());
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "!" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select")) return;
    const button = (host.querySelector("[data-alarm-answer] button") ?? host.querySelector("[data-alarm-id] a"));
    if (!button) return;
    event.preventDefault();
    button.focus();
  });
  show();
  if (navigator.userActivation?.hasBeenActive) arm(); // else the first gesture does: asking before it is only refused
}
