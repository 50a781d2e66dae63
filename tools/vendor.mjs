// Copies the few browser files Linli uses from node_modules into the tree, or builds them from it, with a manifest.
//   npm ci && node tools/vendor.mjs            write them
//   npm ci && node tools/vendor.mjs --check    compare bytes, change nothing
// The copies are checked in, so that installing Linli needs no Node.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const faces = join(root, "src/linli/faces");
const vendor = join(faces, "static/vendor");

// [package, file inside it, where it goes under src/linli/faces]
const files = [
  ["htmx.org", "dist/htmx.min.js", "static/vendor/htmx.js"],
  ["leaflet", "dist/leaflet.js", "static/vendor/leaflet.js"],
  ["leaflet", "dist/leaflet.css", "static/vendor/leaflet.css"],
  ["leaflet", "dist/images/layers.png", "static/vendor/images/layers.png"],
  ["leaflet", "dist/images/layers-2x.png", "static/vendor/images/layers-2x.png"],
  ["leaflet", "dist/images/marker-icon.png", "static/vendor/images/marker-icon.png"],
  // axe-core never reaches a visitor: it only looks at our pages in tests.
  ["axe-core", "axe.min.js", "tests/axe.min.js"],
];

// [package, our entry that names what we use of it, where the bundle goes]
const bundles = [["echarts", "tools/charts.entry.mjs", "static/vendor/echarts.mjs"]];

// A pointer to a source map we do not ship makes the hashed static storage fail.
function clean(name, bytes) {
  if (!name.endsWith(".js")) return bytes;
  return Buffer.from(bytes.toString("utf8").replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, "\n"), "utf8");
}

// Only what the entry names is taken along; the notices that licences ask for stay at the end of the file.
function bundle(entry) {
  const made = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    legalComments: "eof",
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
  });
  return Buffer.from(made.outputFiles[0].contents);
}

function row(name, to, bytes) {
  const about = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8"));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { file: to, name, version: about.version, licence: about.license, bytes: bytes.length, sha256 };
}

function build() {
  const made = new Map();
  for (const [name, from, to] of files) made.set(to, [name, clean(to, readFileSync(join(root, "node_modules", name, from)))]);
  for (const [name, entry, to] of bundles) made.set(to, [name, bundle(entry)]);
  const rows = [...made].map(([to, [name, bytes]]) => row(name, to, bytes));
  const found = new Map([...made].map(([to, [, bytes]]) => [to, bytes]));
  found.set("static/vendor/manifest.json", Buffer.from(JSON.stringify({ files: rows }, null, 2) + "\n"));
  return found;
}

function strangers(made) {
  if (!existsSync(vendor)) return [];
  return readdirSync(vendor, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(faces.length + 1))
    .filter((path) => !made.has(path));
}

const made = build();
if (process.argv.includes("--check")) {
  const wrong = [...made].filter(([path, bytes]) => {
    const at = join(faces, path);
    return !existsSync(at) || !readFileSync(at).equals(bytes);
  });
  const odd = strangers(made);
  for (const [path] of wrong) console.error(`differs from its package: src/linli/faces/${path}`);
  for (const path of odd) console.error(`not in tools/vendor.mjs: src/linli/faces/${path}`);
  if (wrong.length || odd.length) {
    console.error("Run: npm ci && node tools/vendor.mjs");
    process.exit(1);
  }
  console.log(`${made.size} vendored files are as their packages have them.`);
} else {
  for (const [path, bytes] of made) {
    const at = join(faces, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, bytes);
  }
  console.log(`${made.size} files written.`);
}
