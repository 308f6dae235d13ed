// The target of a managed session, and how to set another one for a while.

import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { put, send } from "../api.js";
import { now } from "../clock.js";
import { instant, percent, zone } from "../format.js";
import { announce } from "../hooks.js";
import { outcomeOf, targetText } from "../words.js";

/** For datetime-local, in the browser's zone. @param {number} at */
function localText(at) {
  const date = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 16);
}

/** Tomorrow morning, or the deadline that there is. @param {Target | null} target */
function firstDeadline(target) {
  const there = instant(target?.readyBy);
  if (there !== null && there > now()) return localText(there);
  const morning = new Date(now());
  morning.setHours(7, 0, 0, 0);
  if (morning.getTime() <= now() + 3_600_000) morning.setDate(morning.getDate() + 1);
  return localText(morning.getTime());
}

/** @param {Target | null} target */
const isOverride = (target) =>
  target?.type === "IMMEDIATE_START" || target?.source === "USER_OVERRIDE";

/**
 * @param {{view: View, policyId: string, status: Status,
 *   policy: Policy | null, reload: () => void}} props
 */
export function TargetCard({ view, policyId, status, policy, reload }) {
  const target = view.target.latest;
  const [pending, setPending] = useState("");
  const [failure, setFailure] = useState("");
  const nowLevel = useRef(/** @type {HTMLInputElement | null} */ (null));
  const byLevel = useRef(/** @type {HTMLInputElement | null} */ (null));
  const byTime = useRef(/** @type {HTMLInputElement | null} */ (null));
  const changes = status.isLive && view.state !== "SETTLED";
  const path = `/v1/policies/${policyId}/override`;
  const shown = useRef(target?.id ?? 0);

  // Pending until the view shows the target, not only until the request is answered.
  useEffect(() => {
    if (pending && shown.current !== (target?.id ?? 0)) {
      setPending("");
      announce(target ? `Target: ${targetText(target)}` : "");
    }
    shown.current = target?.id ?? 0;
  }, [target?.id, pending]);

  /** @param {string} name @param {() => Promise<any>} change */
  const run = async (name, change) => {
    setFailure("");
    setPending(name);
    try {
      await change();
      reload();
      // The same target again has no other id: what the server says by then is what counts.
      setTimeout(() => setPending((old) => (old === name ? "" : old)), 4000);
    } catch (error) {
      setPending("");
      setFailure(/** @type {Error} */ (error).message);
    }
  };
  /** @param {{current: HTMLInputElement | null}} field */
  const level = (field) => {
    const value = field.current?.valueAsNumber ?? NaN;
    if (value >= 1 && value <= 100) return value;
    field.current?.focus();
    setFailure("A level is from 1 to 100 %.");
    return null;
  };
  const chargeNow = () => {
    const minimumChargeTarget = level(nowLevel);
    if (minimumChargeTarget === null) return;
    run("now", () => put(path, { type: "IMMEDIATE_START", minimumChargeTarget }));
  };
  const readyBy = () => {
    const minimumChargeTarget = level(byLevel);
    const at = new Date(byTime.current?.value ?? "");
    if (minimumChargeTarget === null) return;
    if (Number.isNaN(at.getTime()) || at.getTime() <= now()) {
      byTime.current?.focus();
      return setFailure("Choose a time that is still to come.");
    }
    const body = {
      type: "REGULAR",
      minimumChargeTarget,
      readyBy: at.toISOString().replace(".000", ""),
    };
    run("by", () => put(path, body));
  };
  const back = () => run("back", () => send(path, { method: "DELETE" }));
  const busy = pending !== "";
  const sending = { pending };
  const outcome = outcomeOf(view);

  return html`<section class="panel" aria-labelledby="target-title" aria-busy=${busy}>
    <div class="panel-head"><h2 id="target-title">Target</h2>
      <span class="muted head-note">${isOverride(target) ? "set by hand" : "from the schedule"}</span></div>
    ${
      target
        ? html`<p class="target">
          <b>${targetText(target, true)}</b>
          ${target.batteryReserve != null && html` <span class="muted">reserve ${percent(target.batteryReserve)}</span>`}
        </p>`
        : html`<p class="muted">There is no target.</p>`
    }
    ${outcome && html`<p class=${outcome.good ? "good" : "bad"}>${outcome.text}</p>`}
    ${
      changes &&
      html`<div class="override">
      <div class="override-line">
        <${Send} name="now" text="Charge now" primary ...${sending} onClick=${chargeNow} />
        <label>to <${Level} field=${nowLevel} value=${80} label="Charge now to, in percent" /> %</label>
      </div>
      <div class="override-line">
        <${Send} name="by" text="Ready by" ...${sending} onClick=${readyBy} />
        <input ref=${byTime} type="datetime-local" defaultValue=${firstDeadline(target)} aria-label="Ready by" />
        <label><${Level} field=${byLevel} value=${target?.minimumChargeTarget ?? 80} label="Ready by: level in percent" /> %</label>
      </div>
      ${
        isOverride(target) &&
        html`<div class="override-line">
        <${Send} name="back" text="Back to the schedule" ...${sending} onClick=${back} />
      </div>`
      }
      <p class="part-error" role="alert" hidden=${!failure}>${failure}</p>
      <p class="hint">
        ${
          isOverride(target)
            ? "Ends when it is reached, or with the session."
            : "It replaces the schedule for this session only."
        }
        ${" "}Times in ${zone}.${" "}
        ${policy && `Battery ${policy.vehicle.batteryCapacityKwh} kWh, up to ${policy.vehicle.maxPowerKw} kW.`}
      </p>
    </div>`
    }
  </section>`;
}

/**
 * A button whose change is pending until the server shows it.
 * @param {{name: string, text: string, pending: string, primary?: boolean, onClick: () => void}} props
 */
const Send = ({ name, text, pending, primary, onClick }) => html`<button
  class=${primary ? "button primary" : "button"} onClick=${onClick} disabled=${pending !== ""}>
  ${pending === name ? "Sending…" : text}
</button>`;

/** A level in percent. @param {{field: {current: HTMLInputElement | null}, value: number, label: string}} props */
const Level = ({
  field,
  value,
  label,
}) => html`<input ref=${field} class="level" type="number" min="1" max="100"
  step="1" inputmode="numeric" defaultValue=${String(Math.round(value))} aria-label=${label} />`;
