// On an open patrol: sends where the phone is, once a minute, while the page is open and the worker has ticked it. Never asked for
// before the tick, and not remembered: each patrol begins without.
const box = document.querySelector("[data-positions]");
const EVERY = 60e3;

if (box && "geolocation" in navigator) {
  const tick = box.querySelector("[data-send]");
  const note = box.querySelector("[data-note]");
  const token = document.querySelector('input[name="csrfmiddlewaretoken"]').value;
  let waiting = []; // taken without net: sent with the next one
  let timer;
  box.hidden = false;

  async function send() {
    if (!waiting.length) return;
    const sent = waiting;
    try {
      const answer = await fetch(box.dataset.positions, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ positions: sent }),
      });
      if (answer.status === 409) location.reload(); // the patrol is over
      if (answer.ok) waiting = waiting.filter((one) => !sent.includes(one));
    } catch {
      /* no net: with the next one */
    }
  }

  const take = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) => {
        waiting.push({ lon: coords.longitude, lat: coords.latitude, at: new Date(timestamp).toISOString() });
        note.textContent = box.dataset.wordsOn;
        void send();
      },
      () => {
        tick.checked = false;
        clearInterval(timer);
        note.textContent = box.dataset.wordsNo;
      },
      { enableHighAccuracy: false, maximumAge: 30e3, timeout: 20e3 },
    );

  tick.addEventListener("change", () => {
    clearInterval(timer);
    if (!tick.checked) {
      waiting = [];
      note.textContent = box.dataset.wordsOff;
      return;
    }
    take();
    timer = setInterval(take, EVERY);
  });
}
