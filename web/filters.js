// The filters of the list: they stand in the address, so that a list can be bookmarked and sent.

import { zone } from "./format.js";

/**
 * @typedef {{state: string, range: string, from: string, to: string, q: string, after: string,
 *   before: string}} Filters `range` is one of the presets; `from` and `to` are dates
 */

/** @type {[string, string][]} */
export const stateChoices = [
  ["all", "All"],
  ["live", "In progress"],
  ["attention", "Needs attention"],
  ["completed", "Completed"],
  ["pending", "Pending"],
  ["invalid", "Invalid"],
];

/** @type {[string, string][]} */
export const rangeChoices = [
  ["all", "All time"],
  ["today", "Today"],
  ["7d", "7 d"],
  ["30d", "30 d"],
  ["90d", "90 d"],
  ["year", "This year"],
];

/** @param {URLSearchParams} query @returns {Filters} */
export function readFilters(query) {
  /** @param {string} name @param {[string, string][]} choices */
  const choice = (name, choices) => {
    const value = query.get(name) ?? "";
    return choices.some(([each]) => each === value) ? value : "all";
  };
  /** @param {string} name */
  const date = (name) => {
    const value = query.get(name) ?? "";
    return /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : "";
  };
  return {
    state: choice("state", stateChoices),
    range: choice("range", rangeChoices),
    from: date("from"),
    to: date("to"),
    q: query.get("q") ?? "",
    after: query.get("after") ?? "",
    before: query.get("before") ?? "",
  };
}

/**
 * The address of a list. A change of a filter leads to its first page.
 * @param {Filters} filters @param {Partial<Filters>} change
 */
export function listPath(filters, change) {
  /** @type {Record<string, string>} */
  const next = { ...filters, after: "", before: "", ...change };
  if ("range" in change) next.from = next.to = "";
  if (change.from || change.to) next.range = "all";
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(next)) {
    if (value && value !== "all") query.set(name, value);
  }
  return query.size ? `/sessions?${query}` : "/sessions";
}

/** @param {Filters} filters */
export const isFiltered = (filters) =>
  Boolean(
    filters.state !== "all" || filters.range !== "all" || filters.from || filters.to || filters.q,
  );

/** A date as the API takes it, by the browser's calendar. @param {Date} date */
const text = (date) =>
  [
    String(date.getFullYear()).padStart(4, "0"),
    String(date.getMonth() + 1).padStart(2, "0"),
    String(date.getDate()).padStart(2, "0"),
  ].join("-");

/**
 * The filters as the API takes them, without the place in the list.
 * @param {Filters} filters @param {number} now
 */
export function apiQuery(filters, now) {
  const query = new URLSearchParams();
  if (filters.state !== "all") query.set("state", filters.state);
  const today = new Date(now);
  const back = (/** @type {number} */ days) =>
    text(new Date(today.getFullYear(), today.getMonth(), today.getDate() - days));
  /** @type {Record<string, string>} */
  const starts = {
    today: back(0),
    "7d": back(6),
    "30d": back(29),
    "90d": back(89),
    year: `${text(today).slice(0, 4)}-01-01`,
  };
  const from = starts[filters.range] ?? filters.from;
  if (from) query.set("from", from);
  if (filters.to) query.set("to", filters.to);
  if (filters.q) query.set("q", filters.q);
  query.set("timezone", zone);
  return query;
}
