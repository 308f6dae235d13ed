// The big figures of a session: the live card while it is live, tiles with the totals afterwards.
// A figure that is unknown is left out.

import { html } from "../vendor/htm-preact.js";
import { now } from "../clock.js";
import { amount, duration, instant, isNumber, kw, kwh, number, percent, time } from "../format.js";
import { useTick } from "../hooks.js";
import { coverageText } from "../words.js";
import { Facts } from "./parts.js";

/**
 * @typedef {{status: Status, times: {started: string | null, ended: string | null},
 *   battery: {from: number | null, to: number | null},
 *   timeline: Timeline | null, target: Target | null}} Facts
 */

/** @param {{name: string, value: any, unit?: string, note?: any, children?: any}} props */
const Figure = ({ name, value, unit, note, children }) => html`<div class="figure">
  <dt class="label">${name}${note && html`<span class="note">${note}</span>`}</dt>
  <dd><span class="value">${value}${unit && html` <small>${unit}</small>`}</span>${children}</dd>
</div>`;

/** @param {{started: string, seconds: number | null}} props */
function Elapsed({ started }) {
  useTick(1000);
  const seconds = (now() - (instant(started) ?? now())) / 1000;
  return html`<${Figure} name="Elapsed" value=${duration(seconds, true)} unit="h" />`;
}

/** A battery: its level, the reserve and the target. @param {{level: number, target: Target | null}} props */
function Battery({ level, target }) {
  const at = (/** @type {number} */ value) => Math.max(0, Math.min(100, value));
  const mark = (/** @type {number} */ value, /** @type {string} */ look) =>
    html`<rect class=${`battery-mark ${look}`} x=${at(value) - 0.5} width="1" height="8" />`;
  return html`<svg class="battery" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="battery-ground" width="100" height="8" />
    <rect class="battery-level" width=${at(level)} height="8" />
    ${isNumber(target?.batteryReserve) && mark(Number(target?.batteryReserve), "reserve")}
    ${target && mark(target.minimumChargeTarget, "")}
  </svg>`;
}

/** @param {Status["cost"]} cost */
function costFigure(cost) {
  if (!cost || cost.coverage === "unknown" || cost.amount === null) return null;
  const value =
    cost.coverage === "included"
      ? "Included"
      : `${cost.estimated ? "≈ " : ""}${amount(cost.amount, cost.currency)}`;
  return { value, unit: cost.coverage === "included" ? "" : (cost.currency ?? "") };
}

/** @param {Facts} props */
export function LiveCard({ status, times, battery, target }) {
  const cost = costFigure(status.cost);
  const going = status.status === "IN_PROGRESS";
  const { charger } = status;
  const facts = /** @type {[string, any][]} */ ([
    ["Location", charger?.locationId],
    ["EVSE", charger?.evseUid],
    ["Connector", charger?.connectorId],
    [going ? "Plugged in" : "Expected", times.started && time(times.started, now(), true)],
    ["Contract", status.contractId],
  ]);
  const figures =
    going &&
    (times.started ||
      cost ||
      [status.kwh, status.liveKw, battery.to].some((each) => each !== null));
  if (!figures && !facts.some(([, value]) => value)) return null;
  return html`<section class="panel live-card" aria-label="Live">
    ${
      figures &&
      html`<dl class="figures">
      ${status.kwh !== null && html`<${Figure} name="Energy" value=${kwh(status.kwh)} unit="kWh" />`}
      ${status.liveKw !== null && html`<${Figure} name="Power now" value=${kw(status.liveKw)} unit="kW" />`}
      ${times.started && html`<${Elapsed} started=${times.started} />`}
      ${
        battery.to !== null &&
        html`<${Figure} name="Battery" value=${number(battery.to, 0)} unit="%"
        note=${battery.from !== null && battery.from !== battery.to ? `from ${percent(battery.from)}` : null}>
        <${Battery} level=${battery.to} target=${target} />
      <//>`
      }
      ${cost && html`<${Figure} name="Cost so far" ...${cost} />`}
    </dl>`
    }
    <${Facts} facts=${facts} />
  </section>`;
}

/** Seconds in which energy flowed. @param {Timeline} timeline @param {number} end */
function chargingSeconds({ blocks, timeseries }, end) {
  let sum = 0;
  if (blocks.length) {
    for (const block of blocks)
      sum += Math.max(0, Math.min(end, instant(block.endAt) ?? 0) - (instant(block.startAt) ?? 0));
  } else {
    timeseries.forEach((each, i) => {
      const from = instant(each.startAt) ?? 0;
      const to = instant(timeseries[i + 1]?.startAt) ?? end;
      if (each.kwh > 0) sum += Math.max(0, to - from);
    });
  }
  return sum / 1000;
}

/** @param {Facts} props */
export function Tiles({ status, times, battery, timeline }) {
  const cost = costFigure(status.cost);
  const end = instant(times.ended);
  const charging = timeline && end !== null ? chargingSeconds(timeline, end) : null;
  const { charger } = status;
  const facts = /** @type {[string, any][]} */ ([
    ["Location", charger?.locationId],
    ["EVSE", charger?.evseUid],
    ["Connector", charger?.connectorId],
    ["Plugged in", times.started && time(times.started, now(), true)],
    ["Plugged out", times.ended && time(times.ended, now(), true)],
    ["Contract", status.contractId],
  ]);
  const span =
    battery.from === null || battery.from === battery.to
      ? number(battery.to, 0)
      : `${number(battery.from, 0)} → ${number(battery.to, 0)}`;
  const coverage = status.cost?.coverage === "included" ? null : coverageText(status.cost);
  return html`<section class="panel live-card" aria-label="Totals">
    <dl class="figures">
      ${status.kwh !== null && html`<${Figure} name="Energy" value=${kwh(status.kwh)} unit="kWh" />`}
      ${
        status.durationSeconds !== null &&
        html`<${Figure} name="Plugged in" value=${duration(status.durationSeconds)} unit="h"
        note=${charging ? `charging ${duration(charging)} h` : null} />`
      }
      ${
        cost
          ? html`<${Figure} name="Cost" ...${cost} note=${coverage} />`
          : html`<${Figure} name="Cost" value="–" note="no price known" />`
      }
      ${status.averageKw !== null && html`<${Figure} name="Mean power" value=${kw(status.averageKw)} unit="kW" />`}
      ${battery.to !== null && html`<${Figure} name="Battery" value=${span} unit="%" />`}
    </dl>
    <${Facts} facts=${facts} />
  </section>`;
}
