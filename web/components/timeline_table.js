// The numbers of the timeline as a table, a day or so at a time.

import { html, useState } from "../vendor/htm-preact.js";
import { clock, kw, kwhExact, percent, shortDay } from "../format.js";
import { levelAt } from "../timeline_model.js";
import { blockNames } from "../words.js";

const rows = 96; // a day of quarter-hours

/** @param {{model: import("../timeline_model.js").Model}} props */
export function TimelineTable({ model }) {
  const [open, setOpen] = useState(false);
  const [page, setPage] = useState(0);
  const pages = Math.ceil(model.bars.length / rows);
  const at = Math.min(page, pages - 1);
  return html`<details class="more" onToggle=${(/** @type {any} */ event) => setOpen(event.target.open)}>
    <summary>Table of the timeline</summary>
    ${open && html`<${Rows} model=${model} bars=${model.bars.slice(at * rows, (at + 1) * rows)} />`}
    ${
      open &&
      pages > 1 &&
      html`<div class="pager">
      <button class="button small" disabled=${at === 0} onClick=${() => setPage(at - 1)}>Earlier</button>
      <span class="muted">${at + 1} of ${pages}</span>
      <button class="button small" disabled=${at === pages - 1} onClick=${() => setPage(at + 1)}>Later</button>
    </div>`
    }
  </details>`;
}

/**
 * @param {{model: import("../timeline_model.js").Model,
 *   bars: import("../timeline_model.js").Bar[]}} props
 */
function Rows({ model, bars }) {
  const hasLevels = model.levels.length > 0;
  const planned = model.bands.filter((band) => band.planned);
  const cell = (/** @type {string} */ text) => html`<td class="number">${text}</td>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of the timeline"><table class="figures-table">
      <caption class="unseen">Energy and power per quarter-hour</caption>
      <thead><tr>
        <th scope="col">Time</th><th scope="col" class="number">kW</th><th scope="col" class="number">kWh</th>
        ${hasLevels && html`<th scope="col" class="number">Battery</th>`}<th scope="col">Block</th>
      </tr></thead>
      <tbody>
        ${bars.map((bar) => {
          const level = levelAt(model.levels, bar.to);
          return html`<tr key=${bar.from}>
            <th scope="row">${shortDay(bar.from)}, ${clock(bar.from)}–${clock(bar.to)}</th>
            ${cell(kw(bar.kw))}${cell(kwhExact(bar.kwh))}
            ${hasLevels && cell(level === null ? "" : percent(level))}
            <td>${bar.type ? (blockNames[bar.type] ?? bar.type) : ""}</td>
          </tr>`;
        })}
        ${planned.map(
          (band) => html`<tr key=${`p${band.from}`}>
            <th scope="row">${shortDay(band.from)}, ${clock(band.from)}–${clock(band.to)}</th>
            ${cell("")}${cell(kwhExact(band.kwh))}${hasLevels && cell("")}
            <td>${blockNames[band.type] ?? band.type}, planned</td>
          </tr>`,
        )}
      </tbody>
    </table></div>`;
}
