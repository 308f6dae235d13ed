// What the pages say of a session, in words.

import { clock, instant, percent, time } from "./format.js";
import { now } from "./clock.js";

/**
 * The badge: its words and its look.
 * @param {Pick<Status, "status" | "isLive" | "awaitingFinalReading">} status
 * @returns {{text: string, look: "live" | "waiting" | "done" | "pending" | "invalid"}}
 */
export function badgeOf(status) {
  if (status.awaitingFinalReading)
    return { text: "Waiting for the final reading", look: "waiting" };
  if (status.status === "COMPLETED") return { text: "Completed", look: "done" };
  if (status.status === "PENDING") return { text: "Pending", look: "pending" };
  if (status.status === "INVALID") return { text: "Invalid", look: "invalid" };
  return { text: "In progress", look: "live" };
}

/** @type {Record<BlockType, string>} */
export const blockNames = {
  BATTERY_RESERVE: "Battery reserve",
  REGULAR: "Regular",
  IMMEDIATE_START: "Immediate start",
};

/** @type {Record<string, string>} */
const states = {
  UPCOMING: "Not plugged in yet",
  "ACTIVE:REGULAR": "Scheduled charging",
  "ACTIVE:BATTERY_RESERVE": "Below the battery reserve",
  "ACTIVE:IMMEDIATE_START": "Immediate start",
  SETTLED: "Settled",
};

/** The managed state in words. @param {string} state */
export const stateName = (state) => states[state] ?? state;

/**
 * A target in words: 50 % by 07:00.
 * @param {Target} target @param {boolean} [alwaysDay]
 */
export const targetText = (target, alwaysDay) =>
  target.readyBy
    ? `${percent(target.minimumChargeTarget)} by ${time(target.readyBy, now(), alwaysDay)}`
    : `${percent(target.minimumChargeTarget)} as soon as possible`;

/**
 * Whether the target will be met, or was.
 * @param {View} view
 * @returns {{text: string, good: boolean} | null}
 */
export function outcomeOf(view) {
  const outcome = view.outcome.latest;
  const target = view.target.latest;
  if (!outcome || !target) return null;
  const over = view.state === "SETTLED";
  const reached = outcome.minimumChargeTargetReachedAt;
  const goal = percent(target.minimumChargeTarget);
  if (outcome.type === "IMMEDIATE_START") {
    if (!reached)
      return { text: `${goal} as soon as possible; when cannot be told yet`, good: false };
    const past = (instant(reached) ?? 0) <= now();
    return {
      text: `${past ? "Reached" : "Will reach"} ${goal} at ${time(reached, now())}`,
      good: true,
    };
  }
  const by = time(target.readyBy, now());
  if (outcome.state === "ON_TARGET") {
    return {
      text: over ? `Target met: ${goal} by ${by}` : `On target for ${goal} by ${by}`,
      good: true,
    };
  }
  const level = percent(outcome.batteryLevelAtReadyBy);
  if (over) return { text: `Target missed: ${level} by ${by} instead of ${goal}`, good: false };
  const later = reached
    ? `, ${goal} at ${time(reached, now())}`
    : `; ${goal} is out of reach for now`;
  return { text: `Will reach ${level} by ${by}${later}`, good: false };
}

/**
 * The next planned block: what the car waits for.
 * @param {Block[]} blocks
 */
export function nextBlock(blocks) {
  const at = now();
  return blocks.find((block) => (instant(block.startAt) ?? 0) > at) ?? null;
}

/** @param {Block} block */
export const blockTimes = (block) => `${time(block.startAt, now())}–${clock(block.endAt)}`;

/** @type {Record<string, string>} */
const missing = {
  STATE_OF_CHARGE:
    "The battery level is unknown: the charger or the vehicle does not report it. Without it nothing can be planned.",
  METER_VALUES: "The charge point operator reports no energy while charging, only at the end.",
  CHARGING_PREFERENCES_CAPABLE:
    "The charger does not accept a target. It charges by itself; set the times in the vehicle instead.",
};

/**
 * A control error: what is wrong, and what to do.
 * @param {ControlError} error
 * @returns {{title: string, advice: string[]}}
 */
export function errorText(error) {
  if (error.type === "START_FAIL") {
    return {
      title: "Charging has not started",
      advice: [
        "A planned block began more than ten minutes ago, and no energy has flowed since. Check that the cable is locked and that no timer is set in the vehicle, then unplug and plug in again.",
      ],
    };
  }
  if (error.type === "STOP_FAIL") {
    return {
      title: "Charging does not stop",
      advice: [
        "Energy has flowed for ten minutes outside every planned block. Check that no other app controls the charger. Unplugging stops it.",
      ],
    };
  }
  if (error.type === "MISSING_CAPABILITIES") {
    return {
      title: "This session cannot be managed fully",
      advice: (error.missingCapabilities ?? []).map((name) => missing[name] ?? name),
    };
  }
  return { title: error.type, advice: [] };
}

/** @param {Cost | null} cost */
export function coverageText(cost) {
  if (!cost || cost.coverage === "unknown") return "no price known";
  if (cost.coverage === "included") return "included in the plan";
  return cost.estimated ? "estimate" : "billed";
}

/** Location, EVSE and connector as one text. @param {Status["charger"]} charger */
export function chargerText(charger) {
  if (!charger) return null;
  const parts = [charger.locationId, charger.evseUid].filter(Boolean);
  return parts.length ? parts.join(" · ") : null;
}
