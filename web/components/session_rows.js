// The sessions of the list: a table, and cards where it is narrow.

import { html } from "../vendor/htm-preact.js";
import { now } from "../clock.js";
import { ago, amount, count, duration, fullTime, instant, kw, kwh, none, time } from "../format.js";
import { sessionPath } from "../router.js";
import { badgeOf, chargerText } from "../words.js";
import { Badge } from "./badge.js";

/** @typedef {Status & {fresh?: boolean}} Row */

/** @param {Row} row */
export function seconds(row) {
  const start = instant(row.startedAt);
  if (row.isLive && row.status === "IN_PROGRESS" && start !== null) return (now() - start) / 1000;
  return row.durationSeconds;
}

/** @param {Row} row @param {boolean} [unit] */
function cost(row, unit = true) {
  if (!row.cost || row.cost.amount === null) return null;
  if (row.cost.coverage === "included") return "included";
  const text = amount(row.cost.amount, row.cost.currency);
  return `${row.cost.estimated ? "≈ " : ""}${text}${unit && row.cost.currency ? ` ${row.cost.currency}` : ""}`;
}

/** A number that changed lights up for a moment. @param {Row} row @param {string} text */
const changing = (row, text) =>
  html`<span key=${text} class=${row.fresh ? "tick" : null}>${text}</span>`;

/** @param {Row} row */
const updated = (row) => {
  const at = instant(row.lastUpdated);
  return at === null ? none : ago(at, now()).replace(/ ago$/, "");
};

/** @param {Row} row */
function start(row) {
  if (!row.startedAt) return null;
  return html`<time datetime=${row.startedAt} title=${fullTime(row.startedAt)}>${time(row.startedAt, now(), true)}</time>`;
}

/**
 * @typedef {{key: string, name: string, number?: boolean,
 *   cell: (row: Row) => any}} Column
 */

/** @param {string | null} currency of all rows, or null when they differ @returns {Column[]} */
const columns = (currency) => [
  { key: "start", name: "Start", cell: start },
  {
    key: "duration",
    name: "Duration",
    number: true,
    cell: (row) => (seconds(row) === null ? null : duration(seconds(row))),
  },
  { key: "charger", name: "Charger", cell: (row) => chargerText(row.charger) },
  { key: "contract", name: "Contract", cell: (row) => row.contractId ?? null },
  {
    key: "kwh",
    name: "kWh",
    number: true,
    cell: (row) => row.kwh !== null && changing(row, kwh(row.kwh)),
  },
  {
    key: "kw",
    name: "mean kW",
    number: true,
    cell: (row) => row.averageKw !== null && changing(row, kw(row.averageKw)),
  },
  {
    key: "cost",
    name: currency ? `Cost ${currency}` : "Cost",
    number: true,
    cell: (row) => {
      const text = cost(row, !currency);
      return text && changing(row, text);
    },
  },
];

/** @param {Row[]} rows */
export function commonCurrency(rows) {
  const found = new Set(rows.map((row) => row.cost?.currency).filter(Boolean));
  return found.size === 1 ? /** @type {string} */ ([...found][0]) : null;
}

/** @param {{totals: Statistics["totals"]}} props */
export const totalsText = ({ totals }) => ({
  sessions: `${count(totals.sessions)} ${totals.sessions === 1 ? "session" : "sessions"}`,
  kwh: kwh(totals.kwh),
  costs: totals.costs.map((each) => `${amount(each.amount, each.currency)} ${each.currency}`),
});

/** @param {Column} column */
const classOf = (column) => `${column.number ? "number " : ""}col-${column.key}`;

/** @param {Row} row */
const staleMark = (row) =>
  row.stale && html`<span class="warn-mark" title="No update for more than 30 minutes">!</span> `;

/** What a screen reader says of a row's link. @param {Row} row */
function nameOf(row) {
  const place = chargerText(row.charger) ?? row.id;
  const since = row.startedAt ? `, ${time(row.startedAt, now(), true)}` : "";
  return `${badgeOf(row).text}: ${place}${since}`;
}

/** @param {{column: Column, row: Row}} props */
function Cell({ column, row }) {
  const content = column.cell(row) || html`<span class="muted">–</span>`;
  const title = typeof content === "string" ? content : undefined;
  return html`<td class=${classOf(column)} title=${title}>${content}</td>`;
}

/** @param {{rows: Row[], statistics: Statistics | null, dim: boolean}} props */
export function SessionTable({ rows, statistics, dim }) {
  const currency = commonCurrency(rows);
  const shown = columns(currency).filter((column) => rows.some((row) => column.cell(row)));
  const totals = statistics && totalsText(statistics);
  // The head names the currency when there is only one.
  const bare = currency && totals?.costs.length === 1;
  const costs = totals?.costs.map((text) => (bare ? text.replace(/ \S+$/, "") : text));
  const total = (/** @type {string} */ key) =>
    key === "kwh"
      ? totals?.kwh
      : key === "cost" && costs?.map((text) => html`<span class="line">${text}</span>`);
  const hasCost = shown.some((column) => column.key === "cost");
  return html`<table class=${dim ? "sessions dim" : "sessions"}>
    <caption class="unseen">Sessions, the one that changed last first</caption>
    <thead><tr>
      <th scope="col" class="col-status">Status</th>
      ${shown.map((each) => html`<th scope="col" key=${each.key} class=${classOf(each)}>${each.name}</th>`)}
      <th scope="col" class="number col-updated">Updated</th>
    </tr></thead>
    <tbody>
      ${rows.map(
        (row) => html`<tr key=${row.id}>
          <td>
            <a class="row-link" data-row href=${sessionPath(row.id)} aria-label=${nameOf(row)}>
              <${Badge} status=${row} />
            </a>
          </td>
          ${shown.map((column) => html`<${Cell} key=${column.key} column=${column} row=${row} />`)}
          <td class="number muted">${staleMark(row)}${updated(row)}</td>
        </tr>`,
      )}
    </tbody>
    <tfoot><tr>
      <td>${totals ? totals.sessions : html`<span class="bone bone-text"></span>`}</td>
      ${shown.map((each) => html`<td key=${each.key} class=${classOf(each)}>${total(each.key)}</td>`)}
      <td class="number">${!hasCost && totals?.costs.join(", ")}</td>
    </tr></tfoot>
  </table>`;
}

/** @param {{row: Row}} props */
function Card({ row }) {
  const price = cost(row);
  const charger = chargerText(row.charger);
  const more = [
    seconds(row) === null ? "" : `${duration(seconds(row))} h`,
    row.averageKw === null ? "" : `${kw(row.averageKw)} kW`,
  ].filter(Boolean);
  return html`<a class="card" data-row href=${sessionPath(row.id)}>
    <span class="card-head">
      <${Badge} status=${row} />
      <span class="muted">${staleMark(row)}${start(row)}</span>
    </span>
    <span class="card-main">
      <b>${changing(row, kwh(row.kwh))} <small>kWh</small></b>
      ${price && html`<b>${changing(row, price)}</b>`}
    </span>
    <span class="card-more">
      ${charger && html`<span class="clip">${charger}</span>`}
      <span class="muted">${more.join(" · ")}</span>
    </span>
    ${row.contractId && html`<span class="card-contract muted clip">${row.contractId}</span>`}
  </a>`;
}

/** @param {Parameters<typeof SessionTable>[0]} props */
export function SessionCards({ rows, statistics, dim }) {
  const totals = statistics && totalsText(statistics);
  return html`<ul class=${dim ? "cards dim" : "cards"}>
    ${rows.map((row) => html`<li key=${row.id}><${Card} row=${row} /></li>`)}
    ${
      totals &&
      html`<li class="card-totals">
      <b>${totals.sessions}</b>
      <span>${[`${totals.kwh} kWh`, ...totals.costs].join(" · ")}</span>
    </li>`
    }
  </ul>`;
}
