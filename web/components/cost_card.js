// What a session costs, part by part, and what the charge point operator says.

import { html } from "../vendor/htm-preact.js";
import { amount, clock, count, dayOfYear, isNumber, number, price, sum } from "../format.js";
import { Notes, PartError } from "./parts.js";

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
  const waiting = error
    ? html`<${PartError} error=${error} retry=${retry} />`
    : html`<div class="bone bone-panel" aria-busy="true"></div>`;
  return html`<section class="panel" aria-labelledby="cost-title">
    <div class="panel-head">
      <h2 id="cost-title">Cost</h2>
      ${note && html`<span class="muted head-note">${note}</span>`}
    </div>
    ${cost ? html`<${Breakdown} cost=${cost} live=${live} />` : waiting}
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
  const rows =
    cost.origin === "PLAN" && cost.plan
      ? planRows(cost.plan)
      : tariffRows(partsOf(cost.periods ?? []), cost);
  const total = cost.coverage === "unknown" ? null : cost.amount;
  return html`
    ${total === null && html`<${NoPrice} cost=${cost} live=${live} />`}
    ${
      (rows.length > 0 || total !== null) &&
      html`<table class="figures-table cost-table">
      <caption class="unseen">Parts of the cost</caption>
      <thead hidden=${!rows.length}><tr>
        <th scope="col">Part</th>
        <th scope="col" class="number volume">Volume</th>
        <th scope="col" class="number price">Price</th>
        <th scope="col" class="number">Amount</th>
      </tr></thead>
      <tbody>${rows}</tbody>
      ${
        total !== null &&
        html`<tfoot><tr>
        <th scope="row" colspan="3">Total${cost.coverage === "included" && ", included in the plan"}</th>
        <td class="number total">${cost.estimated && "≈ "}${amount(total, cost.currency)} ${cost.currency}</td>
      </tr></tfoot>`
      }
    </table>`
    }
    ${(total !== null || cost.cpo_total_cost) && html`<${Operator} cost=${cost} live=${live} />`}
    <${Notes} notes=${cost.notes} />`;
}

/** @param {{cost: any, live: boolean}} props */
const NoPrice = ({ cost, live }) => html`<p class="empty-part">
  No price is known for this session${live && " yet"}.${" "}
  ${
    cost.notes?.length
      ? "The notes say why."
      : "It needs a tariff, a driver plan, or the total cost of the charge point operator."
  }
</p>`;

/**
 * A row; volume and price are a line below the name where it is narrow.
 * @param {{name: any, volume: string, each: string | null, sum: string}} props
 */
const Row = ({ name, volume, each, sum }) => html`<tr>
  <th scope="row">${name}</th>
  <td class="number volume">${volume}</td>
  <td class="number price">${price(each)}</td>
  <td class="number">${sum}</td>
</tr>`;

/** @param {any} plan @returns {any[]} */
const planRows = (plan) =>
  plan.parts.map((/** @type {any} */ part, /** @type {number} */ i) => {
    const tier = part.tier === null ? "beyond the last tier" : `tier ${part.tier + 1}`;
    const bound = part.upToKwh ? ` up to ${number(part.upToKwh, 1)} kWh` : "";
    return html`<${Row} key=${i} name=${`${dayOfYear(part.periodStart)}, ${tier}${bound}`}
      volume=${`${number(part.kwh, 3, 1)} kWh`} each=${part.pricePerKwh} sum=${amount(part.amount, plan.currency)} />`;
  });

/** @param {Part} part @param {boolean} withTariff */
function partName(part, withTariff) {
  const name = `${names[part.type] ?? part.type}${part.fee && part.type !== "FLAT" ? " fee" : ""}`;
  const more = [
    part.fee ? "" : `from ${clock(part.from)}`,
    part.periods > 1 ? `${count(part.periods)} periods` : "",
    withTariff ? part.tariff : "",
  ].filter(Boolean);
  return html`${name} <span class="muted">${more.join(", ")}</span>`;
}

/** @param {Part[]} parts @param {any} cost @returns {any[]} */
function tariffRows(parts, cost) {
  const several = new Set(parts.map((part) => part.tariff)).size > 1;
  const currency = cost.tariff_currency;
  const rows = parts.slice(0, most).map((part, i) => {
    const unit = /ENERGY/.test(part.type) ? "kWh" : "h";
    const volume = part.fee ? "" : `${number(sum(part.volumes), 3, 1)} ${unit}`;
    return html`<${Row} key=${i} name=${partName(part, several)} volume=${volume} each=${part.price}
      sum=${amount(sum(part.amounts), currency)} />`;
  });
  if (parts.length > most) {
    const more = `and ${count(parts.length - most)} more parts`;
    rows.push(html`<tr key="more"><td colspan="4" class="muted">${more}</td></tr>`);
  }
  const taxes = (cost.taxes ?? []).map((/** @type {any} */ tax, /** @type {number} */ i) => {
    const rate = tax.percentage === null ? "" : ` ${number(tax.percentage, 2)} %`;
    return html`<tr key=${`tax${i}`}>
      <th scope="row" colspan="3">${tax.name}${rate}</th>
      <td class="number">${amount(tax.amount, currency)}</td>
    </tr>`;
  });
  return [...rows, ...taxes];
}

/** What the charge point operator states, beside ours. @param {{cost: any, live: boolean}} props */
function Operator({ cost, live }) {
  const said = cost.cpo_total_cost;
  if (!said) {
    const words = live ? "has stated no cost yet" : "states no cost";
    return html`<p class="operator muted">The charge point operator ${words}.</p>`;
  }
  const currency = cost.tariff_currency ?? cost.currency;
  const difference = said.difference_after_taxes ?? said.difference_before_taxes;
  const known = isNumber(difference);
  const differs = known && Number(difference) !== 0;
  const sign = Number(difference) > 0 ? "+" : "";
  return html`<div class=${differs ? "operator banner warn" : "operator"}>
    <p>
      The charge point operator states <b>${amount(said.after_taxes ?? said.before_taxes, currency)} ${currency}</b>
      ${said.after_taxes === null && " before taxes"}${!known && "."}${known && !differs && ", the same as ours."}
      ${differs && html`, <b>${sign}${number(difference, 4, 2)} ${currency}</b> against ours.`}
    </p>
    ${(differs || !known) && said.explanation && html`<p>${said.explanation}</p>`}
  </div>`;
}
