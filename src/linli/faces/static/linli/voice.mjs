// Records a voice note into the file input of <div data-sound> (parts/sound.html): press to begin, press to
// stop; photos.mjs lets one hear it and take it away. Stops by itself after data-most seconds; the server checks length and kind again.
const KINDS = [
  ["audio/webm;codecs=opus", "webm"],
  ["audio/mp4", "m4a"],
  ["audio/ogg;codecs=opus", "ogg"],
];
const BITS = 32000; // a voice on the phone, 240 KB a minute

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

class Recorder {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector('input[type="file"]');
    this.button = box.querySelector("[data-recorder] button");
    this.words = this.button.querySelector("span");
    this.note = box.querySelector("[data-note]");
    this.idle = this.words.textContent;
    this.most = Number(box.dataset.most);
    addEventListener("pagehide", () => this.live?.stop());
  }

  press() {
    return this.live ? this.live.stop() : this.begin();
  }

  async begin() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      this.note.textContent = this.box.dataset.wordsNo;
      return;
    }
    const [type, ending] = KINDS.find(([kind]) => MediaRecorder.isTypeSupported(kind)) ?? ["", "webm"];
    this.live = new MediaRecorder(stream, { ...(type && { mimeType: type }), audioBitsPerSecond: BITS });
    const parts = [];
    const began = Date.now();
    this.live.addEventListener("dataavailable", ({ data }) => data.size && parts.push(data));
    this.live.addEventListener("stop", () => {
      clearInterval(this.ticking);
      for (const track of stream.getTracks()) track.stop();
      this.live = null;
      this.button.removeAttribute("aria-pressed");
      this.words.textContent = this.idle;
      if (!parts.length) return;
      const file = new File(parts, `voice.${ending}`, { type: type.split(";")[0] || parts[0].type });
      const carrier = new DataTransfer();
      carrier.items.add(file);
      this.input.files = carrier.files;
      this.input.dispatchEvent(new Event("change", { bubbles: true })); // photos.mjs lets one hear it
      const seconds = Math.max(1, Math.round((Date.now() - began) / 1000));
      this.note.textContent = this.box.dataset.wordsDone.replace("{time}", clock(Math.min(seconds, this.most)));
    });
    this.live.start(1000);
    this.button.setAttribute("aria-pressed", "true");
    this.note.textContent = this.box.dataset.wordsOn.replace("{n}", String(this.most));
    const tick = () => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      this.words.textContent = `${this.box.dataset.wordsStop} ${clock(seconds)} / ${clock(this.most)}`;
      if (seconds >= this.most) this.live?.stop();
    };
    tick();
    this.ticking = setInterval(tick, 250);
  }
}

export const recorder = (box) => new Recorder(box);
