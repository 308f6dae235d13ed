// The made-up sessions of mock_server.mjs.

const quarter = 900_000;
const hour = 3_600_000;
const iso = (at) => new Date(at).toISOString().replace(/\.\d+Z$/, "Z");

/** Numbers that look random and are the same each time. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const uuid = (n) =>
  `${(0x6f0c2a50 + n * 7919).toString(16)}-93c5-5f0e-8a3c-${(0x0c8f3f6f1f11 + n * 104_729).toString(16).padStart(12, "0")}`;

/** Intervals from plug-in on; kw by the time. */
function series(from, until, kw) {
  const list = [];
  for (let at = from; at < until; ) {
    const end = Math.min(until, (Math.floor(at / quarter) + 1) * quarter);
    const power = kw(at);
    list.push({
      startAt: iso(at),
      kwh: Number(((power * (end - at)) / hour).toFixed(4)),
      kw: power,
    });
    at = end;
  }
  return list;
}
const total = (list) => Number(list.reduce((sum, each) => sum + each.kwh, 0).toFixed(4));

function statusOf(n, values) {
  return {
    id: uuid(n),
    policyId: null,
    status: "COMPLETED",
    isLive: false,
    isFinal: true,
    awaitingFinalReading: false,
    kwh: 0,
    durationSeconds: 0,
    averageKw: 0,
    liveKw: null,
    cost: null,
    charger: { locationId: "Calle Mayor 12", evseUid: "E1", connectorId: "1" },
    stale: false,
    lastUpdated: null,
    startedAt: null,
    endedAt: null,
    batteryFrom: null,
    batteryTo: null,
    contractId: "ES-ABC-C1",
    ...values,
  };
}

function costOf(status, extra = {}) {
  const {
    amount = null,
    currency = null,
    coverage = "unknown",
    estimated = false,
  } = status.cost ?? {};
  const net = amount === null ? null : String(Number((amount / 1.21).toFixed(6)));
  return {
    id: status.id,
    amount: amount === null ? null : String(amount),
    currency,
    coverage,
    estimated,
    origin: amount === null ? null : "TARIFF",
    plan: null,
    tariff_currency: currency,
    before_taxes: net,
    after_taxes: amount === null ? null : String(amount),
    taxes:
      amount === null
        ? []
        : [{ name: "VAT", percentage: "21", amount: String(Number((amount - net).toFixed(6))) }],
    dimensions: {},
    periods:
      amount === null
        ? []
        : [
            {
              start_date_time: status.startedAt,
              tariff_id: "NIGHT",
              is_priced: true,
              dimensions: [
                {
                  type: "ENERGY",
                  is_fee: false,
                  volume: String(status.kwh),
                  billed_volume: String(status.kwh),
                  element: 0,
                  price: String(Number((net / (status.kwh || 1)).toFixed(4))),
                  vat: "21",
                  amount: net,
                  before_taxes: net,
                },
              ],
            },
          ],
    notes: [],
    ...extra,
  };
}

const timelineOf = (status, timeseries, extra = {}) => ({
  id: status.id,
  timeseries,
  batteryLevels: [],
  meterEvents: [],
  blocks: [],
  targets: [],
  notes: [],
  ...extra,
});

export function makeSessions(now) {
  const sessions = [];
  const add = (name, status, parts = {}) =>
    sessions.push({
      name,
      status,
      cost: parts.cost ?? costOf(status),
      timeline: parts.timeline ?? timelineOf(status, []),
      view: parts.view ?? null,
      schedule: parts.view?.target.latest ?? null,
    });
  const policy = {
    id: "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    timezone: "Europe/Madrid",
    batteryReserve: 40,
    contractIds: ["ES-ABC-C1"],
    location: { countryCode: "ES", partyId: "ABC", locationId: "Calle Mayor 12" },
    vehicle: { batteryCapacityKwh: 60, maxPowerKw: 7.4 },
    schedule: [{ weekdays: ["WEDNESDAY"], readyBy: "07:00", minimumChargeTarget: 60 }],
  };
  const at = (text) => Date.parse(`2026-06-${text}Z`);

  // Managed and live: the reserve, then the cheap hours, and a block that is planned.
  {
    const start = at("02T20:15:00");
    const readyBy = "2026-06-03T05:00:00Z";
    const power = (t) =>
      t >= at("02T22:00:00") && t < at("02T22:30:00")
        ? 6.6
        : t >= at("02T23:00:00") && t < now
          ? 6.6 + ((t / quarter) % 4) * 0.2
          : 0;
    const timeseries = series(start, now, power);
    const kwh = total(timeseries);
    const blocks = [
      {
        type: "BATTERY_RESERVE",
        kwhSum: 3.3,
        startAt: "2026-06-02T22:00:00Z",
        endAt: "2026-06-02T22:30:00Z",
      },
      {
        type: "REGULAR",
        kwhSum: Number((kwh - 3.3).toFixed(3)),
        startAt: "2026-06-02T23:00:00Z",
        endAt: iso(now),
      },
      {
        type: "REGULAR",
        kwhSum: 7.4,
        startAt: "2026-06-03T01:30:00Z",
        endAt: "2026-06-03T02:30:00Z",
      },
    ];
    const target = {
      id: 1,
      type: "REGULAR",
      source: "POLICY",
      batteryReserve: 40,
      minimumChargeTarget: 60,
      readyBy,
    };
    const status = statusOf(1, {
      policyId: policy.id,
      status: "IN_PROGRESS",
      isLive: true,
      isFinal: false,
      kwh,
      durationSeconds: 15540,
      averageKw: kwh / 4.32,
      liveKw: 6.8,
      cost: { amount: 1.5, currency: "EUR", coverage: "billed", estimated: true },
      lastUpdated: iso(now - 12_000),
      startedAt: iso(start),
      batteryFrom: 35,
      batteryTo: 52,
    });
    const levels = [
      [start, 35],
      [at("02T22:00:00"), 35],
      [at("02T22:30:00"), 40],
      [at("02T23:00:00"), 40],
      [at("02T23:30:00"), 45.5],
      [now - 60_000, 52],
    ];
    add("managed", status, {
      timeline: timelineOf(status, timeseries, {
        batteryLevels: levels.map(([t, percent]) => ({ at: iso(t), percent, source: "SoC" })),
        blocks,
        targets: [{ from: iso(start), target }],
        meterEvents: timeseries.map((each) => ({
          at: each.startAt,
          kwh: 1200 + each.kwh,
          kw: each.kw,
          context: "Sample.Clock",
        })),
      }),
      view: {
        id: status.id,
        policyId: policy.id,
        state: "ACTIVE:REGULAR",
        pluggedInAt: iso(start),
        pluggedOutAt: null,
        blocks,
        statistics: { aggregated: { kwhSum: kwh, batteryFrom: 35, batteryTo: 52 }, timeseries },
        target: { latest: target },
        outcome: {
          latest: {
            type: "REGULAR",
            targetId: 1,
            state: "ON_TARGET",
            batteryLevelAtReadyBy: null,
            minimumChargeTargetReachedAt: null,
          },
        },
        error: { latest: null },
      },
    });
  }
  // A fast charger, live and unmanaged.
  {
    const start = now - 32 * 60_000;
    const timeseries = series(start, now, (t) => Math.max(40, 120 - (t - start) / 30_000));
    const kwh = total(timeseries);
    const status = statusOf(2, {
      status: "IN_PROGRESS",
      isLive: true,
      isFinal: false,
      kwh,
      durationSeconds: 1920,
      averageKw: 77.3,
      liveKw: 61.4,
      cost: { amount: 20.19, currency: "EUR", coverage: "billed", estimated: true },
      charger: { locationId: "Parking Sol", evseUid: "ES*ABC*E7", connectorId: "2" },
      lastUpdated: iso(now - 3000),
      startedAt: iso(start),
      batteryFrom: 18,
      batteryTo: 71,
      contractId: "ES-ABC-C9",
    });
    add("live", status, {
      timeline: timelineOf(status, timeseries, {
        batteryLevels: [
          [start, 18],
          [start + 600_000, 41],
          [start + 1_200_000, 58],
          [now - 30_000, 71],
        ].map(([t, percent]) => ({ at: iso(t), percent, source: "SoC" })),
        meterEvents: Array.from({ length: 31 }, (_, i) => ({
          at: iso(start + i * 60_000),
          kwh: i * 1.7,
          kw: Math.min(i * 45, 125 - 2 * i + (i % 3)),
          context: i ? "Sample.Periodic" : "Transaction.Begin",
        })),
      }),
    });
  }
  // Charging has not started, the target is missed.
  {
    const start = now - 3 * hour;
    const timeseries = series(start, now, () => 0);
    const target = {
      id: 3,
      type: "REGULAR",
      source: "USER_OVERRIDE",
      batteryReserve: 20,
      minimumChargeTarget: 50,
      readyBy: "2026-06-03T05:00:00Z",
    };
    const blocks = [
      {
        type: "BATTERY_RESERVE",
        kwhSum: 0,
        startAt: iso(now - 1_500_000),
        endAt: iso(now + quarter),
      },
      { type: "REGULAR", kwhSum: 14.2, startAt: iso(now + quarter), endAt: "2026-06-03T03:00:00Z" },
      {
        type: "IMMEDIATE_START",
        kwhSum: 9.1,
        startAt: "2026-06-03T03:30:00Z",
        endAt: "2026-06-03T04:45:00Z",
      },
    ];
    const status = statusOf(3, {
      policyId: policy.id.replace("f", "e"),
      status: "IN_PROGRESS",
      isLive: true,
      isFinal: false,
      kwh: 0,
      durationSeconds: 10_800,
      averageKw: 0,
      liveKw: 0,
      cost: { amount: 0, currency: "EUR", coverage: "included", estimated: true },
      lastUpdated: iso(now - 47 * 60_000),
      stale: true,
      startedAt: iso(start),
      batteryFrom: 12,
      batteryTo: 12,
      charger: { locationId: "Oficina Norte", evseUid: "ES*ABC*E3", connectorId: "1" },
      contractId: "ES-ABC-C7",
    });
    add("failing", status, {
      cost: costOf(status, {
        origin: "PLAN",
        plan: { id: "home", currency: "EUR", amount: "0", parts: [] },
      }),
      timeline: timelineOf(status, timeseries, {
        blocks,
        batteryLevels: [{ at: iso(start), percent: 12, source: "SoC" }],
        targets: [
          { from: iso(start), target: { ...target, minimumChargeTarget: 80 } },
          { from: iso(start + hour), target },
        ],
      }),
      view: {
        id: status.id,
        policyId: status.policyId,
        state: "ACTIVE:BATTERY_RESERVE",
        pluggedInAt: iso(start),
        pluggedOutAt: null,
        blocks,
        statistics: {},
        target: { latest: target },
        outcome: {
          latest: {
            type: "REGULAR",
            targetId: 3,
            state: "OFF_TARGET",
            batteryLevelAtReadyBy: 12,
            minimumChargeTargetReachedAt: "2026-06-03T07:30:00Z",
          },
        },
        error: { latest: { type: "START_FAIL" } },
      },
    });
  }
  // Over, without its final reading.
  {
    const start = now - 6 * hour;
    const end = now - 2.2 * hour;
    const timeseries = series(start, end, (t) => (t - start < 3 * hour ? 7.1 : 0));
    const kwh = total(timeseries);
    const status = statusOf(4, {
      status: "IN_PROGRESS",
      isFinal: false,
      awaitingFinalReading: true,
      stale: true,
      kwh,
      durationSeconds: 13_680,
      averageKw: 5.6,
      cost: { amount: 9.9, currency: "EUR", coverage: "billed", estimated: false },
      lastUpdated: iso(end),
      startedAt: iso(start),
      endedAt: iso(end),
      charger: { locationId: "Puerto 4", evseUid: "E2", connectorId: "1" },
      contractId: "NL-TNM-C4",
    });
    add("waiting", status, { timeline: timelineOf(status, timeseries) });
  }
  // Settled and managed; the operator states another total.
  {
    const start = at("01T19:45:00");
    const end = at("02T05:20:00");
    const power = (t) =>
      t < at("01T20:30:00")
        ? 7.2
        : t >= at("01T23:00:00") && t < at("02T02:15:00")
          ? 7.3
          : t >= at("02T03:00:00") && t < at("02T03:45:00")
            ? 7.0
            : 0;
    const timeseries = series(start, end, power);
    const kwh = total(timeseries);
    const status = statusOf(5, {
      policyId: policy.id,
      kwh,
      durationSeconds: (end - start) / 1000,
      averageKw: kwh / 9.58,
      cost: { amount: 3.32, currency: "EUR", coverage: "billed", estimated: false },
      lastUpdated: iso(end + 60_000),
      startedAt: iso(start),
      endedAt: iso(end),
      batteryFrom: 22,
      batteryTo: 80,
    });
    const blocks = [
      { type: "IMMEDIATE_START", kwhSum: 5.4, startAt: iso(start), endAt: iso(at("01T20:30:00")) },
      {
        type: "REGULAR",
        kwhSum: 23.7,
        startAt: iso(at("01T23:00:00")),
        endAt: iso(at("02T02:15:00")),
      },
      {
        type: "REGULAR",
        kwhSum: 5.25,
        startAt: iso(at("02T03:00:00")),
        endAt: iso(at("02T03:45:00")),
      },
    ];
    const target = {
      id: 4,
      type: "REGULAR",
      source: "POLICY",
      batteryReserve: 20,
      minimumChargeTarget: 80,
      readyBy: "2026-06-02T05:00:00Z",
    };
    const levels = [
      [start, 22],
      [at("01T20:30:00"), 31],
      [at("01T23:00:00"), 31],
      [at("02T02:15:00"), 70],
      [at("02T03:00:00"), 70],
      [at("02T03:45:00"), 80],
      [end, 80],
    ];
    const cost = costOf(status, {
      cpo_total_cost: {
        before_taxes: "2.9938",
        after_taxes: "3.62",
        difference_before_taxes: "0.25",
        difference_after_taxes: "0.30",
        likely_component: "FLAT",
        explanation: "The CPO charges a start fee of 0.25 that no tariff names.",
      },
    });
    cost.periods = timeseries
      .filter((each) => each.kwh > 0)
      .map((each) => ({
        start_date_time: each.startAt,
        tariff_id: "NIGHT",
        is_priced: true,
        dimensions: [
          {
            type: "ENERGY",
            is_fee: false,
            volume: String(each.kwh),
            billed_volume: String(each.kwh),
            element: 0,
            price: Date.parse(each.startAt) < at("01T22:00:00") ? "0.12" : "0.07",
            vat: "21",
            amount: String(each.kwh * 0.07),
            before_taxes: (
              each.kwh * (Date.parse(each.startAt) < at("01T22:00:00") ? 0.12 : 0.07)
            ).toFixed(6),
          },
        ],
      }));
    cost.notes = ["period 3 spans 23:00, at which another price begins; it is priced by its start"];
    add("settled", status, {
      cost,
      timeline: timelineOf(status, timeseries, {
        blocks,
        batteryLevels: levels.map(([t, percent]) => ({ at: iso(t), percent, source: "SoC" })),
        targets: [
          { from: iso(start), target: { id: 3, type: "IMMEDIATE_START", minimumChargeTarget: 30 } },
          { from: iso(at("01T20:30:00")), target },
        ],
        meterEvents: timeseries.map((each, i) => ({
          at: each.startAt,
          kwh: 1200 + i,
          kw: each.kw,
          context: i ? "Sample.Clock" : "Transaction.Begin",
        })),
      }),
      view: {
        id: status.id,
        policyId: policy.id,
        state: "SETTLED",
        pluggedInAt: iso(start),
        pluggedOutAt: iso(end),
        blocks,
        statistics: {},
        target: { latest: target },
        outcome: {
          latest: {
            type: "REGULAR",
            targetId: 4,
            state: "ON_TARGET",
            batteryLevelAtReadyBy: null,
            minimumChargeTargetReachedAt: null,
          },
        },
        error: { latest: null },
      },
    });
  }
  // Hostile texts and odd numbers.
  {
    const start = now - 5 * hour;
    const evil = `<img src=x onerror="alert(1)">`;
    const timeseries = series(start, now - 4 * hour, () => 1234.5678);
    const status = statusOf(6, {
      kwh: 12345.678901234567,
      durationSeconds: 3600,
      averageKw: 12345.678,
      cost: { amount: 1e9, currency: "<b>", coverage: "billed", estimated: false },
      lastUpdated: iso(now + 30 * 86_400_000),
      startedAt: iso(start),
      endedAt: iso(now - 4 * hour),
      batteryFrom: 0,
      batteryTo: 100,
      charger: {
        locationId: evil,
        evseUid: "\u202Egnp.exe ${7*7} {{x}}",
        connectorId: "'; DROP TABLE sessions;--",
      },
      contractId: `=cmd|' /C calc'!A0 ${"W".repeat(80)}`,
    });
    const cost = costOf(status, { notes: [evil, "x".repeat(300)] });
    add("odd", status, {
      cost,
      timeline: timelineOf(status, timeseries, {
        notes: [evil, "the meter went back by 3 kWh at 21:00; the reading before it is left out"],
      }),
    });
  }
  // Nothing known.
  {
    const status = statusOf(7, {
      status: "IN_PROGRESS",
      isLive: true,
      isFinal: false,
      kwh: null,
      durationSeconds: null,
      averageKw: null,
      charger: null,
      contractId: null,
      lastUpdated: null,
    });
    add("nulls", status);
  }
  // Ten thousand intervals.
  {
    const start = now - 10_000 * quarter;
    const rand = random(7);
    const timeseries = series(start, now, (t) =>
      Math.sin(t / 43_200_000) > 0.2 ? Number((4 + 7 * rand()).toFixed(2)) : 0,
    );
    const kwh = total(timeseries);
    const status = statusOf(8, {
      kwh,
      durationSeconds: 9_000_000,
      averageKw: 3.1,
      cost: { amount: 812.4, currency: "EUR", coverage: "billed", estimated: false },
      lastUpdated: iso(now - 9 * hour),
      startedAt: iso(start),
      endedAt: iso(now),
      charger: { locationId: "Depot", evseUid: "D12", connectorId: "1" },
      contractId: "ES-ABC-C20",
    });
    const levels = Array.from({ length: 5000 }, (_, i) => ({
      at: iso(start + i * 2 * quarter),
      percent: Number((50 + 40 * Math.sin(i / 48)).toFixed(1)),
      source: "SoC",
    }));
    add("long", status, { timeline: timelineOf(status, timeseries, { batteryLevels: levels }) });
  }
  add(
    "pending",
    statusOf(9, {
      status: "PENDING",
      isLive: true,
      isFinal: false,
      kwh: 0,
      durationSeconds: null,
      averageKw: null,
      lastUpdated: iso(now - 400_000),
      charger: { locationId: "Parking Sol", evseUid: "ES*ABC*E8", connectorId: "1" },
      contractId: "ES-ABC-C3",
    }),
  );
  add(
    "invalid",
    statusOf(10, {
      status: "INVALID",
      kwh: 0.4,
      durationSeconds: 120,
      averageKw: 12,
      cost: { amount: 0, currency: "EUR", coverage: "billed", estimated: false },
      lastUpdated: iso(now - 20 * hour),
      startedAt: iso(now - 21 * hour),
      contractId: "DE-XYZ-C8",
    }),
  );

  const rand = random(42);
  const places = [
    "Calle Mayor 12",
    "Parking Sol",
    "Oficina Norte",
    "Puerto 4",
    "Depot",
    "Hotel Atlántico",
  ];
  for (let n = 0; n < 290; n += 1) {
    const end = now - Math.floor((n + rand()) * 2.7 * hour) - 9 * hour;
    const hours = 0.4 + rand() * 9;
    const start = Math.floor((end - hours * hour) / 1000) * 1000;
    const power = rand() < 0.2 ? 40 + rand() * 60 : 2 + rand() * 9;
    const timeseries = series(start, end, (t) =>
      (t / quarter) % 7 < 5 ? Number((power * (0.8 + 0.2 * rand())).toFixed(2)) : 0,
    );
    const kwh = total(timeseries);
    const status = statusOf(100 + n, {
      kwh,
      durationSeconds: Math.floor(hours * 3600),
      averageKw: kwh / hours,
      cost:
        rand() < 0.05
          ? { amount: null, currency: null, coverage: "unknown", estimated: false }
          : {
              amount: Number((kwh * 0.31).toFixed(4)),
              currency: "EUR",
              coverage: "billed",
              estimated: false,
            },
      lastUpdated: iso(end + 20_000),
      startedAt: iso(start),
      endedAt: iso(end),
      charger: {
        locationId: places[Math.floor(rand() * 6)],
        evseUid: `E${1 + Math.floor(rand() * 9)}`,
        connectorId: "1",
      },
      contractId: `ES-ABC-C${1 + Math.floor(rand() * 20)}`,
    });
    add(null, status, { timeline: timelineOf(status, timeseries) });
  }
  return { sessions, policy };
}
