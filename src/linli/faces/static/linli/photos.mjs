// Previews, shrinking and removing for <div data-photos> with a plain file input inside; <div data-sound> for one recording.
// A voice can be recorded here as well: voice.mjs, loaded when one does.
// Shrinking happens here so that a report from a slow phone costs 300 KB, not 12 MB; the server checks everything again.
const SIDE = 1600; // px, the longer side
const SMALL_ENOUGH = 400 * 1024; // bytes: such a file is sent as it is

const fill = (words, n) => words.replace("{n}", String(n));

async function shrink(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= SMALL_ENOUGH || !window.createImageBitmap) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file; // a picture this browser cannot read: the server will say what it is
  }
}

function put_on(face) {
  if (!face) return;
  face.hidden = false;
  face.parentElement.classList.add("is-on");
}

// A voice note or film: our face over the input, and beneath it what was chosen.
function hear(box) {
  const note = box.querySelector("[data-note]");
  const hint = note.textContent;
  const input = box.querySelector('input[type="file"]');
  put_on(box.querySelector("[data-face]"));
  const heard = box.querySelector("[data-heard]");
  const away = box.querySelector("[data-away]");
  input.addEventListener("change", () => {
    const [file] = input.files;
    note.textContent = file?.name ?? hint;
    if (heard.src) URL.revokeObjectURL(heard.src);
    heard.hidden = !file?.type.startsWith("audio/");
    away.hidden = !file;
    if (heard.hidden) heard.removeAttribute("src");
    else heard.src = URL.createObjectURL(file);
    changed(input);
  });
  away.addEventListener("click", () => {
    input.value = "";
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
  const recorder = box.querySelector("[data-recorder]");
  if (!recorder || !window.MediaRecorder || !navigator.mediaDevices?.getUserMedia) return;
  recorder.hidden = false;
  let voice = null;
  recorder.querySelector("button").addEventListener("click", async () => {
    voice ??= (await import(box.dataset.voice)).recorder(box);
    voice.press();
  });
}

// What is chosen has changed, whoever changed it: drafts listen.
const changed = (input) => input.dispatchEvent(new CustomEvent("linli:files", { bubbles: true }));

function tend(box) {
  const input = box.querySelector('input[type="file"]');
  const list = box.querySelector("[data-list]");
  const note = box.querySelector("[data-note]");
  const most = Number(box.dataset.most) || 9;
  // Without DataTransfer we cannot put files back into the input: leave the plain input alone.
  try {
    new DataTransfer();
  } catch {
    return;
  }
  let chosen = [];
  // From here on the pictures below say what is chosen; the browser's own "no file chosen" would only confuse.
  put_on(box.querySelector("[data-face]"));

  function hand_over() {
    const carrier = new DataTransfer();
    for (const { file } of chosen) carrier.items.add(file);
    input.files = carrier.files;
    changed(input);
  }

  function draw() {
    list.textContent = "";
    list.hidden = chosen.length === 0;
    chosen.forEach((one, index) => {
      const item = document.createElement("div");
      item.className = "ll-photos__item";
      const picture = document.createElement("img");
      picture.src = one.address;
      picture.alt = one.file.name;
      picture.addEventListener("error", () => (picture.title = box.dataset.wordsBad));
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", fill(box.dataset.wordsRemove, index + 1));
      remove.addEventListener("click", () => {
        URL.revokeObjectURL(one.address);
        chosen = chosen.filter((other) => other !== one);
        hand_over();
        draw();
        (list.querySelectorAll("button")[Math.min(index, chosen.length - 1)] ?? input).focus();
      });
      item.append(picture, remove);
      list.append(item);
    });
  }

  input.addEventListener("change", async () => {
    const added = [...input.files].filter((file) => !chosen.some((one) => one.file === file));
    const room = most - chosen.length;
    if (added.length > room) note.textContent = fill(box.dataset.wordsMany, most);
    const submit = input.form?.querySelector("button:not([type=button])");
    submit?.setAttribute("aria-busy", "true"); // shrinking twelve megapixels takes a second
    for (const file of added.slice(0, Math.max(0, room))) {
      const small = await shrink(file);
      chosen.push({ file: small, address: URL.createObjectURL(small) });
    }
    submit?.removeAttribute("aria-busy");
    hand_over();
    draw();
  });
}

// What htmx brings in may itself be the thing we look for.
const within = (root, wanted) => [...(root.matches?.(wanted) ? [root] : []), ...(root.querySelectorAll?.(wanted) ?? [])];

// htmx announces the first page as loaded too: each box is tended once.
const tended = new WeakSet();
function dress(root) {
  for (const box of within(root, "[data-photos], [data-sound]")) {
    if (tended.has(box)) continue;
    tended.add(box);
    if (box.matches("[data-sound]")) hear(box);
    else tend(box);
  }
}
dress(document);
document.addEventListener("htmx:load", (event) => dress(event.detail.elt));
