// The frame of the timeline's chart: colours, scales, axes. All lengths are in CSS pixels.

import { powerTicks, timeTicks } from "../chart_scale.js";
import { clock, number, percent, shortDay } from "../format.js";

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
export function line({ pen }, x1, y1, x2, y2, color, width = 1, dash = []) {
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
export function label({ pen, colors }, text, x, y, color) {
  pen.globalAlpha = 0.92;
  pen.fillStyle = colors.panel;
  pen.fillRect(x - 3, y - 1, pen.measureText(text).width + 6, 15);
  pen.globalAlpha = 1;
  pen.fillStyle = color;
  pen.fillText(text, x, y + 1);
}

/** @param {Frame} frame */
export function paintAxes(frame) {
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
