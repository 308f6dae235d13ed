// The chart of a timeline: uPlot gives axes, cursor and zoom; chart_paint.js draws on its canvas.

import { clock, shortDay } from "../format.js";
import { paintBack, paintFront, palette } from "./chart_paint.js";

/** @typedef {import("../timeline_model.js").Model} Model */

/** @type {Promise<typeof uPlot> | null} */
let library = null;

/** uPlot is a classic script, fetched when the first chart is shown. */
export function loadLibrary() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "/assets/vendor/uplot.js";
    script.onload = () => resolve(/** @type {any} */ (globalThis).uPlot);
    script.onerror = () => {
      library = null;
      script.remove();
      reject(new Error("The chart cannot be loaded."));
    };
    document.head.append(script);
  });
  return library;
}

/** @param {Model} model @returns {uPlot.AlignedData} */
function dataOf(model) {
  const times = new Set([model.start, model.end]);
  for (const { at } of [...model.levels, ...model.forecast]) times.add(at);
  const x = [...times].sort((a, b) => a - b);
  const values = (/** @type {import("../timeline_model.js").Level[]} */ levels) => {
    const known = new Map(levels.map(({ at, percent }) => [at, percent]));
    return x.map((at) => known.get(at) ?? null);
  };
  return [x, x.map(() => null), values(model.levels), values(model.forecast)];
}

/** @param {uPlot} u @param {number[]} splits @param {number} axis @param {number} space @param {number} step */
function timeLabels(u, splits, axis, space, step) {
  let last = "";
  return splits.map((at) => {
    const day = shortDay(at);
    if (step >= 86_400_000) return day;
    const text = day === last ? clock(at) : `${clock(at)}\n${day}`;
    last = day;
    return text;
  });
}

/**
 * @param {HTMLElement} parent
 * @param {typeof uPlot} Plot
 * @param {Model} initial
 * @param {{cursor: (at: number | null, x: number, y: number) => void, zoom: (zoomed: boolean) => void}} to
 */
export function createChart(parent, Plot, initial, to) {
  let model = initial;
  let colors = palette(parent);
  const hasLevels = (/** @type {Model} */ m) => m.levels.length > 0 || m.goal !== null;

  const make = () => {
    const small = parent.clientWidth < 520;
    const stroke = () => colors.muted;
    const grid = { stroke: () => colors.line, width: 1 };
    const font = "11px system-ui, sans-serif";
    /** @type {uPlot.Options} */
    const options = {
      width: parent.clientWidth,
      height: small ? 240 : 300,
      ms: 1,
      padding: [8, hasLevels(model) ? 0 : 12, 0, 0],
      legend: { show: false },
      cursor: {
        points: { show: false },
        y: false,
        drag: { x: true, y: false, dist: 8 },
      },
      scales: {
        x: { time: true, range: (_, min, max) => (max - min < 60_000 ? [min - 30_000, max + 30_000] : [min, max]) },
        kw: { range: () => [0, Math.max(1, model.maxKw * 1.18)] },
        "%": { range: () => [0, 100] },
      },
      axes: [
        { stroke, grid: { ...grid, show: false }, ticks: grid, font, size: 40, space: small ? 56 : 72, values: timeLabels },
        { scale: "kw", stroke, grid, ticks: { show: false }, font, size: small ? 34 : 44, values: (_, all) => all.map((each) => String(each)), space: 40 },
        { scale: "%", side: 1, show: hasLevels(model), stroke, grid: { show: false }, ticks: { show: false }, font, size: small ? 42 : 52, splits: () => [0, 25, 50, 75, 100], values: (_, all) => all.map((each) => `${each} %`) },
      ],
      series: [
        {},
        { scale: "kw", show: true, paths: () => null, points: { show: false } },
        { scale: "%", stroke: () => colors.text, width: 2, spanGaps: true, points: { show: model.levels.length < 40, size: 5, fill: () => colors.text } },
        { scale: "%", stroke: () => colors.text, width: 1.5, dash: [5, 4], spanGaps: true, points: { show: false } },
      ],
      hooks: {
        drawAxes: [(u) => paintBack(u, model, colors)],
        draw: [(u) => paintFront(u, model, colors)],
        setCursor: [
          (u) => {
            const { left = -1, top = -1 } = u.cursor;
            to.cursor(left < 0 ? null : u.posToVal(left, "x"), left + u.over.offsetLeft, top);
          },
        ],
        setScale: [
          (u, key) => {
            if (key !== "x") return;
            const { min, max } = u.scales.x;
            to.zoom((min ?? 0) > model.start + 1 || (max ?? 0) < model.end - 1);
          },
        ],
      },
    };
    return new Plot(options, dataOf(model), parent);
  };

  let chart = make();
  let width = parent.clientWidth;
  const sizes = new ResizeObserver(() => {
    if (parent.clientWidth === width || !parent.clientWidth) return;
    const rebuild = width < 520 !== parent.clientWidth < 520;
    width = parent.clientWidth;
    if (rebuild) renew();
    else chart.setSize({ width, height: chart.height });
  });
  sizes.observe(parent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const recolor = () => {
    colors = palette(parent);
    chart.redraw();
  };
  dark.addEventListener("change", recolor);
  const renew = () => {
    chart.destroy();
    chart = make();
  };
  const range = () => ({ min: chart.scales.x.min ?? model.start, max: chart.scales.x.max ?? model.end });

  return {
    /** @param {Model} next */
    update(next) {
      const { min, max } = range();
      const zoomed = min > model.start + 1 || max < model.end - 1;
      const axis = hasLevels(model) !== hasLevels(next);
      model = next;
      if (axis) return renew();
      chart.setData(dataOf(model), !zoomed);
      if (zoomed) chart.redraw();
    },
    /** @param {number} factor below 1 zooms in @param {number} [around] */
    zoom(factor, around) {
      const { min, max } = range();
      const middle = around ?? (min + max) / 2;
      const span = Math.min(model.end - model.start, Math.max(900_000, (max - min) * factor));
      const from = Math.max(model.start, Math.min(model.end - span, middle - ((middle - min) / (max - min)) * span));
      chart.setScale("x", { min: from, max: from + span });
    },
    reset() {
      chart.setScale("x", { min: model.start, max: model.end });
    },
    /** Puts the cursor to a moment, which is brought into view. @param {number} at */
    point(at) {
      const { min, max } = range();
      if (at < min || at > max) {
        const from = Math.max(model.start, Math.min(model.end - (max - min), at - (max - min) / 2));
        chart.setScale("x", { min: from, max: from + max - min });
      }
      requestAnimationFrame(() => chart.setCursor({ left: chart.valToPos(at, "x"), top: 40 }));
    },
    blur: () => chart.setCursor({ left: -10, top: -10 }),
    destroy() {
      sizes.disconnect();
      dark.removeEventListener("change", recolor);
      chart.destroy();
    },
  };
}
