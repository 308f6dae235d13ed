// Filters of the list, the search and the export.

import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { download } from "../api.js";
import { listPath, rangeChoices, stateChoices } from "../filters.js";
import { count } from "../format.js";
import { announce } from "../hooks.js";
import { go } from "../router.js";

/**
 * @param {{filters: import("../filters.js").Filters, attention: number | null,
 *   csv: string}} props `csv` is the query of the export
 */
export function FilterBar({ filters, attention, csv }) {
  const custom = Boolean(filters.from || filters.to);
  const [dates, setDates] = useState(custom);
  const showsDates = dates || custom;
  const bar = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    // On a phone the chips scroll sideways: the chosen ones are brought into view.
    for (const chosen of bar.current?.querySelectorAll("[aria-current]") ?? []) {
      const row = /** @type {HTMLElement} */ (chosen.parentElement);
      row.scrollLeft = /** @type {HTMLElement} */ (chosen).offsetLeft - row.offsetLeft - 48;
    }
  }, [filters.state, filters.range, custom]);
  /** @param {string} name @param {[string, string][]} choices @param {string} label */
  const chips = (name, choices, label) => html`<div class="chips" role="group" aria-label=${label}>
    ${choices.map(([value, text]) => {
      const chosen =
        filters[/** @type {"state" | "range"} */ (name)] === value && !(name === "range" && custom);
      const number = value === "attention" && attention ? attention : 0;
      return html`<a class=${`chip ${number ? "chip-warn" : ""}`} key=${value} href=${listPath(filters, { [name]: value })}
        onClick=${() => name === "range" && setDates(false)}
        aria-current=${chosen ? "true" : null}>${text}${number ? html` <b>${count(number)}</b>` : ""}</a>`;
    })}
    ${
      name === "range" &&
      html`<button class="chip" aria-expanded=${showsDates} onClick=${() => setDates(!showsDates)}
      aria-current=${custom ? "true" : null}>Dates…</button>`
    }
  </div>`;

  return html`<div class="bar">
    <div class="bar-filters" ref=${bar}>
      ${chips("state", stateChoices, "Status")}
      ${chips("range", rangeChoices, "Last update")}
    </div>
    <div class="bar-tools">
      <${Search} filters=${filters} />
      <${Export} csv=${csv} />
    </div>
    ${
      showsDates &&
      html`<div class="dates">
      ${["from", "to"].map(
        (name) => html`<label key=${name}>${name === "from" ? "From" : "To"}
          <input type="date" value=${filters[/** @type {"from" | "to"} */ (name)]}
            onChange=${(/** @type {any} */ event) => {
              const keep = { from: filters.from, to: filters.to, [name]: event.target.value };
              go(listPath({ ...filters, range: "all", ...keep }, {}), { replace: true });
            }} /></label>`,
      )}
      <span class="muted">days of the last update, both included</span>
    </div>`
    }
  </div>`;
}

/** @param {{filters: import("../filters.js").Filters}} props */
function Search({ filters }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const timer = useRef(0);
  /** @param {string} q @param {number} wait */
  const search = (q, wait) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(
      () => go(listPath(filters, { q: q.trim() }), { replace: true }),
      wait,
    );
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (field.current && document.activeElement !== field.current) field.current.value = filters.q;
  }, [filters.q]);
  return html`<form class="search" role="search" onSubmit=${(/** @type {Event} */ event) => {
    event.preventDefault();
    search(field.current?.value ?? "", 0);
  }}>
    <input ref=${field} id="search" type="search" placeholder="Search id, place, contract…" aria-label="Search sessions by id, location, EVSE, contract or token"
      aria-keyshortcuts="/" autocomplete="off" spellcheck=${false} maxlength="100"
      onInput=${(/** @type {any} */ event) => search(event.target.value, 300)}
      onKeyDown=${(/** @type {any} */ event) => event.key === "Escape" && event.target.blur()} />
    <kbd aria-hidden="true">/</kbd>
  </form>`;
}

/** @param {{csv: string}} props */
function Export({ csv }) {
  const [state, setState] = useState(/** @type {"" | "busy" | "failed"} */ (""));
  const save = async () => {
    setState("busy");
    announce("Preparing the CSV file");
    try {
      await download(`/v1/sessions.csv?${csv}`, "sessions.csv");
      setState("");
      announce("The CSV file is saved");
    } catch {
      setState("failed");
      announce("The CSV file could not be made");
    }
  };
  return html`<button class="button" onClick=${save} disabled=${state === "busy"}
    title=${state === "failed" ? "That failed. Press to try again." : "Save these sessions as a CSV file"}>
    ${state === "busy" ? "CSV…" : state === "failed" ? "CSV: try again" : "CSV"}
  </button>`;
}
