// Head of a session: what it is, how it goes, and what is wrong.

import { html } from "../vendor/htm-preact.js";
import { now } from "../clock.js";
import { age, ago, fullTime, instant, kwh } from "../format.js";
import { useTick } from "../hooks.js";
import { lastList } from "../router.js";
import { blockTimes, errorText, nextBlock, outcomeOf, stateName } from "../words.js";
import { Badge } from "./badge.js";

/**
 * @param {{status: Status, view: View | null,
 *   connected: boolean, title: string}} props
 */
export function SessionHead({ status, view, connected, title }) {
  const outcome = view && outcomeOf(view);
  const waits =
    view && status.isLive && !(status.liveKw && status.liveKw > 0.1)
      ? nextBlock(view.blocks)
      : null;
  const error = view?.error.latest;
  return html`<header class="head">
    <p class="crumb"><a href=${lastList()}>Sessions</a></p>
    <div class="head-line"><h1>${title}</h1><${Badge} status=${status} /></div>
    <p class="head-words">
      ${view && html`<span title=${view.state}>${stateName(view.state)}</span>`}
      ${outcome && html`<b class=${outcome.good ? "good" : "bad"}>${outcome.text}</b>`}
      ${waits && html`<span>next ${blockTimes(waits)}, ${kwh(waits.kwhSum)} kWh</span>`}
      <${Updated} status=${status} connected=${connected} />
    </p>
    ${
      status.stale &&
      html`<div class="banner warn" role="status"><b>No update for ${age((now() - (instant(status.lastUpdated) ?? now())) / 1000)}</b>
      <p>${
        status.awaitingFinalReading
          ? "The session is over, but its final meter reading has not arrived. The figures may still change."
          : "The charge point operator has gone quiet. The figures below are the last ones it sent."
      }</p></div>`
    }
    ${
      status.awaitingFinalReading &&
      !status.stale &&
      html`<div class="banner"><b>The session is over</b><p>It completes by itself when the charge point operator sends the final meter reading.</p></div>`
    }
    ${
      status.status === "INVALID" &&
      html`<div class="banner warn"><b>This session is invalid</b><p>The charge point operator has withdrawn it. It costs nothing.</p></div>`
    }
    ${error && html`<${ErrorBanner} error=${error} />`}
  </header>`;
}

/** @param {{error: ControlError}} props */
function ErrorBanner({ error }) {
  const { title, advice } = errorText(error);
  return html`<div class="banner bad" role="alert"><b>${title}</b>${advice.map((text) => html`<p key=${text}>${text}</p>`)}</div>`;
}

/** @param {{status: Status, connected: boolean}} props */
function Updated({ status, connected }) {
  useTick(status.isLive ? 1000 : 30_000);
  const at = instant(status.lastUpdated);
  return html`<span class="updated" title=${fullTime(status.lastUpdated)}>
    ${at !== null && `updated ${ago(at, now())}`}
  </span>
  <span class="state" role="status">${connected ? "" : "Reconnecting"}</span>`;
}
