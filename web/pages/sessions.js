// The list of sessions.

import { html, useEffect, useRef } from "../vendor/htm-preact.js";
import { get } from "../api.js";
import { learnFromStatus, now } from "../clock.js";
import { FilterBar } from "../components/filter_bar.js";
import { SessionCards, SessionTable } from "../components/session_rows.js";
import { StatisticsStrip } from "../components/statistics.js";
import { apiQuery, isFiltered, listPath, readFilters } from "../filters.js";
import { zone } from "../format.js";
import { useMedia, useResource, useTick } from "../hooks.js";
import { useStream } from "../live.js";

const pageSize = 50;

/** `/` to the search, j and k through the rows; Enter is the link's own. @param {KeyboardEvent} event */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
  if (event.key === "/") {
    event.preventDefault();
    const search = /** @type {HTMLInputElement | null} */ (document.getElementById("search"));
    search?.focus();
    search?.select();
  } else if (event.key === "j" || event.key === "k") {
    const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-row]")]);
    const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const next =
      at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)));
    rows[next]?.focus();
    rows[next]?.scrollIntoView({ block: "nearest" });
  }
}

/** @param {{me: Me | null, place: import("../router.js").Place}} props */
export default function Sessions({ me, place }) {
  const filters = readFilters(place.query);
  const query = apiQuery(filters, now());
  const narrow = useMedia("(max-width: 699px)");
  useTick(15_000);

  const paged = new URLSearchParams(query);
  if (filters.after) paged.set("after", filters.after);
  else if (filters.before) paged.set("before", filters.before);
  paged.set("pageSize", String(pageSize));
  const list = useResource(
    String(paged),
    async (signal) => {
      /** @type {StatusPage} */
      const page = await get(`/v1/statuses?${paged}`, { signal });
      page.data.forEach(learnFromStatus);
      return page;
    },
    2000,
  );
  const statistics = useResource(
    String(query),
    (signal) => /** @type {Promise<Statistics>} */ (get(`/v1/statistics?${query}`, { signal })),
    5000,
  );
  const attentionQuery = new URLSearchParams(query);
  attentionQuery.set("state", "attention");
  const attention = useResource(
    String(attentionQuery),
    (signal) =>
      /** @type {Promise<Statistics>} */ (get(`/v1/statistics?${attentionQuery}`, { signal })),
    15_000,
  );

  const connected = useStream("/v1/events", {
    open() {
      list.reload();
      statistics.reload();
    },
    event(status) {
      const known = list.data?.data.find((row) => row.id === status.id);
      const turned =
        known &&
        (known.status !== status.status ||
          known.awaitingFinalReading !== status.awaitingFinalReading);
      if (known) {
        list.set((page) => ({
          ...page,
          data: page.data.map((row) =>
            row.id === status.id ? { ...row, ...status, fresh: true } : row,
          ),
        }));
      }
      // What else there is on this page only the server can tell.
      if (turned || (!known && !filters.after && !filters.before)) list.reload();
      if (turned) attention.reload();
      statistics.reload();
    },
  });

  useEffect(() => {
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  // While other filters load, the rows of the last ones stay, dimmed.
  const last = useRef(list.data);
  if (list.data) last.current = list.data;
  const shown = list.data ?? (list.error ? null : last.current);
  const lastStatistics = useRef(statistics.data);
  if (statistics.data) lastStatistics.current = statistics.data;
  const rows = shown?.data ?? [];
  const Rows = narrow ? SessionCards : SessionTable;

  return html`<main class="page" id="main" tabindex="-1">
    <h1 class="unseen">Sessions</h1>
    <${StatisticsStrip} statistics=${lastStatistics.current} filters=${filters} />
    <${FilterBar} filters=${filters} attention=${attention.data?.totals.sessions ?? null} csv=${String(query)} />
    ${
      list.error && !list.data
        ? html`<div class="panel empty" role="alert">
          <h2>The sessions cannot be shown</h2>
          <p>${list.error.message}</p>
          <p><button class="button" onClick=${list.reload}>Try again</button></p>
        </div>`
        : !shown
          ? html`<${Bones} />`
          : rows.length
            ? html`<div class=${narrow ? "" : "panel flush"}>
              <${Rows} rows=${rows} statistics=${statistics.data} dim=${!list.data} />
            </div>`
            : html`<${Empty} filters=${filters} me=${me} />`
    }
    <footer class="list-foot muted">
      <span>Times in ${zone}</span>
      <span class="state" role="status">${connected ? "" : "Reconnecting; figures may be old"}</span>
      ${
        shown &&
        (shown.pagination.before || shown.pagination.after) &&
        html`<nav class="pager" aria-label="Pages of the list">
        <${Turn} to=${shown.pagination.before && listPath(filters, { before: shown.pagination.before })} text="Newer" rel="prev" />
        <${Turn} to=${shown.pagination.after && listPath(filters, { after: shown.pagination.after })} text="Older" rel="next" />
      </nav>`
      }
    </footer>
  </main>`;
}

/** @param {{to: string | null, text: string, rel: string}} props */
const Turn = ({ to, text, rel }) =>
  to
    ? html`<a class="button" href=${to} rel=${rel}>${text}</a>`
    : html`<span class="button off" aria-disabled="true">${text}</span>`;

const Bones = () => html`<div class="panel" aria-busy="true" aria-label="Loading">
  ${[0, 1, 2, 3, 4, 5, 6, 7].map((each) => html`<div class="bone bone-row" key=${each}></div>`)}
</div>`;

/** @param {{filters: import("../filters.js").Filters, me: Me | null}} props */
function Empty({ filters, me }) {
  if (isFiltered(filters)) {
    const attention = filters.state === "attention" && !filters.q;
    return html`<div class="panel empty">
      <h2>${attention ? "Nothing needs attention" : "No session matches"}</h2>
      <p>${
        attention
          ? "Every session in progress reports regularly, and none waits for its final reading."
          : filters.q
            ? "The search looks at ids, locations, EVSEs, contracts and tokens, in the days and the status chosen above."
            : "There is none with this status that changed in these days."
      }</p>
      <p><a class="button" href="/sessions">Show all sessions</a></p>
    </div>`;
  }
  return html`<div class="panel empty">
    <h2>No sessions yet</h2>
    ${
      me?.kind === "driver"
        ? html`<p>${
            me.contracts?.length
              ? `Your sessions appear here as soon as you charge with ${me.contracts.join(" or ")}.`
              : "No contract belongs to your token yet. Whoever gave it to you can add one."
          }</p>`
        : html`<p>Sessions appear here as soon as a charge point operator sends one, without a reload. To send one by hand:</p>
          <pre class="code" tabindex="0">curl -X PUT ${location.origin}/ocpi/emsp/2.3.0/sessions/ES/ABC/SESS001 \\
  -H 'Authorization: Token …' -d @session.json</pre>`
    }
  </div>`;
}
