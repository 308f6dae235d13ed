// What can be told without a browser: pure functions, types, weights, vendored files.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { weightOf } from "./weights.mjs";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

process.env.TZ = "Europe/Madrid";
globalThis.addEventListener ??= () => {};
const web = path.resolve(here, "../../web");
const format = await import(`${web}/format.js`);
const filters = await import(`${web}/filters.js`);
const scale = await import(`${web}/chart_scale.js`);
const { barAt, levelAt, makeModel } = await import(`${web}/timeline_model.js`);
const { backOff, eventParser } = await import(`${web}/event_stream.js`);
const { partsOf } = await import(`${web}/components/cost_card.js`);
const { outcomeOf } = await import(`${web}/words.js`);

test("the pages are clean under tsc with checkJs and strict", () => {
  const tsc = path.join(here, "node_modules/typescript/bin/tsc");
  const project = path.join(here, "tsconfig.json");
  execFileSync(process.execPath, [tsc, "--project", project], { encoding: "utf8" });
});

test("every page weighs at most 60,000 bytes", () => {
  for (const page of ["sign_in.js", "sessions.js", "session.js"]) {
    assert.ok(weightOf(page) <= 60_000, `${page} weighs ${weightOf(page)} bytes`);
  }
});

test("the vendored files are the listed ones", () => {
  execFileSync(path.resolve(web, "../scripts/update-web-vendor"), ["--check"]);
});

test("the document and the templates have no inline script, style or handler attribute", () => {
  const document = readFileSync(path.join(web, "index.html"), "utf8");
  assert.doesNotMatch(document, /<style|style=|\son\w+=|<script(?![^>]*\ssrc=)/);
  for (const name of readdirSync(web, { recursive: true })) {
    if (!name.endsWith(".js") || name.startsWith("vendor")) continue;
    const text = readFileSync(path.join(web, name), "utf8");
    assert.doesNotMatch(text, /[\s"`]style=|innerHTML|dangerouslySet|\beval\(|new Function/, name);
    assert.doesNotMatch(text, /https?:\/\//, `${name} names another host`);
  }
});

test("numbers are rounded from exact decimals; what is unknown is a dash", () => {
  assert.equal(format.number("0.125000000000000000001", 2), "0.13");
  assert.equal(format.number(null, 1), "–");
  assert.equal(format.number(-0.0001, 2), "0");
  assert.equal(format.kwh(1284.2), "1,284");
  assert.equal(format.kwh(12.44), "12.4");
  assert.equal(format.amount("1.5", "EUR"), "1.50");
  assert.equal(format.amount("1500", "JPY"), "1,500");
  assert.equal(format.amount("1.5", "<b>"), "1.50");
});

test("sums are exact", () => {
  assert.equal(format.sum(["0.1", "0.2"]), "0.3");
  assert.equal(format.sum(["-1.05", "1"]), "-0.05");
  assert.equal(
    format.sum(["12345678901234567890.1", "0.000000000001"]),
    "12345678901234567890.100000000001",
  );
  assert.equal(format.sum([]), "0");
});

test("durations and ages", () => {
  assert.equal(format.duration(15_300), "4:15");
  assert.equal(format.duration(59, true), "0:00:59");
  assert.equal(format.duration(90_061, true), "1 d 1:01:01");
  assert.equal(format.duration(null), "–");
  assert.equal(format.age(12.9), "12 s");
  assert.equal(format.age(-5), "0 s");
  assert.equal(format.ago(1_000_000, 0), "16 min ahead");
  assert.equal(format.ago(0, 7_200_000), "2 h ago");
});

test("times bear as much of their date as is needed", () => {
  const now = Date.parse("2026-06-02T20:15:00Z");
  assert.equal(format.time("2026-06-02T20:15:00Z", now), "22:15");
  assert.equal(format.time("2026-06-03T05:00:00Z", now), "Wed 07:00");
  assert.match(format.time("2026-02-01T05:00:00Z", now), /^1 Feb.*06:00$|^Feb 1.*06:00$/);
  assert.equal(format.time("never", now), "–");
});

test("filters go to the address and back, and a change leads to the first page", () => {
  const read = filters.readFilters(
    new URLSearchParams("state=live&range=7d&q=a%26b&after=x&from=nonsense"),
  );
  assert.deepEqual(read, {
    state: "live",
    range: "7d",
    from: "",
    to: "",
    q: "a&b",
    after: "x",
    before: "",
  });
  assert.equal(filters.listPath(read, { state: "all" }), "/sessions?range=7d&q=a%26b");
  assert.equal(
    filters.listPath(read, { before: "y" }),
    "/sessions?state=live&range=7d&q=a%26b&before=y",
  );
  const dated = filters.readFilters(new URLSearchParams("from=2026-05-01&to=2026-05-31"));
  assert.equal(filters.listPath(dated, { range: "7d" }), "/sessions?range=7d");
  assert.equal(filters.readFilters(new URLSearchParams("state=%3Cimg%3E")).state, "all");
});

test("presets become days by the local calendar", () => {
  const at = Date.parse("2026-06-02T22:30:00Z"); // 3 June in Madrid
  const query = (range) =>
    filters.apiQuery(filters.readFilters(new URLSearchParams({ range })), at);
  assert.equal(query("today").get("from"), "2026-06-03");
  assert.equal(query("7d").get("from"), "2026-05-28");
  assert.equal(query("year").get("from"), "2026-01-01");
  assert.equal(query("all").get("from"), null);
  assert.equal(query("all").get("timezone"), "Europe/Madrid");
});

test("events are put together from any pieces", () => {
  const text =
    ': hello\r\nretry: 3000\n\nid: 7\nevent: status\ndata: {"a":\ndata: 1}\n\r\ndata: second\r\n\r\n';
  for (let size = 1; size < text.length; size += 1) {
    const events = [];
    let retry = 0;
    const parse = eventParser(
      (event) => events.push(event),
      (value) => (retry = value),
    );
    for (let at = 0; at < text.length; at += size) parse(text.slice(at, at + size));
    assert.deepEqual(events, [
      { id: "7", event: "status", data: '{"a":\n1}' },
      { id: "7", event: "message", data: "second" },
    ]);
    assert.equal(retry, 3000);
  }
});

test("the back-off grows, is capped and has jitter", () => {
  assert.equal(backOff(1, 0), 250);
  assert.equal(backOff(1, 1), 750);
  assert.equal(backOff(4, 1), 4250);
  assert.equal(backOff(50, 1), 30_250);
});

const series = (start, kw) =>
  kw.map((each, i) => ({
    startAt: new Date(start + i * 900_000).toISOString(),
    kw: each,
    kwh: each / 4,
  }));

test("bars end where the next begins, and bear the type of the block that they overlap most", () => {
  const start = Date.parse("2026-06-02T20:05:00Z");
  const iso = (at) => new Date(at).toISOString();
  const timeseries = [
    { startAt: iso(start), kw: 6, kwh: 1 },
    ...series(Date.parse("2026-06-02T20:15:00Z"), [6, 0, 6]),
  ];
  const blocks = [
    { type: "BATTERY_RESERVE", kwhSum: 2, startAt: iso(start), endAt: "2026-06-02T20:24:00Z" },
    { type: "REGULAR", kwhSum: 3, startAt: "2026-06-02T20:24:00Z", endAt: "2026-06-02T20:30:00Z" },
    { type: "REGULAR", kwhSum: 7, startAt: "2026-06-03T01:00:00Z", endAt: "2026-06-03T02:00:00Z" },
  ];
  const now = Date.parse("2026-06-02T20:50:00Z");
  const timeline = {
    timeseries,
    blocks,
    batteryLevels: [{ at: iso(start), percent: 40 }],
    targets: [],
    meterEvents: [
      { at: iso(start), kw: 6.4 },
      { at: iso(now), kw: null },
    ],
  };
  const model = makeModel({ timeline, target: null, live: true, endedAt: null, capacity: 50, now });
  assert.deepEqual(
    model.bars.map((bar) => (bar.to - bar.from) / 60_000),
    [10, 15, 15, 5],
  );
  assert.deepEqual(
    model.bars.map((bar) => bar.type),
    ["BATTERY_RESERVE", "BATTERY_RESERVE", null, null],
  );
  assert.deepEqual(
    model.bands.map((band) => band.planned),
    [false, false, true],
  );
  // 40 % and 1 + 1.5 + 0 + 1.5 kWh of 50, then 7 more.
  assert.deepEqual(
    model.forecast.map((each) => Math.round(each.percent)),
    [40, 48, 48, 62],
  );
  assert.deepEqual(model.power, [{ at: start, kw: 6.4 }]);
  assert.equal(model.maxKw, 6.4);
  assert.equal(barAt(model.bars, start), 0);
  assert.equal(barAt(model.bars, start - 1), -1);
  assert.equal(barAt(model.bars, now), -1);
});

test("a session without intervals has no model, and one of ten thousand is quick", () => {
  const empty = { timeseries: [], blocks: [], batteryLevels: [], targets: [], meterEvents: [] };
  assert.equal(
    makeModel({
      timeline: empty,
      target: null,
      live: false,
      endedAt: null,
      capacity: null,
      now: 0,
    }),
    null,
  );
  const timeline = {
    ...empty,
    timeseries: series(
      0,
      Array.from({ length: 10_000 }, (_, i) => i % 11),
    ),
  };
  const model = makeModel({
    timeline,
    target: null,
    live: false,
    endedAt: null,
    capacity: null,
    now: 9e12,
  });
  assert.equal(model.bars.length, 10_000);
  assert.equal(model.until, 10_000 * 900_000);
});

test("levels between samples are interpolated, outside of them unknown", () => {
  const levels = [
    { at: 0, percent: 10 },
    { at: 100, percent: 20 },
  ];
  assert.equal(levelAt(levels, 50), 15);
  assert.equal(levelAt(levels, 0), 10);
  assert.equal(levelAt(levels, 101), null);
});

test("ticks are round local times, also in a night of 25 hours", () => {
  const from = Date.parse("2026-10-24T18:00:00Z");
  const ticks = scale.timeTicks(from, from + 86_400_000, 8);
  assert.deepEqual(
    ticks.map(({ at }) => new Date(at).getHours() % 3),
    [...ticks].fill(0),
  );
  assert.ok(ticks.length <= 9);
  assert.deepEqual(scale.powerTicks(7.4, 4), [0, 2, 4, 6, 8]);
  assert.ok(scale.powerTicks(0.3, 4).at(-1) >= 0.3);
});

test("periods at one price are one part of the cost, and fees stay apart", () => {
  const period = (start, type, price, volume, extra = {}) => ({
    start_date_time: start,
    tariff_id: "T",
    dimensions: [
      {
        type,
        price,
        vat: "21",
        is_fee: false,
        billed_volume: volume,
        before_taxes: String(price * volume),
        ...extra,
      },
    ],
  });
  const parts = partsOf([
    period("a", "FLAT", "0.5", "1", { is_fee: true }),
    period("b", "ENERGY", "0.1", "1.5"),
    period("c", "ENERGY", "0.1", "2.5"),
    period("d", "ENERGY", "0.3", "1"),
    period("e", "TIME", "0", "0"),
  ]);
  assert.deepEqual(
    parts.map((part) => [part.type, part.from, part.periods, format.sum(part.volumes)]),
    [
      ["FLAT", "a", 1, "1"],
      ["ENERGY", "b", 2, "4.0"],
      ["ENERGY", "d", 1, "1"],
    ],
  );
});

test("outcomes in words", () => {
  const readyBy = new Date(Date.now() + 3_600_000).toISOString();
  const view = (outcome, state = "ACTIVE:REGULAR") => ({
    state,
    target: { latest: { minimumChargeTarget: 50, readyBy } },
    outcome: { latest: outcome },
  });
  assert.match(
    outcomeOf(view({ type: "REGULAR", state: "ON_TARGET" })).text,
    /^On target for 50 % by /,
  );
  assert.match(
    outcomeOf(
      view({
        type: "REGULAR",
        state: "OFF_TARGET",
        batteryLevelAtReadyBy: 44,
        minimumChargeTargetReachedAt: readyBy,
      }),
    ).text,
    /^Will reach 44 % by .*, 50 % at /,
  );
  assert.match(
    outcomeOf(
      view(
        {
          type: "REGULAR",
          state: "OFF_TARGET",
          batteryLevelAtReadyBy: 44,
          minimumChargeTargetReachedAt: null,
        },
        "SETTLED",
      ),
    ).text,
    /^Target missed: 44 %/,
  );
  assert.equal(outcomeOf(view(null)), null);
});
