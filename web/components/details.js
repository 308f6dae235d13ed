// All fields of a session, its meter readings and notes, and its raw JSON to copy.

import { html, useState } from "../vendor/htm-preact.js";
import { clockSeconds, count, fullTime, kw, kwhExact, shortDay } from "../format.js";
import { Notes } from "./parts.js";

const rows = 100;

/**
 * @param {{ocpi: {text: string, session: OcpiSession} | null, status: Status, view: View | null,
 *   timeline: Timeline | null, notes: string[], operator: boolean}} props
 */
export function Details({ ocpi, status, view, timeline, notes, operator }) {
  const events = timeline?.meterEvents ?? [];
  return html`<section class="panel" aria-labelledby="details-title">
    <div class="panel-head"><h2 id="details-title">Details</h2></div>
    <${Notes} notes=${notes} />
    ${
      ocpi &&
      html`<details class="more">
        <summary>The session as its charge point operator has sent it</summary>
        <${Fields} value=${ocpi.session} />
      </details>`
    }
    <details class="more">
      <summary>What this server makes of it</summary>
      <${Fields} value=${{ ...status, state: view?.state, target: view?.target.latest, outcome: view?.outcome.latest }} />
    </details>
    ${events.length > 0 && html`<${MeterEvents} events=${events} />`}
    ${operator && ocpi && html`<${Raw} text=${ocpi.text} />`}
  </section>`;
}

/** @param {unknown} value @param {string} name @returns {[string, string][]} */
function flatten(value, name = "") {
  if (value === undefined) return [];
  if (value === null || typeof value !== "object") return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, each]) =>
    flatten(each, name ? `${name}.${key}` : key),
  );
}

/** A value: times as people read them, with the exact text beside. @param {string} text */
function shown(text) {
  if (text === "null") return html`<span class="muted">null</span>`;
  if (!/^\d{4}-\d\d-\d\dT/.test(text)) return text;
  return html`<time datetime=${text} title=${text}>${fullTime(text)}</time>`;
}

const maxFields = 400;

/** @param {{value: object}} props */
function Fields({ value }) {
  const fields = flatten(value);
  return html`<dl class="fields">
    ${fields.slice(0, maxFields).map(([name, text]) => html`<div key=${name}><dt>${name}</dt><dd>${shown(text)}</dd></div>`)}
  </dl>
  ${fields.length > maxFields && html`<p class="muted">And ${count(fields.length - maxFields)} more.</p>`}`;
}

/** @param {{events: MeterEvent[]}} props */
function MeterEvents({ events }) {
  const [open, setOpen] = useState(false);
  const [most, setMost] = useState(rows);
  const cell = (/** @type {string} */ text) => html`<td class="number">${text}</td>`;
  return html`<details class="more" onToggle=${(/** @type {any} */ event) => setOpen(event.target.open)}>
    <summary>Meter readings · ${count(events.length)}</summary>
    ${
      open &&
      html`<div class="scroll" tabindex="0" role="region" aria-label="Meter readings">
      <table class="figures-table">
        <caption class="unseen">Meter readings</caption>
        <thead><tr>
          <th scope="col">Time</th>
          <th scope="col" class="number">kWh</th>
          <th scope="col" class="number">kW</th>
          <th scope="col">Context</th>
        </tr></thead>
        <tbody>${events.slice(0, most).map(
          (each, i) => html`<tr key=${i}>
            <th scope="row">${shortDay(each.at)}, ${clockSeconds(each.at)}</th>
            ${cell(each.kwh === null ? "" : kwhExact(each.kwh))}
            ${cell(each.kw === null ? "" : kw(each.kw))}
            <td>${each.context}</td>
          </tr>`,
        )}</tbody>
      </table>
    </div>`
    }
    ${
      open &&
      events.length > most &&
      html`<p><button class="button small" onClick=${() => setMost(most + 1000)}>Show more</button></p>`
    }
  </details>`;
}

/** The Session as it is stored, to the letter. @param {{text: string}} props */
function Raw({ text }) {
  const [open, setOpen] = useState(false);
  const [copied, setCopied] = useState("Copy");
  const copy = () =>
    navigator.clipboard?.writeText(text).then(
      () => setCopied("Copied"),
      () => setCopied("Select and copy"),
    ) ?? setCopied("Select and copy");
  return html`<details class="more" onToggle=${(/** @type {any} */ event) => setOpen(event.target.open)}>
    <summary>JSON</summary>
    ${
      open &&
      html`<p><button class="button small" onClick=${copy}>${copied}</button></p>
      <pre class="code" tabindex="0">${text}</pre>`
    }
  </details>`;
}
