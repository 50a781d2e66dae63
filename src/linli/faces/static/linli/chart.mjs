// Draws a table as a chart and lets one switch between the two: <figure data-chart> of parts/chart.html.
// The table is the truth: values, words and the address behind each figure are read from it, also after it was swapped.
// A click on a bar or point follows the link of its cell. ECharts comes when the first chart is seen.
const still = matchMedia("(prefers-reduced-motion: reduce)");
const drawn = new WeakMap(); // figure -> the chart on it
const reading = new Map(); // echarts by address
const tables_wanted = new Set(); // names of charts that are read as tables

function echarts(address) {
  if (!reading.has(address)) reading.set(address, import(address));
  return reading.get(address);
}

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function read(figure) {
  const table = figure.querySelector("table");
  const heads = [...table.tHead.rows[0].cells].slice(1);
  const rows = [...table.tBodies[0].rows].filter((row) => row.cells.length === heads.length + 1);
  return {
    names: rows.map((row) => row.cells[0].textContent.trim()),
    series: heads.map((head, column) => ({
      name: head.textContent.trim(),
      tone: head.dataset.tone || "brand",
      values: rows.map((row) => {
        const said = row.cells[column + 1].dataset.value;
        return said === "" || said === undefined ? null : Number(said);
      }),
      words: rows.map((row) => row.cells[column + 1].textContent.trim()),
      links: rows.map((row) => (row.cells[column + 1].querySelector("a") ?? row.cells[0].querySelector("a"))?.href ?? ""),
    })),
  };
}

// Colour never stands alone: what is late is hatched, what is nearly late is striped, the second of two series is hatched.
const HATCH = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -0.8 };
const STRIPE = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: 0 };
const decal = (tone, place) => ({ broken: HATCH, "at-risk": STRIPE })[tone] ?? (place === 1 ? HATCH : null);

function series(kind, one, place, several) {
  const colour = token(one.tone);
  if (kind === "lines") {
    const dash = ["solid", "dashed", "dotted"][place % 3];
    return { type: "line", name: one.name, data: one.values, color: colour, lineStyle: { width: 2, type: dash }, symbolSize: 7, symbol: ["circle", "triangle", "rect"][place % 3], connectNulls: false };
  }
  const stacked = kind !== "bars";
  const style = { color: colour, borderRadius: stacked ? 0 : 2 };
  const pattern = several && decal(one.tone, place);
  if (pattern) style.decal = { ...pattern, color: "rgba(0,0,0,0.32)" };
  return { type: "bar", name: one.name, data: one.values, stack: stacked ? "all" : undefined, itemStyle: style, barMaxWidth: 26, barGap: "12%" };
}

function option(figure, found) {
  const kind = figure.dataset.chart;
  const across = kind === "across";
  const soft = token("soft");
  const size = parseFloat(getComputedStyle(figure).fontSize) * 0.8;
  const most = figure.dataset.most ? Number(figure.dataset.most) : undefined;
  const longest = Math.max(0, ...found.names.map((name) => [...name].length));
  const names = {
    type: "category",
    data: found.names,
    inverse: across,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: token("line") } },
    axisLabel: { color: soft, fontSize: size, hideOverlap: true, interval: "auto", width: across ? 118 : undefined, overflow: across && longest > 10 ? "truncate" : "none" },
  };
  const percent = figure.dataset.unit === "%" && most === 1;
  const values = {
    type: "value",
    min: 0,
    max: most,
    minInterval: percent ? 0 : 1,
    interval: most ? most / 4 : undefined,
    splitNumber: 3,
    splitLine: { lineStyle: { color: token("line") } },
    axisLabel: { color: soft, fontSize: size, formatter: percent ? (value) => `${Math.round(value * 100)}%` : undefined },
  };
  return {
    animation: !still.matches,
    animationDuration: 300,
    aria: { enabled: false },
    grid: { left: 4, right: 12, top: found.series.length > 1 ? 30 : 12, bottom: 4, containLabel: true },
    legend: found.series.length > 1 ? { top: 0, left: 0, itemWidth: 14, itemHeight: 10, selectedMode: false, textStyle: { color: soft, fontSize: size } } : undefined,
    tooltip: {
      trigger: "axis",
      renderMode: "richText", // markup with styles of its own is what the page's policy forbids
      axisPointer: { type: kind === "lines" ? "line" : "shadow" },
      backgroundColor: token("surface"),
      borderColor: token("edge"),
      textStyle: { color: token("ink"), fontSize: size },
      formatter: (points) => [found.names[points[0].dataIndex], ...points.map((point) => `${point.seriesName}  ${found.series[point.seriesIndex].words[point.dataIndex]}`)].join("\n"),
    },
    xAxis: across ? values : names,
    yAxis: across ? names : values,
    textStyle: { fontFamily: token("face") },
    series: found.series.map((one, place) => series(kind, one, place, found.series.length > 1)),
  };
}

async function draw(figure) {
  const { init } = await echarts(figure.dataset.echarts);
  if (!figure.isConnected) return;
  const at = figure.querySelector("[data-draw]");
  const found = read(figure);
  let chart = drawn.get(figure);
  if (!chart) {
    chart = init(at, null, { renderer: "canvas" });
    drawn.set(figure, chart);
    chart.on("click", (point) => {
      const link = read(figure).series[point.seriesIndex]?.links[point.dataIndex];
      if (link) location.assign(link);
    });
    new ResizeObserver(() => figure.isConnected && at.clientWidth && chart.resize()).observe(at);
  }
  chart.setOption(option(figure, found), true);
}

function show(figure, table) {
  const button = figure.querySelector("[data-twin-toggle]");
  const empty = !figure.querySelector("tbody th");
  figure.querySelector("[data-draw]").hidden = table || empty;
  figure.querySelector("[data-twin]").hidden = !table && !empty;
  button.hidden = empty;
  button.setAttribute("aria-pressed", String(table));
  button.querySelector("[data-when-drawn]").hidden = table;
  button.querySelector("[data-when-table]").hidden = !table;
  if (!table && !empty) draw(figure).catch(() => show(figure, true)); // no chart without its code: the table stays
}

function turn(figure) {
  const name = figure.dataset.chartName;
  const table = figure.querySelector("[data-twin]").hidden;
  if (table) tables_wanted.add(name);
  else tables_wanted.delete(name);
  show(figure, table);
}

// Charts of this part of the page: drawn once they come into view.
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    show(target, tables_wanted.has(target.dataset.chartName));
  }
});
export function dress(root = document) {
  for (const figure of root.querySelectorAll("figure[data-chart]")) {
    if (!drawn.has(figure)) seen.observe(figure);
  }
}

// All charts as tables, or all as charts.
export function turn_all() {
  const figures = [...document.querySelectorAll("figure[data-chart]")];
  const table = figures.some((figure) => figure.querySelector("[data-twin]").hidden);
  for (const figure of figures) {
    if (table) tables_wanted.add(figure.dataset.chartName);
    else tables_wanted.delete(figure.dataset.chartName);
    show(figure, table);
  }
  return table;
}

// The figure stays, its table was swapped for a newer one.
export function again(figure) {
  show(figure, tables_wanted.has(figure.dataset.chartName));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-twin-toggle]");
  if (button) turn(button.closest("figure[data-chart]"));
});
document.addEventListener("htmx:load", (event) => dress(event.detail.elt.parentElement ?? document));
dress();
