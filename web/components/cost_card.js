// What a session costs, part by part, and what the charge point operator says.

import { html } from "../vendor/htm-preact.js";
import { now } from "../clock.js";
import { amount, clock, count, isNumber, number, price, sum, time } from "../format.js";
import { PartError } from "./badge.js";

/** @type {Record<string, string>} */
const names = {
  ENERGY: "Energy",
  ENERGY_IMPORT: "Energy",
  TIME: "Charging time",
  PARKING_TIME: "Parking time",
  RESERVATION_TIME: "Reservation",
  RESERVATION: "Reservation",
  FLAT: "Start fee",
};

/** @typedef {{type: string, from: string, tariff: string | null, price: string | null,
 *   vat: string | null, volumes: string[], amounts: string[], fee: boolean, periods: number}} Part */

/**
 * Neighbouring periods at the same price are one part.
 * @param {any[]} periods @returns {Part[]}
 */
export function partsOf(periods) {
  /** @type {Part[]} */
  const parts = [];
  /** @type {Map<string, Part>} the last part of each dimension */
  const last = new Map();
  for (const period of periods) {
    for (const each of period.dimensions ?? []) {
      const part = last.get(each.type);
      const same =
        part &&
        !each.is_fee &&
        !part.fee &&
        part.price === (each.price ?? null) &&
        part.vat === (each.vat ?? null) &&
        part.tariff === (period.tariff_id ?? null);
      if (same) {
        part.volumes.push(each.billed_volume ?? "0");
        part.amounts.push(each.before_taxes ?? each.amount ?? "0");
        part.periods += 1;
        continue;
      }
      const made = {
        type: each.type,
        from: period.start_date_time,
        tariff: period.tariff_id ?? null,
        price: each.price ?? null,
        vat: each.vat ?? null,
        volumes: [each.billed_volume ?? "0"],
        amounts: [each.before_taxes ?? each.amount ?? "0"],
        fee: Boolean(each.is_fee),
        periods: 1,
      };
      parts.push(made);
      last.set(each.type, made);
    }
  }
  return parts.filter((part) => part.fee || Number(sum(part.volumes)) !== 0);
}

const most = 40;

/** @param {{cost: any, error: Error | null, retry: () => void, live: boolean}} props */
export function CostCard({ cost, error, retry, live }) {
  const note = cost && noteOf(cost);
  return html`<section class="panel" aria-labelledby="cost-title">
    <div class="panel-head"><h2 id="cost-title">Cost</h2>${note && html`<span class="muted head-note">${note}</span>`}</div>
    ${error && !cost ? html`<${PartError} error=${error} retry=${retry} />` : !cost ? html`<div class="bone bone-panel" aria-busy="true"></div>` : html`<${Breakdown} cost=${cost} live=${live} />`}
  </section>`;
}

/** @param {any} cost */
function noteOf(cost) {
  const tariffs = [
    ...new Set(
      (cost.periods ?? []).map((/** @type {any} */ each) => each.tariff_id).filter(Boolean),
    ),
  ];
  const from =
    cost.origin === "PLAN"
      ? `plan ${cost.plan?.id ?? ""}`
      : cost.origin === "TARIFF" && tariffs.length
        ? `${tariffs.length > 1 ? "tariffs" : "tariff"} ${tariffs.join(", ")}`
        : cost.origin === "TOTAL_COST"
          ? "as the charge point operator states it"
          : "";
  return [from, cost.estimated && cost.amount !== null ? "estimate" : ""]
    .filter(Boolean)
    .join(" · ");
}

/** @param {{cost: any, live: boolean}} props */
function Breakdown({ cost, live }) {
  const parts = partsOf(cost.periods ?? []);
  const planned = cost.origin === "PLAN" && cost.plan;
  const total = cost.coverage === "unknown" ? null : cost.amount;
  return html`
    ${
      total === null
        ? html`<p class="empty-part">${live ? "No price is known for this session yet." : "No price is known for this session."} ${cost.notes?.length ? "The notes say why." : "It needs a tariff, a driver plan, or the total cost of the charge point operator."}</p>`
        : ""
    }
    ${
      (planned ? cost.plan.parts.length : parts.length) > 0 || total !== null
        ? html`<table class="figures-table cost-table">
          <caption class="unseen">Parts of the cost</caption>
          <thead hidden=${!(planned ? cost.plan.parts.length : parts.length)}><tr><th scope="col">Part</th><th scope="col" class="number volume">Volume</th><th scope="col" class="number price">Price</th><th scope="col" class="number">Amount</th></tr></thead>
          <tbody>${planned ? planRows(cost.plan) : tariffRows(parts, cost)}</tbody>
          ${
            total !== null &&
            html`<tfoot><tr><th scope="row" colspan="3">${cost.coverage === "included" ? "Total, included in the plan" : "Total"}</th>
            <td class="number total">${cost.estimated ? "≈ " : ""}${amount(cost.amount, cost.currency)} ${cost.currency}</td></tr></tfoot>`
          }
        </table>`
        : ""
    }
    ${(total !== null || cost.cpo_total_cost) && html`<${Operator} cost=${cost} live=${live} />`}
    ${cost.notes?.length > 0 && html`<details class="more"><summary>Notes · ${count(cost.notes.length)}</summary><ul class="notes">${cost.notes.slice(0, 100).map((/** @type {string} */ text) => html`<li key=${text}>${text}</li>`)}</ul></details>`}`;
}

/** Two cells, which are lines where it is narrow. @param {string} volume @param {string | null} each */
const volumeAndPrice = (volume, each) =>
  html`<td class="number volume">${volume}</td><td class="number price">${price(each)}</td>`;

/** @param {any} plan */
const planRows = (plan) =>
  plan.parts.map(
    (/** @type {any} */ part, /** @type {number} */ i) => html`<tr key=${i}>
      <th scope="row">${time(part.periodStart, now()).replace(/,.*/, "")}${part.tier === null ? ", beyond the last tier" : `, tier ${part.tier + 1}`}${part.upToKwh ? ` up to ${number(part.upToKwh, 1)} kWh` : ""}</th>
      ${volumeAndPrice(`${number(part.kwh, 3, 1)} kWh`, part.pricePerKwh)}<td class="number">${amount(part.amount, plan.currency)}</td></tr>`,
  );

/** @param {Part[]} parts @param {any} cost */
function tariffRows(parts, cost) {
  const many = new Set(parts.map((part) => part.tariff)).size > 1;
  const rows = parts.slice(0, most).map(
    (part, i) => html`<tr key=${i}>
      <th scope="row">${names[part.type] ?? part.type}${part.fee && part.type !== "FLAT" ? " fee" : ""}${!part.fee && html` <span class="muted">from ${clock(part.from)}${part.periods > 1 ? `, ${count(part.periods)} periods` : ""}</span>`}${many && part.tariff ? html` <span class="muted">${part.tariff}</span>` : ""}</th>
      ${volumeAndPrice(part.fee ? "" : `${number(sum(part.volumes), 3, 1)} ${/ENERGY/.test(part.type) ? "kWh" : "h"}`, part.price)}
      <td class="number">${amount(sum(part.amounts), cost.tariff_currency)}</td></tr>`,
  );
  if (parts.length > most)
    rows.push(
      html`<tr key="more"><td colspan="4" class="muted">and ${count(parts.length - most)} more parts</td></tr>`,
    );
  const taxes = (cost.taxes ?? []).map(
    (
      /** @type {any} */ tax,
      /** @type {number} */ i,
    ) => html`<tr key=${`t${i}`}><th scope="row" colspan="3">${tax.name}${tax.percentage === null ? "" : ` ${number(tax.percentage, 2)} %`}</th>
      <td class="number">${amount(tax.amount, cost.tariff_currency)}</td></tr>`,
  );
  return [...rows, ...taxes];
}

/** @param {{cost: any, live: boolean}} props */
function Operator({ cost, live }) {
  const said = cost.cpo_total_cost;
  if (!said) {
    return html`<p class="operator muted">${live ? "The charge point operator has stated no cost yet." : "The charge point operator states no cost."}</p>`;
  }
  const currency = cost.tariff_currency ?? cost.currency;
  const gross = said.after_taxes ?? said.before_taxes;
  const difference = said.difference_after_taxes ?? said.difference_before_taxes;
  const differs = isNumber(difference) && Number(difference) !== 0;
  return html`<div class=${differs ? "operator banner warn" : "operator"}>
    <p>The charge point operator states <b>${amount(gross, currency)} ${currency}</b>${said.after_taxes === null ? " before taxes" : ""}${
      isNumber(difference)
        ? differs
          ? html`, <b>${Number(difference) > 0 ? "+" : ""}${number(difference, 4, 2)} ${currency}</b> against ours.`
          : ", the same as ours."
        : "."
    }</p>
    ${(differs || !isNumber(difference)) && said.explanation && html`<p>${said.explanation}</p>`}
  </div>`;
}
