// What the chart and the table of a session show, from what the API gives. No drawing here.

import { instant } from "./format.js";

const quarter = 900_000;

/**
 * @typedef {{from: number, to: number, kw: number, kwh: number, type: BlockType | null}} Bar
 * @typedef {{from: number, to: number, kwh: number, type: BlockType, planned: boolean}} Band
 * @typedef {{at: number, percent: number}} Level
 * @typedef {{start: number, end: number, until: number, live: boolean, bars: Bar[],
 *   bands: Band[], levels: Level[], forecast: Level[], goal: Level | null,
 *   goals: {from: number, to: number, percent: number}[], pluggedOut: number | null,
 *   power: {at: number, kw: number}[], maxKw: number}} Model times are in milliseconds; `power`
 *   is what the charger has measured at moments
 */

/**
 * @param {{timeline: Timeline, target: Target | null,
 *   live: boolean, endedAt: string | null, capacity: number | null, now: number}} from
 *   `capacity` of the battery in kWh
 * @returns {Model | null} null when nothing was measured
 */
export function makeModel({ timeline, target, live, endedAt, capacity, now }) {
  const series = timeline.timeseries;
  const start = instant(series[0]?.startAt);
  if (start === null) return null;
  const ended = instant(endedAt);
  const last = /** @type {number} */ (instant(series[series.length - 1].startAt));
  const until = live ? Math.max(now, last) : Math.max(start + 1000, ended ?? last + quarter);
  const bands = makeBands(timeline.blocks, live ? until : Infinity);
  const bars = makeBars(series, until, bands);
  const levels = timeline.batteryLevels
    .map(({ at, percent }) => ({ at: instant(at) ?? NaN, percent: Number(percent) }))
    .filter(
      ({ at, percent }) =>
        at >= start - quarter && at <= until + 60_000 && percent >= 0 && percent <= 100,
    )
    .sort((a, b) => a.at - b.at);
  const readyBy = instant(target?.readyBy);
  const goal =
    target && readyBy !== null && readyBy > start
      ? { at: readyBy, percent: target.minimumChargeTarget }
      : null;
  const power = timeline.meterEvents
    .map(({ at, kw }) => ({ at: instant(at) ?? NaN, kw: kw ?? NaN }))
    .filter(({ at, kw }) => at >= start && at <= until && kw >= 0)
    .sort((a, b) => a.at - b.at);
  const planned = bands.reduce((most, band) => Math.max(most, band.to), until);
  // A deadline long after a session that is over would leave no room for the session.
  const showsGoal = goal && (live || goal.at <= until + (until - start));
  const end = Math.max(planned, showsGoal ? goal.at : 0, start + quarter);
  const pad = Math.max(60_000, (end - start) * 0.015);
  return {
    start: start - pad,
    end: end + pad,
    until,
    live,
    bars,
    bands,
    levels,
    forecast: live ? makeForecast(levels, bars, bands, until, capacity) : [],
    goal: showsGoal ? goal : null,
    goals: makeGoals(timeline.targets ?? [], end),
    pluggedOut: live ? null : until,
    power,
    maxKw: [...bars, ...power].reduce((most, each) => Math.max(most, each.kw), 0),
  };
}

/** @param {Block[]} blocks @param {number} now @returns {Band[]} */
function makeBands(blocks, now) {
  return blocks
    .map((block) => ({
      from: instant(block.startAt) ?? NaN,
      to: instant(block.endAt) ?? NaN,
      kwh: Number(block.kwhSum),
      type: block.type,
      planned: (instant(block.endAt) ?? 0) > now + 1000,
    }))
    .filter((band) => band.to > band.from)
    .sort((a, b) => a.from - b.from);
}

/**
 * @param {Interval[]} series @param {number} until @param {Band[]} bands
 * @returns {Bar[]} each in the type of the block that it overlaps the most
 */
function makeBars(series, until, bands) {
  const starts = series.map((each) => instant(each.startAt) ?? NaN);
  let first = 0;
  return series.map((each, i) => {
    const from = starts[i];
    // The first one of a very long session carries all the time before the others.
    const to = Math.max(
      from,
      Math.min(until, starts[i + 1] ?? (Math.floor(from / quarter) + 1) * quarter),
    );
    while (first < bands.length && bands[first].to <= from) first += 1;
    let type = null;
    let most = 0;
    for (let b = first; b < bands.length && bands[b].from < to; b += 1) {
      const overlap = Math.min(to, bands[b].to) - Math.max(from, bands[b].from);
      if (overlap > most && each.kwh > 0) [most, type] = [overlap, bands[b].type];
    }
    return { from, to, kw: Number(each.kw), kwh: Number(each.kwh), type };
  });
}

/**
 * The level to come: the last one reported, the energy since, then the planned blocks.
 * @param {Level[]} levels @param {Bar[]} bars @param {Band[]} bands @param {number} now
 * @param {number | null} capacity
 * @returns {Level[]}
 */
function makeForecast(levels, bars, bands, now, capacity) {
  const last = levels[levels.length - 1];
  const planned = bands.filter((band) => band.planned && band.kwh > 0);
  if (!last || !capacity || !planned.length) return [];
  let energy = 0;
  for (const bar of bars) {
    if (bar.to > last.at && bar.to > bar.from) {
      energy += (bar.kwh * (bar.to - Math.max(bar.from, last.at))) / (bar.to - bar.from);
    }
  }
  let percent = Math.min(100, last.percent + (energy / capacity) * 100);
  const forecast = [last, { at: Math.max(now, last.at), percent }];
  for (const band of planned) {
    forecast.push({ at: Math.max(now, band.from), percent });
    percent = Math.min(100, percent + (band.kwh / capacity) * 100);
    forecast.push({ at: band.to, percent });
  }
  return forecast;
}

/** @param {Timeline["targets"]} targets @param {number} end */
function makeGoals(targets, end) {
  return targets
    .map(({ from, target }) => ({
      from: instant(from) ?? NaN,
      percent: target.minimumChargeTarget,
      to: end,
    }))
    .filter((each) => !Number.isNaN(each.from))
    .map((each, i, all) => ({ ...each, to: Math.min(end, all[i + 1]?.from ?? end) }));
}

/**
 * The bar at a moment.
 * @param {Bar[]} bars @param {number} at
 * @returns {number} its index; -1 where there is none
 */
export function barAt(bars, at) {
  let low = 0;
  let high = bars.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (at < bars[middle].from) high = middle - 1;
    else if (at >= bars[middle].to) low = middle + 1;
    else return middle;
  }
  return -1;
}

/**
 * The level at a moment, between its neighbours.
 * @param {Level[]} levels @param {number} at
 * @returns {number | null}
 */
export function levelAt(levels, at) {
  const after = levels.findIndex((level) => level.at >= at);
  if (after < 0) return null;
  if (after === 0) return levels[0].at === at ? levels[0].percent : null;
  const [a, b] = [levels[after - 1], levels[after]];
  return b.at === a.at
    ? b.percent
    : a.percent + ((b.percent - a.percent) * (at - a.at)) / (b.at - a.at);
}
