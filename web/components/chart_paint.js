// What is drawn in the chart of the timeline: bands of the blocks, bars, levels, and the lines that
// mark moments.

import { clock, kwh, percent, time } from "../format.js";
import { blockNames } from "../words.js";
import { label, line, paintAxes } from "./chart_frame.js";

/** @typedef {import("./chart_frame.js").Frame} Frame */

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
