// The timeline of a session: chart, legend and the same numbers as a table.

import { html, useEffect, useMemo, useRef, useState } from "../vendor/htm-preact.js";
import { download } from "../api.js";
import { now } from "../clock.js";
import { clock, kw, kwhExact, percent, time, zone } from "../format.js";
import { barAt, levelAt, makeModel } from "../timeline_model.js";
import { blockNames } from "../words.js";
import { PartError } from "./parts.js";
import { createChart } from "./chart.js";
import { TimelineTable } from "./timeline_table.js";

/** @typedef {import("../timeline_model.js").Model} Model */

/** @param {Model} model @param {number} at */
function readingAt(model, at) {
  const index = barAt(model.bars, at);
  const bar = model.bars[index];
  const band = model.bands.find((each) => at >= each.from && at < each.to);
  const level = levelAt(model.levels, at) ?? levelAt(model.forecast, at);
  const lines = [];
  if (bar) lines.push(`${kw(bar.kw)} kW`, `${kwhExact(bar.kwh)} kWh`);
  if (level !== null) lines.push(`Battery ${percent(level)}${at > model.until ? " expected" : ""}`);
  if (band)
    lines.push(
      `${blockNames[band.type] ?? band.type}${band.planned ? `, planned ${kwhExact(band.kwh)} kWh` : ""}`,
    );
  const title = bar ? `${time(bar.from, now())}–${clock(bar.to)}` : time(at, now());
  return { title, lines };
}

/** @param {Model} model */
function legendOf(model) {
  const types = new Set(model.bands.map((band) => band.type));
  const order = /** @type {const} */ (["BATTERY_RESERVE", "REGULAR", "IMMEDIATE_START"]);
  const items = order
    .filter((type) => types.has(type))
    .map((type) => ({ look: type, text: blockNames[type] }));
  return [
    ...(items.length ? items : [{ look: "bar", text: "Power" }]),
    ...(model.bands.some((band) => band.planned) ? [{ look: "planned", text: "Planned" }] : []),
    ...(model.power.length > 1 && model.end - model.start < 20 * 900_000
      ? [{ look: "power", text: "Measured" }]
      : []),
    ...(model.levels.length ? [{ look: "level", text: "Battery" }] : []),
  ];
}

/** @param {Model} model */
function summary(model) {
  const bars = model.bars.length;
  return `Power per quarter-hour from ${time(model.bars[0].from, now(), true)} to ${time(model.until, now(), true)}: ${bars} intervals, at most ${kw(model.maxKw)} kW. Arrow keys move through them, plus and minus zoom, 0 shows all.`;
}

/**
 * @param {{id: string, timeline: Timeline | null, error: Error | null,
 *   retry: () => void, target: Target | null, live: boolean,
 *   endedAt: string | null, capacity: number | null, waiting: string}} props
 *   `waiting`: what to say while nothing was measured
 */
export function TimelineCard({
  id,
  timeline,
  error,
  retry,
  target,
  live,
  endedAt,
  capacity,
  waiting,
}) {
  const minute = Math.floor(now() / 60_000);
  const model = useMemo(
    () => timeline && makeModel({ timeline, target, live, endedAt, capacity, now: now() }),
    [timeline, target, live, endedAt, capacity, live ? minute : 0],
  );
  const [csv, setCsv] = useState("CSV");
  const save = () => {
    setCsv("CSV…");
    download(`/v1/sessions/${id}/timeline.csv`, `timeline-${id}.csv`).then(
      () => setCsv("CSV"),
      () => setCsv("CSV: try again"),
    );
  };
  return html`<section class="panel" aria-labelledby="timeline-title">
    <div class="panel-head">
      <h2 id="timeline-title">Timeline</h2>
      ${model && html`<ul class="legend">${legendOf(model).map(({ look, text }) => html`<li key=${look}><span class=${`swatch swatch-${look}`}></span>${text}</li>`)}</ul>`}
      <span class="muted head-note">kW per quarter-hour · ${zone}</span>
    </div>
    ${
      error && !timeline
        ? html`<${PartError} error=${error} retry=${retry} />`
        : !timeline
          ? html`<div class="bone bone-chart" aria-busy="true"></div>`
          : model
            ? html`<${Chart} model=${model} csv=${csv} save=${save} />
              <${TimelineTable} model=${model} />`
            : html`<p class="empty-part">${waiting}</p>`
    }
  </section>`;
}

/** @param {{model: Model, csv: string, save: () => void}} props */
function Chart({ model, csv, save }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const tip = useRef(/** @type {HTMLElement | null} */ (null));
  const chart = useRef(/** @type {ReturnType<typeof createChart> | null} */ (null));
  const latest = useRef(model);
  const at = useRef(-1);
  const [zoomed, setZoomed] = useState(false);
  const [spoken, setSpoken] = useState("");
  latest.current = model;

  useEffect(() => {
    const to = { zoom: setZoomed, cursor: showTip };
    chart.current = createChart(
      /** @type {HTMLCanvasElement} */ (canvas.current),
      latest.current,
      to,
    );
    return () => chart.current?.destroy();
  }, []);
  useEffect(() => chart.current?.update(model), [model]);

  /** @param {number | null} moment @param {number} x @param {number} y */
  function showTip(moment, x, y) {
    const box = tip.current;
    if (!box || !canvas.current) return;
    box.hidden = moment === null;
    if (moment === null) return;
    const { title, lines } = readingAt(latest.current, moment);
    const [head, ...rest] = box.children;
    head.textContent = title;
    rest[0].textContent = lines.join("\n");
    const right = x + box.offsetWidth + 16 > canvas.current.clientWidth;
    const left = Math.max(0, right ? x - box.offsetWidth - 12 : x + 12);
    box.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(8, Math.min(150, y - 20)))}px)`;
  }

  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    const { bars } = latest.current;
    const step = /** @type {Record<string, number>} */ ({
      ArrowLeft: -1,
      ArrowRight: 1,
      PageUp: -4,
      PageDown: 4,
      Home: -Infinity,
      End: Infinity,
    })[event.key];
    if (step !== undefined) {
      at.current = Math.max(
        0,
        Math.min(bars.length - 1, (at.current < 0 ? bars.length : at.current) + step),
      );
      const bar = bars[at.current];
      const moment = (bar.from + bar.to) / 2;
      chart.current?.point(moment);
      const { title, lines } = readingAt(latest.current, moment);
      setSpoken([title, ...lines].join(", "));
    } else if (event.key === "+" || event.key === "=") chart.current?.zoom(0.5);
    else if (event.key === "-") chart.current?.zoom(2);
    else if (event.key === "0") chart.current?.reset();
    else if (event.key === "Escape") chart.current?.blur();
    else return;
    event.preventDefault();
  };

  return html`<div class="chart" role="group" aria-label=${summary(model)} tabindex="0" onKeyDown=${onKey} onBlur=${() => chart.current?.blur()}>
      <canvas ref=${canvas}></canvas>
      <div class="tip" ref=${tip} hidden aria-hidden="true"><b></b><span></span></div>
      <span class="unseen" aria-live="polite">${spoken}</span>
    </div>
    <div class="chart-tools">
      <button class="button small" onClick=${() => chart.current?.zoom(0.5)} aria-label="Zoom in">+</button>
      <button class="button small" onClick=${() => chart.current?.zoom(2)} aria-label="Zoom out" disabled=${!zoomed}>−</button>
      <button class="button small" onClick=${() => chart.current?.reset()} disabled=${!zoomed}>All</button>
      <span class="muted drag-hint">Drag in the chart to zoom</span>
      <button class="button small" onClick=${save} title="Save this timeline as a CSV file">${csv}</button>
    </div>`;
}
