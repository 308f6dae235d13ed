// The page of a session. Its parts are loaded on their own: what fails or is unknown leaves the
// others as they are.

import { html, useEffect, useRef } from "../vendor/htm-preact.js";
import { get, send } from "../api.js";
import { learnFromStatus, now } from "../clock.js";
import { CostCard } from "../components/cost_card.js";
import { Details } from "../components/details.js";
import { LiveCard, Tiles } from "../components/figures.js";
import { PartError } from "../components/parts.js";
import { SessionHead } from "../components/session_head.js";
import { TargetCard } from "../components/target_card.js";
import { TimelineCard } from "../components/timeline.js";
import { instant } from "../format.js";
import { announce, useResource, useTick } from "../hooks.js";
import { useStream } from "../live.js";
import { serverName } from "../name.js";
import { badgeOf } from "../words.js";
import NotFound from "./not_found.js";

/** @param {{id: string, me: Me | null}} props */
export default function Session({ id, me }) {
  const base = `/v1/sessions/${encodeURIComponent(id)}`;
  /** @param {string} path @returns {(signal: AbortSignal) => Promise<any>} */
  const from = (path) => (signal) => get(path, { signal });
  const status = useResource(base, async (signal) => {
    /** @type {Status} */
    const found = await get(`${base}/status`, { signal });
    learnFromStatus(found);
    return found;
  });
  const known = status.data;
  const managed = known?.policyId && known.status !== "INVALID" ? known.policyId : null;
  const timeline = useResource(known && `${base}/timeline`, from(`${base}/timeline`));
  const ocpi = useResource(known && `${base}/ocpi`, async (signal) => {
    const text = await (await send(`${base}/ocpi`, { signal })).text();
    return { text, session: /** @type {OcpiSession} */ (JSON.parse(text)) };
  });
  const cost = useResource(known && `${base}/cost`, from(`${base}/cost`));
  const view = useResource(managed && `${base}#${managed}`, from(base));
  const policy = useResource(managed && `/v1/policies/${managed}`, from(`/v1/policies/${managed}`));
  const missing = status.error?.status === 404 && !known;

  const reloadParts = () => {
    timeline.reload();
    ocpi.reload();
    cost.reload();
    view.reload();
  };
  // A driver's strip follows all of the driver's sessions: one connection does for both.
  const path = me?.kind === "operator" ? `${base}/events` : "/v1/events";
  const connected = useStream(known && me ? path : null, {
    open: status.reload,
    event(event) {
      if (event.id !== known?.id) return;
      status.set((old) => ({ ...old, ...event }));
      reloadParts();
    },
  });

  // Plans, outcomes and staleness change with time alone.
  const moving = Boolean(known && (known.isLive || known.awaitingFinalReading));
  useEffect(() => {
    if (!moving) return undefined;
    const timer = setInterval(() => {
      if (document.hidden) return;
      status.reload();
      reloadParts();
    }, 60_000);
    return () => clearInterval(timer);
  }, [moving, id]);
  useTick(moving ? 10_000 : 60_000);

  const words = known && badgeOf(known).text;
  const before = useRef(words);
  useEffect(() => {
    if (!words) return;
    document.title = `${words} · ${titleOf(ocpi.data?.session, known)} · ${serverName}`;
    if (before.current && before.current !== words) announce(`The session is now: ${words}`);
    before.current = words;
  }, [words]);

  if (missing) return html`<${NotFound} />`;
  if (!known) {
    return html`<main class="page" id="main" tabindex="-1" aria-busy="true">
      ${
        status.error
          ? html`<div class="panel empty" role="alert"><h1>The session cannot be shown</h1>
            <p>${status.error.message}</p>
            <p><button class="button" onClick=${status.reload}>Try again</button></p></div>`
          : html`<div class="bone bone-title"></div><div class="panel bone-panel"></div><div class="panel bone-panel bone-tall"></div>`
      }
    </main>`;
  }

  const times = timesOf(known, view.data, timeline.data);
  const live = known.isLive && known.status === "IN_PROGRESS";
  const levels = timeline.data?.batteryLevels ?? [];
  const battery = {
    from: known.batteryFrom ?? levels[0]?.percent ?? null,
    to: known.batteryTo ?? levels[levels.length - 1]?.percent ?? null,
  };
  const target = view.data?.target.latest ?? null;
  const facts = { status: known, times, battery, timeline: timeline.data, target };
  const notes = [...new Set([...(timeline.data?.notes ?? []), ...(view.data?.notes ?? [])])];

  return html`<main class="page" id="main" tabindex="-1">
    <${SessionHead} status=${known} view=${view.data} connected=${connected} title=${titleOf(ocpi.data?.session, known)} />
    ${known.isLive ? html`<${LiveCard} ...${facts} />` : html`<${Tiles} ...${facts} />`}
    <${TimelineCard} id=${known.id} timeline=${timeline.data} error=${timeline.error} retry=${timeline.reload}
      target=${target} live=${live} endedAt=${times.ended} capacity=${policy.data?.vehicle.batteryCapacityKwh ?? null}
      waiting=${known.status === "PENDING" ? "The timeline begins when the vehicle is plugged in." : "The charge point operator has reported no energy for this session."} />
    <div class=${managed ? "two" : ""}>
      <${CostCard} cost=${cost.data} error=${cost.error} retry=${cost.reload} live=${live} />
      ${managed && !view.data && html`<section class="panel">${view.error ? html`<${PartError} error=${view.error} retry=${view.reload} />` : html`<div class="bone bone-panel" aria-busy="true"></div>`}</section>`}
      ${managed && view.data && html`<${TargetCard} view=${view.data} policyId=${managed} status=${known} reload=${() => view.reload()} policy=${policy.data} />`}
    </div>
    <${Details} ocpi=${ocpi.data} status=${known} view=${view.data} timeline=${timeline.data} notes=${notes} operator=${me?.kind === "operator"} />
  </main>`;
}

/**
 * The CPO's id of the session, once the Session is here.
 * @param {OcpiSession | undefined} session @param {Status} status
 */
function titleOf(session, status) {
  return session?.id ? `${session.country_code}*${session.party_id} / ${session.id}` : status.id;
}

/**
 * When it began and ended, from the first that tells.
 * @param {Status} status @param {View | null} view
 * @param {Timeline | null} timeline
 * @returns {{started: string | null, ended: string | null}}
 */
function timesOf(status, view, timeline) {
  const started = status.startedAt ?? view?.pluggedInAt ?? timeline?.timeseries[0]?.startAt ?? null;
  let ended = status.isLive ? null : (status.endedAt ?? view?.pluggedOutAt ?? null);
  const start = instant(started);
  if (!status.isLive && !ended && start !== null && status.durationSeconds !== null) {
    ended = new Date(Math.min(now(), start + status.durationSeconds * 1000)).toISOString();
  }
  return { started, ended };
}
