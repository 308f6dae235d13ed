// The chart of a timeline on a canvas: size, cursor, zoom by mouse, touch and keys.

import { makeFrame, palette } from "./chart_frame.js";
import { paint } from "./chart_paint.js";

/** @typedef {import("../timeline_model.js").Model} Model */

const shortest = 900_000;

/**
 * @param {HTMLCanvasElement} canvas it fills its parent's width
 * @param {Model} initial
 * @param {{cursor: (at: number | null, x: number, y: number) => void, zoom: (zoomed: boolean) => void}} to
 */
export function createChart(canvas, initial, to) {
  const parent = /** @type {HTMLElement} */ (canvas.parentElement);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  let model = initial;
  let colors = palette(canvas);
  let [min, max] = [model.start, model.end];
  let frame = makeFrame(pen, model, colors, { width: 1, height: 1, min, max });
  /** @type {number | null} */
  let cursor = null;
  /** @type {number | null} */
  let dragFrom = null;
  let asked = 0;

  const draw = () => {
    asked = 0;
    const [width, height] = [parent.clientWidth, parent.clientHeight];
    if (!width) return;
    const scale = devicePixelRatio || 1;
    if (
      canvas.width !== Math.round(width * scale) ||
      canvas.height !== Math.round(height * scale)
    ) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
    }
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    frame = makeFrame(pen, model, colors, { width, height, min, max });
    paint(frame);
    if (cursor === null) return;
    const { left, right, top, bottom } = frame;
    const at = Math.max(left, Math.min(right, frame.x(cursor)));
    pen.fillStyle = colors.muted;
    pen.fillRect(Math.round(at), top, 1, bottom - top);
    if (dragFrom !== null) {
      pen.globalAlpha = 0.16;
      pen.fillStyle = colors.accent;
      pen.fillRect(frame.x(dragFrom), top, at - frame.x(dragFrom), bottom - top);
      pen.globalAlpha = 1;
    }
  };
  const redraw = () => void (asked ||= requestAnimationFrame(draw));

  /** @param {number} from @param {number} span */
  const show = (from, span) => {
    const all = model.end - model.start;
    const length = Math.min(all, Math.max(shortest, span));
    min = Math.max(model.start, Math.min(model.end - length, from));
    max = min + length;
    to.zoom(length < all - 1);
    redraw();
  };
  /** @param {number} factor below 1 zooms in @param {number} around */
  const zoom = (factor, around) => {
    const span = Math.max(shortest, (max - min) * factor);
    show(around - ((around - min) / (max - min)) * span, span);
  };

  /** The moment under a pointer. @param {{clientX: number}} event */
  const momentAt = (event) => {
    const { left, right } = frame;
    const x = Math.max(left, Math.min(right, event.clientX - canvas.getBoundingClientRect().left));
    return min + ((x - left) / (right - left)) * (max - min);
  };
  /** @param {number | null} at @param {number} y */
  const point = (at, y) => {
    cursor = at;
    to.cursor(at, at === null ? 0 : frame.x(at), y);
    redraw();
  };

  /** Fingers on the chart: one moves the cursor, two zoom. @type {Map<number, PointerEvent>} */
  const fingers = new Map();
  const listeners = /** @type {Record<string, (event: any) => void>} */ ({
    pointerdown(event) {
      if (event.pointerType === "mouse") {
        if (event.button === 0) dragFrom = momentAt(event);
        canvas.setPointerCapture(event.pointerId);
      } else fingers.set(event.pointerId, event);
      point(momentAt(event), event.offsetY);
    },
    pointermove(event) {
      if (fingers.has(event.pointerId) && fingers.size === 2) {
        const [other] = [...fingers.values()].filter((each) => each.pointerId !== event.pointerId);
        const before = /** @type {PointerEvent} */ (fingers.get(event.pointerId));
        const was = Math.max(16, Math.abs(before.clientX - other.clientX));
        const is = Math.max(16, Math.abs(event.clientX - other.clientX));
        fingers.set(event.pointerId, event);
        return zoom(was / is, momentAt({ clientX: (event.clientX + other.clientX) / 2 }));
      }
      if (event.pointerType === "mouse" || fingers.has(event.pointerId))
        point(momentAt(event), event.offsetY);
    },
    pointerup(event) {
      fingers.delete(event.pointerId);
      if (dragFrom === null) return;
      const [from, till] = [dragFrom, momentAt(event)].sort((a, b) => a - b);
      dragFrom = null;
      if (frame.x(till) - frame.x(from) > 8) show(from, till - from);
      else redraw();
    },
    pointercancel(event) {
      fingers.delete(event.pointerId);
      dragFrom = null;
      point(null, 0);
    },
    pointerleave(event) {
      if (event.pointerType === "mouse" && dragFrom === null) point(null, 0);
    },
    dblclick: () => show(model.start, model.end - model.start),
    wheel(event) {
      // Plain scrolling is the page's.
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(2 ** (event.deltaY / 200), momentAt(event));
    },
  });
  for (const [name, listener] of Object.entries(listeners))
    canvas.addEventListener(name, listener, { passive: false });
  const sizes = new ResizeObserver(redraw);
  sizes.observe(parent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const recolor = () => {
    colors = palette(canvas);
    redraw();
  };
  dark.addEventListener("change", recolor);
  draw();

  return {
    /** @param {Model} next */
    update(next) {
      const all = max - min >= model.end - model.start - 1;
      model = next;
      if (all) [min, max] = [model.start, model.end];
      show(min, max - min);
    },
    zoom: (/** @type {number} */ factor) => zoom(factor, cursor ?? (min + max) / 2),
    reset: () => show(model.start, model.end - model.start),
    /** Puts the cursor to a moment, which is brought into view. @param {number} at */
    point(at) {
      if (at < min || at > max) show(at - (max - min) / 2, max - min);
      draw();
      point(at, 40);
    },
    blur: () => point(null, 0),
    destroy() {
      cancelAnimationFrame(asked);
      sizes.disconnect();
      dark.removeEventListener("change", recolor);
    },
  };
}
