// What is drawn on the canvas of the timeline: axes, bands of the blocks, bars, levels, and the
// lines that mark moments. All lengths are in CSS pixels.

import { powerTicks, timeTicks } from "../chart_scale.js";
import { clock, kwh, number, percent, shortDay, time } from "../format.js";
import { blockNames } from "../words.js";

/**
 * @typedef {import("../timeline_model.js").Model} Model
 * @typedef {Record<"text" | "muted" | "line" | "panel" | "accent" | "bar" | BlockType, string>} Palette
 * @typedef {{pen: CanvasRenderingContext2D, model: Model, colors: Palette, left: number,
 *   right: number, top: number, bottom: number, min: number, max: number, ticks: number[],
 *   x: (at: number) => number, kw: (value: number) => number,
 *   level: ((value: number) => number) | null}} Frame `level` is null where no battery is shown
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
 * @param {CanvasRenderingContext2D} pen @param {Model} model @param {Palette} colors
 * @param {{width: number, height: number, min: number, max: number}} size
 * @returns {Frame}
 */
export function makeFrame(pen, model, colors, { width, height, min, max }) {
  const small = width < 520;
  const levels = model.levels.length > 0 || model.goal !== null;
  pen.font = "11px system-ui, sans-serif";
  const ticks = powerTicks(Math.max(2, model.maxKw * 1.12), 4);
  const labels = ticks.map((tick) => pen.measureText(number(tick, 1)).width);
  const left = Math.max(small ? 32 : 44, ...labels.map((each) => each + 12));
  const [right, top, bottom] = [width - (levels ? (small ? 44 : 52) : 16), 8, height - 40];
  const high = ticks[ticks.length - 1];
  return {
    ...{ pen, model, colors, left, right, top, bottom, min, max, ticks },
    x: (at) => left + ((at - min) / (max - min)) * (right - left),
    kw: (value) => bottom - (value / high) * (bottom - top),
    level: levels ? (value) => bottom - (value / 100) * (bottom - top) : null,
  };
}

/** @param {Frame} frame @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {string} color @param {number} [width] @param {number[]} [dash] */
function line({ pen }, x1, y1, x2, y2, color, width = 1, dash = []) {
  // On whole pixels lines are sharp.
  const half = width % 2 ? 0.5 : 0;
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.beginPath();
  pen.moveTo(Math.round(x1) + half, Math.round(y1) + half);
  pen.lineTo(Math.round(x2) + half, Math.round(y2) + half);
  pen.stroke();
  pen.setLineDash([]);
}

/** A text on a ground of its own. @param {Frame} frame @param {string} text @param {number} x @param {number} y @param {string} color */
function label({ pen, colors }, text, x, y, color) {
  pen.globalAlpha = 0.92;
  pen.fillStyle = colors.panel;
  pen.fillRect(x - 3, y - 1, pen.measureText(text).width + 6, 15);
  pen.globalAlpha = 1;
  pen.fillStyle = color;
  pen.fillText(text, x, y + 1);
}

/** @param {Frame} frame */
export function paint(frame) {
  const { pen, left, right, top, bottom } = frame;
  pen.textBaseline = "top";
  paintAxes(frame);
  pen.save();
  pen.beginPath();
  pen.rect(left, top - 1, right - left + 1, bottom - top + 1);
  pen.clip();
  paintBands(frame);
  paintBars(frame);
  paintPower(frame);
  paintLevels(frame);
  paintMoments(frame);
  pen.restore();
}

/** @param {Frame} frame */
function paintAxes(frame) {
  const { pen, colors, left, right, top, bottom, min, max, ticks } = frame;
  pen.fillStyle = colors.muted;
  for (const tick of ticks) {
    line(frame, left, frame.kw(tick), right, frame.kw(tick), colors.line);
    pen.textAlign = "right";
    pen.fillText(number(tick, 1), left - 8, frame.kw(tick) - 6);
  }
  pen.textAlign = "left";
  for (const value of frame.level ? [0, 50, 100] : [])
    pen.fillText(percent(value), right + 8, (frame.level?.(value) ?? top) - 6);
  pen.textAlign = "center";
  for (const { at, newDay, wholeDay } of timeTicks(min, max, (right - left) / 72)) {
    const x = frame.x(at);
    line(frame, x, bottom, x, bottom + 4, colors.line);
    if (x - 16 < left - 24 || x + 16 > right + 16) continue;
    pen.fillText(wholeDay ? shortDay(at) : clock(at), x, bottom + 8);
    if (newDay && !wholeDay) pen.fillText(shortDay(at), x, bottom + 22);
  }
  pen.textAlign = "left";
}

/** @type {Map<string, HTMLCanvasElement>} */
const tiles = new Map();

/**
 * Diagonals for what is planned, each type with a slope or a width of its own.
 * @param {CanvasRenderingContext2D} pen @param {string} color @param {BlockType} type
 */
function hatch(pen, color, type) {
  const key = `${color} ${type}`;
  let tile = tiles.get(key);
  if (!tile) {
    tile = document.createElement("canvas");
    tile.width = tile.height = 16;
    const draw = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
    draw.strokeStyle = color;
    draw.lineWidth = type === "BATTERY_RESERVE" ? 2 : 4;
    const [from, to] = type === "IMMEDIATE_START" ? [0, 16] : [16, 0];
    for (const shift of [-16, 0, 16]) {
      draw.moveTo(shift - 4, from + (from ? 4 : -4));
      draw.lineTo(shift + 20, to + (to ? 4 : -4));
    }
    draw.stroke();
    tiles.set(key, tile);
  }
  const pattern = pen.createPattern(tile, "repeat");
  pattern?.setTransform(new DOMMatrix().scale(0.5));
  return pattern ?? color;
}

/** @param {Frame} frame */
function paintBands(frame) {
  const { pen, model, colors, left, right, top, bottom } = frame;
  for (const band of model.bands) {
    const from = Math.max(left - 4, frame.x(band.from));
    const width = Math.min(right + 4, Math.max(frame.x(band.to), frame.x(band.from) + 1)) - from;
    if (width <= 0) continue;
    const color = colors[band.type] ?? colors.bar;
    pen.globalAlpha = band.planned ? 0.45 : 0.13;
    pen.fillStyle = band.planned ? hatch(pen, color, band.type) : color;
    pen.fillRect(from, top, width, bottom - top);
    pen.globalAlpha = 1;
    pen.fillStyle = color;
    pen.fillRect(from, top - 1, width, 3);
  }
}

/** @param {Frame} frame */
function paintBars(frame) {
  const { pen, model, colors, left, right, bottom, min, max } = frame;
  const gap = ((right - left) * 900_000) / (max - min) > 6 ? 1 : 0;
  let column = -1;
  let highest = 0;
  for (const bar of model.bars) {
    if (bar.to < min || bar.from > max) continue;
    const from = Math.max(left, frame.x(bar.from));
    const width = Math.max(1, Math.min(right, frame.x(bar.to)) - from - 2 * gap);
    // Thousands of bars: of those in one pixel only a higher one is drawn.
    const pixel = Math.floor(from);
    if (pixel === column && bar.kw <= highest) continue;
    highest = pixel === column ? bar.kw : Math.max(0, bar.kw);
    column = pixel;
    const height = bar.kw > 0 ? Math.max(1, bottom - frame.kw(bar.kw)) : 1;
    pen.globalAlpha = bar.kw > 0 ? 1 : 0.5;
    pen.fillStyle = bar.kw > 0 ? (bar.type && colors[bar.type]) || colors.bar : colors.muted;
    pen.fillRect(from + gap, bottom - height, width, height);
  }
  pen.globalAlpha = 1;
}

/** Power as it was measured, where a quarter-hour is wide enough to hold it. @param {Frame} frame */
function paintPower({ pen, model, colors, x, kw, left, right, min, max }) {
  if (((right - left) * 900_000) / (max - min) < 48 || model.power.length < 2) return;
  pen.strokeStyle = colors.text;
  pen.lineWidth = 1;
  pen.globalAlpha = 0.7;
  pen.beginPath();
  for (const each of model.power) pen.lineTo(x(each.at), kw(each.kw));
  pen.stroke();
  pen.globalAlpha = 1;
}

/** @param {Frame} frame */
function paintLevels({ pen, model, colors, x, level, min, max }) {
  if (!level) return;
  /** @param {import("../timeline_model.js").Level[]} levels @param {string} color @param {number} width */
  const path = (levels, color, width) => {
    pen.strokeStyle = color;
    pen.lineWidth = width;
    pen.lineJoin = "round";
    pen.beginPath();
    for (const each of levels) pen.lineTo(x(each.at), level(each.percent));
    pen.stroke();
  };
  // A seam in the ground's colour keeps the line apart from the bars.
  path(model.levels, colors.panel, 4);
  path(model.levels, colors.text, 2);
  pen.setLineDash([5, 4]);
  path(model.forecast, colors.text, 1.5);
  pen.setLineDash([]);
  const seen = model.levels.filter((each) => each.at >= min && each.at <= max);
  if (seen.length > 40) return;
  pen.fillStyle = colors.text;
  for (const each of seen) {
    pen.beginPath();
    pen.arc(x(each.at), level(each.percent), 2.5, 0, 7);
    pen.fill();
  }
}

/** Names of the blocks; now, plug-in and plug-out; targets. @param {Frame} frame */
function paintMoments(frame) {
  const { pen, model, colors, left, right, top, bottom, x, level } = frame;
  const width = (/** @type {string} */ text) => pen.measureText(text).width;
  for (const band of model.bands) {
    const from = Math.max(left, x(band.from));
    const room = Math.min(right, x(band.to)) - from;
    const name = blockNames[band.type] ?? band.type;
    const planned = `planned ${kwh(band.kwh)} kWh`;
    const texts = band.planned
      ? [...(band.kwh ? [`${name}, ${planned}`, planned] : [`${name}, planned`]), "planned"]
      : [`${name} ${kwh(band.kwh)} kWh`, name];
    const text = texts.find((each) => width(each) + 14 < room);
    if (text) label(frame, text, from + 6, top + 7, colors.text);
  }
  /** @param {string} text @param {number} at @param {number} y @param {string} color @param {boolean} before */
  const beside = (text, at, y, color, before) => {
    const onLeft = before ? x(at) - width(text) - 8 > left : x(at) + width(text) + 8 > right;
    label(frame, text, onLeft ? x(at) - width(text) - 7 : x(at) + 7, y, color);
  };
  const upright = (
    /** @type {number} */ at,
    /** @type {string} */ color,
    /** @type {number} */ thick,
    /** @type {number[]} */ dash,
  ) => line(frame, x(at), top, x(at), bottom, color, thick, dash);

  for (const goal of level ? model.goals : []) {
    line(
      frame,
      x(goal.from),
      level?.(goal.percent) ?? 0,
      x(goal.to),
      level?.(goal.percent) ?? 0,
      colors.muted,
      1,
      [2, 4],
    );
  }
  const first = model.bars[0].from;
  const low = bottom - 18;
  upright(first, colors.muted, 1, [1, 3]);
  const small = right - left < 420;
  const start = small ? "plugged in" : `plugged in ${time(first, model.until)}`;
  beside(start, first, low, colors.muted, false);
  const crowded = (/** @type {number} */ at, /** @type {string} */ text) =>
    x(at) - x(first) < width(start) + width(text) + 40;
  if (model.pluggedOut !== null) {
    const text = small ? "plugged out" : `plugged out ${time(model.pluggedOut, model.until)}`;
    upright(model.pluggedOut, colors.muted, 1, [1, 3]);
    beside(
      text,
      model.pluggedOut,
      crowded(model.pluggedOut, text) ? low - 16 : low,
      colors.muted,
      true,
    );
  }
  if (model.live) {
    upright(model.until, colors.accent, 2, []);
    beside(
      `now ${clock(model.until)}`,
      model.until,
      x(model.until) - x(first) < width(start) + 16 ? low - 16 : low,
      colors.accent,
      false,
    );
  }
  if (model.goal && level) {
    const y = level(model.goal.percent);
    upright(model.goal.at, colors.text, 1, [2, 3]);
    pen.fillStyle = colors.panel;
    pen.strokeStyle = colors.text;
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.arc(x(model.goal.at) + 0.5, y, 4, 0, 7);
    pen.fill();
    pen.stroke();
    beside(
      `${percent(model.goal.percent)} by ${time(model.goal.at, model.until)}`,
      model.goal.at,
      y > top + 44 ? y - 20 : y + 8,
      colors.text,
      true,
    );
  }
}
