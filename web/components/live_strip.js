// The strip under the header while one of the driver's sessions is live.

import { html } from "../vendor/htm-preact.js";
import { get } from "../api.js";
import { learnFromStatus, now } from "../clock.js";
import { amount, kwh, time } from "../format.js";
import { useResource, useTick } from "../hooks.js";
import { useStream } from "../live.js";
import { sessionPath } from "../router.js";
import { chargerText } from "../words.js";

export function LiveStrip() {
  const live = useResource("live", async (signal) => {
    /** @type {StatusPage} */
    const page = await get("/v1/statuses?state=live&pageSize=5", { signal });
    page.data.forEach(learnFromStatus);
    return page;
  });
  useStream("/v1/events", {
    open: live.reload,
    event(status) {
      const known = live.data?.data.some((each) => each.id === status.id);
      if (!known || !status.isLive) return live.reload();
      live.set((page) => ({
        ...page,
        data: page.data.map((each) => (each.id === status.id ? { ...each, ...status } : each)),
      }));
    },
  });
  useTick(60_000);

  const rows = live.data?.data ?? [];
  if (!rows.length) return null;
  const [status] = rows;
  const charger = chargerText(status.charger);
  return html`<a class="strip" href=${sessionPath(status.id)} aria-label="Your session in progress">
    <span class="strip-inner">
      <span class="dot" aria-hidden="true"></span>
      <b>${kwh(status.kwh)} kWh</b>
      ${charger && html`<span>${charger}</span>`}
      ${status.startedAt && html`<span>since ${time(status.startedAt, now())}</span>`}
      ${
        status.cost?.amount != null &&
        html`<span>≈ ${amount(status.cost.amount, status.cost.currency)} ${status.cost.currency}</span>`
      }
      ${rows.length > 1 && html`<span class="muted">and ${rows.length - 1} more</span>`}
    </span>
  </a>`;
}
