// What is drawn on the canvas of the timeline: bands, bars, and the lines that mark moments.

import { clock, kwh, percent, time } from "../format.js";
import { blockNames } from "../words.js";

/**
 * @typedef {import("../timeline_model.js").Model} Model
 * @typedef {import("../timeline_model.js").BlockType} BlockType
 * @typedef {Record<"text" | "muted" | "line" | "panel" | "accent" | "bar" | BlockType, string>} Palette
 */

/** The colours in use, from the style sheet. @param {Element} element @returns {Palette} */
export function palette(element) {
  const style = getComputedStyle(element);
  const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    text: color("--text"),
    muted: color("--muted"),
    line: color("--line"),
    panel: color("--panel"),
    accent: color("--accent"),
    bar: color("--bar"),
    BATTERY_RESERVE: color("--reserve"),
    REGULAR: color("--regular"),
    IMMEDIATE_START: color("--immediate"),
  };
}

/**
 * Diagonals for what is planned, each type with its own slope and distance.
 * @param {CanvasRenderingContext2D} context @param {string} color @param {BlockType} type
 */
function hatch(context, color, type) {
  const scale = devicePixelRatio;
  const size = Math.round(8 * scale);
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const pen = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
  pen.strokeStyle = color;
  pen.lineWidth = (type === "BATTERY_RESERVE" ? 1 : 1.75) * scale;
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    if (type === "IMMEDIATE_START") {
      pen.moveTo(shift, 0);
      pen.lineTo(shift + size, size);
    } else {
      pen.moveTo(shift, size);
      pen.lineTo(shift + size, 0);
    }
  }
  pen.stroke();
  return context.createPattern(tile, "repeat") ?? color;
}

/**
 * Behind the lines: bands of the blocks, and the bars.
 * @param {uPlot} chart @param {Model} model @param {Palette} colors
 */
export function paintBack(chart, model, colors) {
  const { ctx, bbox } = chart;
  const scale = devicePixelRatio;
  const x = (/** @type {number} */ at) => chart.valToPos(at, "x", true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = `${11 * scale}px system-ui, sans-serif`;
  ctx.textBaseline = "top";
  for (const band of model.bands) {
    const left = x(band.from);
    const width = Math.max(scale, x(band.to) - left);
    if (left > bbox.left + bbox.width || left + width < bbox.left) continue;
    const color = colors[band.type] ?? colors.bar;
    ctx.globalAlpha = band.planned ? 0.4 : 0.12;
    ctx.fillStyle = band.planned ? hatch(ctx, color, band.type) : color;
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.globalAlpha = 1;
    ctx.fillStyle = color;
    ctx.fillRect(left, bbox.top, width, 3 * scale);
  }
  paintBars(chart, model, colors, x);
  // The labels last, so that no bar covers them.
  for (const band of model.bands) {
    const left = Math.max(bbox.left, x(band.from));
    const room = Math.min(bbox.left + bbox.width, x(band.to)) - left;
    const name = blockNames[band.type] ?? band.type;
    const texts = band.planned ? [`${name}, planned ${kwh(band.kwh)} kWh`, `planned ${kwh(band.kwh)} kWh`, "planned"] : [`${name} ${kwh(band.kwh)} kWh`, name];
    const text = texts.find((each) => ctx.measureText(each).width + 14 * scale < room);
    if (text) label(ctx, text, left + 5 * scale, bbox.top + 7 * scale, colors.text, colors.panel);
  }
  ctx.restore();
}

/** A text on a ground of its own. @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} x @param {number} y @param {string} color @param {string} ground */
function label(ctx, text, x, y, color, ground) {
  const scale = devicePixelRatio;
  ctx.globalAlpha = 0.85;
  ctx.fillStyle = ground;
  ctx.fillRect(x - 2 * scale, y - 1 * scale, ctx.measureText(text).width + 4 * scale, 14 * scale);
  ctx.globalAlpha = 1;
  ctx.fillStyle = color;
  ctx.fillText(text, x, y + 1 * scale);
}

/** @param {uPlot} chart @param {Model} model @param {Palette} colors @param {(at: number) => number} x */
function paintBars(chart, model, colors, x) {
  const { ctx, bbox } = chart;
  const scale = devicePixelRatio;
  const zero = chart.valToPos(0, "kw", true);
  const min = chart.scales.x.min ?? 0;
  const max = chart.scales.x.max ?? 0;
  const wide = model.bars.length ? x(min + 900_000) - x(min) > 4 * scale : false;
  const gap = wide ? scale : 0;
  let lastPixel = -1;
  let highest = 0;
  for (const bar of model.bars) {
    if (bar.to < min || bar.from > max) continue;
    const left = Math.max(bbox.left, x(bar.from));
    const right = Math.min(bbox.left + bbox.width, x(bar.to));
    // Thousands of bars: of those in one pixel only a higher one is drawn.
    const pixel = Math.floor(left);
    if (pixel === lastPixel && bar.kw <= highest) continue;
    highest = pixel === lastPixel ? bar.kw : Math.max(0, bar.kw);
    lastPixel = pixel;
    const top = chart.valToPos(bar.kw, "kw", true);
    ctx.fillStyle = bar.type ? (colors[bar.type] ?? colors.bar) : bar.kw > 0 ? colors.bar : colors.muted;
    const height = bar.kw > 0 ? Math.max(scale, zero - top) : scale;
    ctx.globalAlpha = bar.kw > 0 ? 1 : 0.6;
    ctx.fillRect(left + gap, zero - height, Math.max(scale, right - left - 2 * gap), height);
  }
  ctx.globalAlpha = 1;
}

/**
 * Before the lines: now, plug-in and plug-out, targets.
 * @param {uPlot} chart @param {Model} model @param {Palette} colors
 */
export function paintFront(chart, model, colors) {
  const { ctx, bbox } = chart;
  const scale = devicePixelRatio;
  const x = (/** @type {number} */ at) => Math.round(chart.valToPos(at, "x", true));
  const right = bbox.left + bbox.width;
  const bottom = bbox.top + bbox.height;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left - scale, bbox.top, bbox.width + 2 * scale, bbox.height);
  ctx.clip();
  ctx.font = `${11 * scale}px system-ui, sans-serif`;
  ctx.textBaseline = "top";

  /** @param {number} at @param {string} color @param {number[]} dash @param {number} width */
  const line = (at, color, dash, width) => {
    ctx.strokeStyle = color;
    ctx.lineWidth = width * scale;
    ctx.setLineDash(dash.map((each) => each * scale));
    ctx.beginPath();
    ctx.moveTo(x(at), bbox.top);
    ctx.lineTo(x(at), bottom);
    ctx.stroke();
    ctx.setLineDash([]);
  };
  /** @param {string} text @param {number} at @param {number} y @param {string} color @param {boolean} before */
  const beside = (text, at, y, color, before) => {
    const width = ctx.measureText(text).width;
    const onLeft = before ? x(at) - width - 6 * scale > bbox.left : x(at) + width + 8 * scale > right;
    label(ctx, text, onLeft ? x(at) - width - 6 * scale : x(at) + 6 * scale, y, color, colors.panel);
  };

  if (chart.scales["%"]?.min != null) {
    ctx.strokeStyle = colors.muted;
    ctx.lineWidth = scale;
    ctx.setLineDash([2 * scale, 4 * scale]);
    for (const goal of model.goals) {
      const y = chart.valToPos(goal.percent, "%", true);
      ctx.beginPath();
      ctx.moveTo(x(goal.from), y);
      ctx.lineTo(x(goal.to), y);
      ctx.stroke();
    }
    ctx.setLineDash([]);
  }

  const first = model.bars[0]?.from ?? model.start;
  const low = bottom - 18 * scale;
  line(first, colors.muted, [1, 3], 1);
  beside(`plugged in ${clock(first)}`, first, low, colors.muted, false);
  if (model.pluggedOut !== null) {
    line(model.pluggedOut, colors.muted, [1, 3], 1);
    const near = x(model.pluggedOut) - x(first) < 220 * scale;
    beside(`plugged out ${clock(model.pluggedOut)}`, model.pluggedOut, near ? low - 16 * scale : low, colors.muted, true);
  }
  if (model.live) {
    line(model.until, colors.accent, [], 1.5);
    const near = x(model.until) - x(first) < 120 * scale;
    beside(`now ${clock(model.until)}`, model.until, near ? low - 16 * scale : low, colors.accent, false);
  }
  if (model.goal && chart.scales["%"]?.min != null) {
    line(model.goal.at, colors.text, [2, 3], 1);
    const y = chart.valToPos(model.goal.percent, "%", true);
    ctx.fillStyle = colors.panel;
    ctx.strokeStyle = colors.text;
    ctx.lineWidth = 1.5 * scale;
    ctx.beginPath();
    ctx.arc(x(model.goal.at), y, 4 * scale, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
    const up = y - 22 * scale > bbox.top + 20 * scale;
    beside(`${percent(model.goal.percent)} by ${time(model.goal.at, model.until)}`, model.goal.at, up ? y - 20 * scale : y + 8 * scale, colors.text, true);
  }
  ctx.restore();
}
