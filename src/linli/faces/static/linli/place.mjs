// A map only when one asks for it (Leaflet is 46 KB): drag the pin, or take the phone's position.
// The map is our own polygons on a plain ground; nothing is fetched from anybody else.
//
// <div data-place …> is parts/place.html (a pin to set); <div data-map-of="address.geojson" …> is a map to look at.
const loaded = {};

function leaflet(box) {
  // One promise for all maps of the page; the script comes from our own origin.
  loaded.leaflet ??= new Promise((done, failed) => {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = box.dataset.leafletCss;
    const script = document.createElement("script");
    script.src = box.dataset.leaflet;
    script.nonce = document.querySelector("script[nonce]")?.nonce ?? "";
    script.onload = () => done(window.L);
    script.onerror = failed;
    document.head.append(style, script);
  });
  return loaded.leaflet;
}

const COLOURS = { line: "#9aa8a0", fill: "#ffffff", here: "#0b6b5c" };
const english = document.documentElement.lang.startsWith("en");

// The community is an edge, its grids are fields with a name, a dedicated grid is dashed over them.
function look_of(feature) {
  const { here, kind, level } = feature.properties ?? {};
  return {
    color: here ? COLOURS.here : COLOURS.line,
    weight: here || level === "community" ? 2.5 : 1.5,
    fill: level !== "community" && kind !== "dedicated",
    fillColor: COLOURS.fill,
    fillOpacity: 0.9,
    dashArray: kind === "dedicated" ? "4 4" : null,
  };
}

function name_of(feature) {
  const { level, name, name_en } = feature.properties ?? {};
  if (level === "community") return "";
  return (english && name_en) || name || "";
}
const PIN =
  '<svg viewBox="0 0 36 44" aria-hidden="true"><path d="M18 2C9 2 3 8.5 3 17c0 9 9 17.5 15 25 6-7.5 15-16 15-25C33 8.5 27 2 18 2z" fill="currentColor" stroke="#fff" stroke-width="2"/><circle cx="18" cy="17" r="5" fill="#fff"/></svg>';

function centre_of(box) {
  const [lon, lat] = (box.dataset.centre ?? "").split(",").map(Number);
  return Number.isFinite(lon) && Number.isFinite(lat) && (lon || lat) ? [lat, lon] : [26.65, 106.65];
}

function number_of(value) {
  return value === "" || value === undefined ? null : Number(value);
}

async function polygons(L, map, address, fit) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) return;
  const layer = L.geoJSON(await answer.json(), {
    style: look_of,
    filter: (feature) => feature.geometry?.type !== "Point",
    onEachFeature: (feature, shape) => {
      const name = name_of(feature);
      // The label is text, not markup: names come from people.
      if (name) shape.bindTooltip(document.createTextNode(name), { permanent: true, direction: "center" });
    },
  }).addTo(map);
  layer.bringToBack();
  if (fit && layer.getBounds().isValid()) map.fitBounds(layer.getBounds(), { padding: [12, 12] });
}

function plain_map(L, at, box) {
  const map = L.map(at, { attributionControl: false, zoomControl: false, minZoom: 9, maxZoom: 20, zoomSnap: 0.5 });
  L.control.zoom(english ? {} : { zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
  map.setView(centre_of(box), 16);
  return map;
}

function pin_place(box) {
  const open = box.querySelector("[data-open]");
  const here = box.querySelector("[data-here]");
  const note = box.querySelector("[data-note]");
  const at = box.querySelector("[data-map]");
  const lon = box.querySelector("[data-lon]");
  const lat = box.querySelector("[data-lat]");
  let map = null;
  let pin = null;

  function set(point, words) {
    lon.value = point.lng.toFixed(6);
    lat.value = point.lat.toFixed(6);
    note.textContent = words;
    box.dispatchEvent(new CustomEvent("linli:place", { bubbles: true, detail: { lon: point.lng, lat: point.lat } }));
  }

  async function show() {
    if (map) return;
    const L = await leaflet(box);
    at.hidden = false;
    open.hidden = true;
    map = plain_map(L, at, box);
    const known = number_of(lon.value) !== null && number_of(lat.value) !== null;
    const begin = known ? L.latLng(number_of(lat.value), number_of(lon.value)) : map.getCenter();
    if (box.dataset.shapes) await polygons(L, map, box.dataset.shapes, !known);
    if (known) map.setView(begin, 17);
    pin = L.marker(known ? begin : map.getCenter(), {
      draggable: true,
      autoPan: true,
      alt: box.dataset.wordsMap,
      title: box.dataset.wordsMap,
      icon: L.divIcon({ className: "ll-pin", html: PIN, iconSize: [36, 44], iconAnchor: [18, 42] }),
    }).addTo(map);
    pin.on("dragend", () => set(pin.getLatLng(), box.dataset.wordsSet));
    map.on("click", (event) => {
      pin.setLatLng(event.latlng);
      set(event.latlng, box.dataset.wordsSet);
    });
    // The pin by keyboard: arrows move it a few metres.
    pin.getElement().addEventListener("keydown", (event) => {
      const step = { ArrowUp: [0, -8], ArrowDown: [0, 8], ArrowLeft: [-8, 0], ArrowRight: [8, 0] }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      pin.setLatLng(map.containerPointToLatLng(map.latLngToContainerPoint(pin.getLatLng()).add(step)));
      set(pin.getLatLng(), box.dataset.wordsSet);
    });
    note.textContent = box.dataset.wordsMap;
  }

  function locate() {
    here.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      async ({ coords }) => {
        here.removeAttribute("aria-busy");
        set({ lng: coords.longitude, lat: coords.latitude }, box.dataset.wordsSet);
        await show();
        pin.setLatLng([coords.latitude, coords.longitude]);
        map.setView([coords.latitude, coords.longitude], 18);
      },
      async () => {
        here.removeAttribute("aria-busy");
        await show();
        note.textContent = box.dataset.wordsFar;
      },
      { enableHighAccuracy: true, timeout: 8000, maximumAge: 60000 },
    );
  }

  open.hidden = false;
  open.addEventListener("click", show);
  if (navigator.geolocation && window.isSecureContext) {
    here.hidden = false;
    here.addEventListener("click", locate);
  }
}

const APART = 27; // px between the middles of two dots: room for a fingertip

// Dots that would cover one another stand side by side; the first keeps its place.
function spread(map, dots) {
  const taken = [];
  for (const { marker, home } of dots) {
    const middle = map.latLngToLayerPoint(home);
    let spot = middle;
    for (let turn = 1; turn < 200 && taken.some((other) => other.distanceTo(spot) < APART); turn += 1) {
      const far = (APART / 2) * Math.sqrt(turn);
      spot = middle.add([far * Math.cos(2.4 * turn), far * Math.sin(2.4 * turn)]);
    }
    taken.push(spot);
    marker.setLatLng(spot === middle ? home : map.layerPointToLatLng(spot));
  }
}

// A map to look at: polygons, and points as dots in the colour and shape of their clock, each a link.
async function look(box) {
  const L = await leaflet(box);
  box.hidden = false;
  const at = document.createElement("div");
  at.className = "ll-map__in";
  box.append(at);
  const map = plain_map(L, at, box);
  if (box.dataset.mapOf) await polygons(L, map, box.dataset.mapOf, true);
  const points = [];
  for (const dot of box.querySelectorAll("[data-point]")) {
    const [lon, lat] = dot.dataset.point.split(",").map(Number);
    const shape = document.createElement("span");
    shape.append(...[...dot.querySelectorAll("svg")].slice(0, 1).map((svg) => svg.cloneNode(true)));
    const open = dot.hasAttribute("aria-current");
    const size = open ? 30 : 22;
    const icon = L.divIcon({ className: open ? "ll-dot ll-dot_open" : "ll-dot", html: shape, iconSize: [size, size] });
    const marker = L.marker([lat, lon], { icon, title: dot.textContent.trim(), alt: dot.textContent.trim(), zIndexOffset: open ? 1000 : 0 }).addTo(map);
    marker.getElement().dataset.state = dot.dataset.state ?? "";
    points[open ? "unshift" : "push"]({ marker, home: [lat, lon] });
    marker.on("click", () => dot.querySelector("a")?.click());
    if (open) map.setView([lat, lon], 16.5);
  }
  if (!box.dataset.mapOf && points.length) map.fitBounds(points.map(({ home }) => home), { padding: [24, 24], maxZoom: 17 });
  spread(map, points);
  map.on("zoomend", () => spread(map, points));
}

// What htmx brings in may itself be the thing we look for.
const within = (root, wanted) => [...(root.matches?.(wanted) ? [root] : []), ...(root.querySelectorAll?.(wanted) ?? [])];

// htmx announces the first page as loaded too: each map is made once.
const made = new WeakSet();
function dress(root) {
  for (const box of within(root, "[data-place], [data-map-of]")) {
    if (made.has(box)) continue;
    made.add(box);
    if (box.matches("[data-place]")) pin_place(box);
    else look(box);
  }
}
dress(document);
document.addEventListener("htmx:load", (event) => dress(event.detail.elt));
