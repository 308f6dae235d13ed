// The strip of figures above the list; each leads to its sessions.

import { html } from "../vendor/htm-preact.js";
import { count, kwh, number } from "../format.js";
import { listPath } from "../filters.js";

/**
 * @param {{statistics: Statistics | null, filters: import("../filters.js").Filters}} props
 */
export function StatisticsStrip({ statistics, filters }) {
  const none = { ...filters, state: "all", range: "all", from: "", to: "", q: "" };
  const week = listPath(none, { range: "7d" });
  const figures = [
    {
      name: "Active now",
      value: count(statistics?.activeNow),
      unit: "",
      to: listPath(none, { state: "live" }),
    },
    {
      name: "Sessions today",
      value: count(statistics?.sessionsToday),
      unit: "",
      to: listPath(none, { range: "today" }),
    },
    { name: "Energy, 7 days", value: number(statistics?.kwhLast7Days, 0), unit: "kWh", to: week },
    {
      name: "Per session, 7 days",
      value: kwh(statistics?.meanKwhLast7Days),
      unit: statistics?.meanKwhLast7Days == null ? "" : "kWh",
      to: week,
    },
  ];
  return html`<section class="panel figures" aria-label="Statistics" aria-busy=${!statistics}>
    ${figures.map(
      ({ name, value, unit, to }) => html`<a class="figure" href=${to} key=${name}>
        <span class="label">${name}</span>
        ${
          statistics
            ? html`<span class="value">${value}${unit && html` <small>${unit}</small>`}</span>`
            : html`<span class="value bone" aria-hidden="true"> </span>`
        }
      </a>`,
    )}
  </section>`;
}
