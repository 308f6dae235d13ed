// The pages against a real server on SQLite: OCPI_SESSIONS_EXECUTABLE=… node --test console.test.mjs
// SCREENSHOTS=FOLDER keeps pictures of each page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { openBrowser } from "./browser.mjs";
import { accessible, fits, settled, shoot } from "./checks.mjs";
import { executable, iso, register, Server } from "./driver.mjs";

const skip = executable ? false : "OCPI_SESSIONS_EXECUTABLE is not set";
const minute = 60_000;
const hour = 60 * minute;
let browser;
before(async () => {
  if (!skip) browser = await openBrowser();
});
after(() => browser?.close());

/**
 * A server, and a page of the caller with that token.
 * @param {string} name
 * @param {{token?: (server: Server) => string | null, prepare?: (server: Server) => Promise<any>,
 *   allow?: RegExp, width?: number, colorScheme?: "light" | "dark"}} options
 */
function scenario(name, options, run) {
  test(name, { skip, timeout: 60_000 }, async () => {
    const server = await Server.start();
    try {
      const data = await options.prepare?.(server);
      const token = options.token ? options.token(server) : server.operator;
      const page = await browser.page({ ...options, url: server.url, token });
      const open = (path) => page.goto(server.url + path);
      await run({ server, page, open, data, token });
      assert.deepEqual(page.problems, []);
      await page.context().close();
    } finally {
      await server.stop();
    }
  });
}

const driver = (server) => server.issueToken("driver", { contracts: ["ES-ABC-C1"], name: "anna" });
const ended = (start, end, kwh) => ({
  start_date_time: iso(start),
  end_date_time: iso(end),
  status: "COMPLETED",
  kwh,
  meter_value: [register(0, start, "Transaction.Begin"), register(kwh, end, "Transaction.End")],
});

/** A dozen sessions of two contracts, one live, one invalid, one pending. */
async function several(server) {
  const now = Date.now();
  for (let n = 0; n < 12; n += 1) {
    const end = now - n * 26 * hour - hour;
    await server.putSession(`DONE${n}`, {
      ...ended(end - 2 * hour, end, 10 + n),
      location_id: n % 2 ? "Parking Sol" : "HOME",
      cdr_token: {
        country_code: "ES",
        party_id: "ABC",
        uid: "U1",
        type: "RFID",
        contract_id: n % 3 ? "ES-ABC-C1" : "ES-ABC-C2",
      },
      total_cost: { before_taxes: 3, taxes: [{ name: "VAT", amount: 0.63 }] },
      last_updated: iso(end + 1000),
    });
  }
  await server.putSession("GONE", { status: "INVALID" });
  await server.putSession("NEXT", { status: "PENDING", location_id: "Puerto 4" });
  return server.putSession("LIVE", { kwh: 4.5, charging_periods: [] });
}

scenario(
  "a token is pasted once, refused ones say why, and sign out forgets it",
  { token: () => null, allow: /40[14]/, prepare: several },
  async ({ server, page, open }) => {
    await open("/sessions?state=live");
    await page.waitForURL(/\/sign-in$/);
    await shoot(page, "sign-in");
    await accessible(page);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Paste your token first.").waitFor();
    await page.getByLabel("Token").fill("no-such-token");
    await page.keyboard.press("Enter");
    await page.getByText("This token is not valid").waitFor();
    await page.getByLabel("Token").fill(server.issueToken("partner", { roles: ["CPO:BE*BEC"] }));
    await page.keyboard.press("Enter");
    await page.getByText("for operators and drivers").waitFor();
    await page.getByLabel("Token").fill(server.operator);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/sessions\?state=live$/);
    await page.locator(".row-link").first().waitFor();
    assert.equal(await page.evaluate(() => localStorage.length + document.cookie.length), 0);
    assert.doesNotMatch(page.url(), /your-token/);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(/\/sign-in$/);
    assert.equal(await page.evaluate(() => sessionStorage.getItem("ocpi-sessions.token")), null);
  },
);

scenario(
  "the list: filters in the address, paging, totals, CSV as shown",
  { prepare: several },
  async ({ page, open }) => {
    await open("/sessions");
    await settled(page);
    await shoot(page, "sessions");
    await accessible(page);
    assert.equal(await page.locator(".row-link").count(), 15);
    assert.match(await page.locator("tfoot").innerText(), /15 sessions/);
    await page.getByRole("link", { name: "In progress", exact: true }).click();
    await page.waitForURL(/state=live/);
    await settled(page);
    assert.equal(await page.locator(".row-link").count(), 1);
    await page.getByRole("link", { name: "Completed", exact: true }).click();
    await page.getByRole("link", { name: "7 d", exact: true }).click();
    await page.waitForURL(/range=7d/);
    await page.getByRole("searchbox").fill("parking");
    await page.waitForURL(/q=parking/);
    await settled(page);
    await page.waitForFunction(() =>
      [...document.querySelectorAll(".col-charger")]
        .slice(1, -1)
        .every((each) => /Parking/.test(each.textContent)),
    );
    const rows = await page.locator("tbody tr").count();
    assert.match(await page.locator("tfoot").innerText(), new RegExp(`${rows} sessions`));
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CSV" }).click(),
    ]);
    const lines = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
    assert.equal(lines.length, rows + 1);
    // Reloaded from its address, the list is the same.
    await page.reload();
    await settled(page);
    assert.equal(await page.locator("tbody tr").count(), rows);
  },
);

scenario(
  "older and newer pages",
  {
    async prepare(server) {
      for (let n = 0; n < 60; n += 1)
        await server.putSession(`S${n}`, { last_updated: iso(Date.now() - (60 - n) * minute) });
    },
  },
  async ({ page, open }) => {
    await open("/sessions");
    await settled(page);
    assert.equal(await page.locator(".row-link").count(), 50);
    await page.getByRole("link", { name: "Older" }).click();
    await page.waitForURL(/after=/);
    await page.waitForFunction(() => document.querySelectorAll(".row-link").length === 10);
    await page.getByRole("link", { name: "Newer" }).click();
    await page.waitForFunction(() => document.querySelectorAll(".row-link").length === 50);
  },
);

scenario(
  "rows are links: a middle click opens a tab",
  { prepare: several },
  async ({ page, open, data }) => {
    await open("/sessions?state=live");
    await settled(page);
    const link = page.locator(".row-link").first();
    assert.equal(await link.getAttribute("href"), `/sessions/${data}`);
    const [tab] = await Promise.all([
      page.context().waitForEvent("page"),
      page.locator("tbody tr .col-kwh").first().click({ button: "middle", force: true }),
    ]);
    await tab.waitForURL(`**/sessions/${data}`);
  },
);

scenario(
  "a live row moves without a reload, and a new session appears",
  { prepare: several },
  async ({ server, page, open }) => {
    await open("/sessions");
    await settled(page);
    await server.patchSession("LIVE", { kwh: 7.7 });
    await page
      .locator("tbody .col-kwh")
      .getByText("7.7", { exact: true })
      .waitFor({ timeout: 1000 });
    await server.putSession("NEWER", { location_id: "Hotel" });
    await page.locator("tbody").getByText("Hotel").waitFor({ timeout: 5000 });
  },
);

scenario(
  "a live session moves within a second, survives a restart, and completes by its final reading alone",
  {
    allow: /ERR_|Failed to load/,
    prepare: (server) =>
      server.putSession("S1", {
        kwh: 1.5,
        meter_value: [
          register(0, Date.now() - hour, "Transaction.Begin"),
          register(1.5, Date.now() - 10 * minute),
        ],
      }),
  },
  async ({ server, page, open, data }) => {
    await open(`/sessions/${data}`);
    await settled(page);
    await page.locator(".badge", { hasText: "In progress" }).waitFor();
    await shoot(page, "session-live");
    await accessible(page);
    await server.patchSession("S1", {
      kwh: 8.25,
      meter_value: [register(8.25, Date.now() - minute)],
    });
    await page
      .locator(".figure", { hasText: "Energy" })
      .getByText(/8\.[23]/)
      .waitFor({ timeout: 1000 });

    await server.restart();
    await page.getByText("Reconnecting").waitFor({ state: "hidden", timeout: 25_000 });
    await server.patchSession("S1", { kwh: 9 });
    await page
      .locator(".figure", { hasText: "Energy" })
      .getByText("9.0")
      .waitFor({ timeout: 5000 });

    await server.patchSession("S1", { status: "COMPLETED", end_date_time: iso(Date.now()) });
    await page
      .locator(".badge", { hasText: "Waiting for the final reading" })
      .waitFor({ timeout: 2000 });
    await server.finalReading("S1", 9);
    await page.locator(".badge", { hasText: "Completed" }).waitFor({ timeout: 2000 });
    await page.locator(".figure", { hasText: "Mean power" }).waitFor();
    await shoot(page, "session-completed");
  },
);

const policy = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
async function managed(server) {
  await server.putPolicy(policy);
  await server.putTariff("NIGHT", {
    elements: [{ price_components: [{ type: "ENERGY", price: 0.3, vat: 21, step_size: 1 }] }],
  });
  const now = Date.now();
  return server.putSession("HOME1", {
    kwh: 2,
    soc_start: 30,
    start_date_time: iso(now - hour),
    meter_value: [
      register(0, now - hour, "Transaction.Begin", 30),
      register(2, now - 30 * minute, "Sample.Periodic", 33),
    ],
    charging_periods: [
      {
        start_date_time: iso(now - hour),
        tariff_id: "NIGHT",
        dimensions: [{ type: "ENERGY", volume: 2 }],
      },
    ],
  });
}

scenario(
  "an override is set and ended by a driver",
  { token: driver, prepare: managed },
  async ({ server, page, open, data }) => {
    await open(`/sessions/${data}`);
    await settled(page);
    await page.getByText("from the schedule").waitFor();
    await shoot(page, "session-managed");
    await accessible(page);
    await page.getByLabel("Charge now to, in percent").fill("70");
    await page.getByRole("button", { name: "Charge now" }).click();
    await page.getByText("70 % as soon as possible").first().waitFor();
    assert.equal((await server.get(`/v1/sessions/${data}`)).state, "ACTIVE:IMMEDIATE_START");
    await page.getByLabel("Ready by: level in percent").fill("90");
    await page.getByRole("button", { name: "Ready by" }).click();
    await page
      .getByText(/^90 % by /)
      .first()
      .waitFor();
    assert.equal((await server.get(`/v1/sessions/${data}`)).target.latest.source, "USER_OVERRIDE");
    await page.getByRole("button", { name: "Back to the schedule" }).click();
    await page.getByText("from the schedule").waitFor();
  },
);

scenario(
  "the cost part by part, beside what the operator states",
  { prepare: managed },
  async ({ server, page, open, data }) => {
    await server.patchSession("HOME1", {
      status: "COMPLETED",
      end_date_time: iso(Date.now()),
      total_cost: { before_taxes: 0.9, taxes: [{ name: "VAT", amount: 0.19 }] },
    });
    await server.finalReading("HOME1", 2);
    await open(`/sessions/${data}`);
    await settled(page);
    const card = page.locator("section", { has: page.getByRole("heading", { name: "Cost" }) });
    assert.match(
      await card.innerText(),
      /tariff NIGHT[\s\S]*Energy[\s\S]*2\.0 kWh[\s\S]*0\.30[\s\S]*0\.60[\s\S]*VAT 21 %[\s\S]*0\.13[\s\S]*Total[\s\S]*0\.73 EUR/,
    );
    assert.match(
      await card.innerText(),
      /The charge point operator states 1\.09 EUR, \+0\.36\d* EUR against ours/,
    );
  },
);

scenario(
  "a session of somebody else looks like a missing one",
  {
    token: driver,
    allow: /404/,
    prepare: (server) =>
      server.putSession("S2", {
        cdr_token: {
          country_code: "ES",
          party_id: "ABC",
          uid: "U2",
          type: "RFID",
          contract_id: "ES-ABC-C9",
        },
      }),
  },
  async ({ page, open, data }) => {
    const texts = [];
    for (const id of [data, "00000000-0000-5000-8000-000000000000"]) {
      await open(`/sessions/${id}`);
      await page.getByRole("heading", { name: "Not found" }).waitFor();
      texts.push(await page.locator("body").innerText());
    }
    assert.equal(texts[0], texts[1]);
    await shoot(page, "not-found");
    await accessible(page);
  },
);

scenario(
  "hostile texts are shown as text, in the list and on the page",
  {
    prepare: (server) =>
      server.putSession("EVIL", {
        location_id: "<img src=x onerror=1>",
        evse_uid: "<script>1</script>",
        kwh: 1,
      }),
  },
  async ({ page, open, data }) => {
    for (const path of ["/sessions", "/sessions?q=%3Cimg", `/sessions/${data}`]) {
      await open(path);
      await settled(page);
      assert.equal(await page.locator("main img, main script").count(), 0);
      await page.getByText("<img src=x onerror=1>").first().waitFor();
    }
  },
);

scenario(
  "dark, and 360 px wide",
  { prepare: managed, width: 360, colorScheme: "dark" },
  async ({ page, open, data }) => {
    for (const [name, path] of [
      ["sessions", "/sessions"],
      ["session", `/sessions/${data}`],
    ]) {
      await open(path);
      await settled(page);
      await fits(page);
      await accessible(page);
      await shoot(page, `${name}-360-dark`);
    }
    assert.ok(
      await page.evaluate(
        () => getComputedStyle(document.body).backgroundColor === "rgb(13, 18, 24)",
      ),
    );
  },
);

scenario(
  "a token that is revoked while a page is open",
  { token: driver, allow: /401|ERR_/, prepare: managed },
  async ({ server, page, open, data }) => {
    await open(`/sessions/${data}`);
    await settled(page);
    server.revokeToken("anna");
    await page.waitForURL(/\/sign-in$/, { timeout: 10_000 });
    await page.getByText("no longer accepts this token").waitFor();
  },
);

test("pages bear the headers that keep them safe", { skip }, async () => {
  const server = await Server.start();
  try {
    for (const path of [
      "/",
      "/sign-in",
      "/sessions",
      "/sessions/x",
      "/assets/app.js",
      "/assets/base.css",
    ]) {
      const answer = await fetch(server.url + path, { redirect: "manual" });
      const { headers } = answer;
      assert.equal(answer.status, 200, path);
      assert.equal(
        headers.get("content-security-policy"),
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
        path,
      );
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("referrer-policy"), "no-referrer");
      const again = await fetch(server.url + path, {
        headers: { "If-None-Match": headers.get("etag") },
      });
      assert.equal(again.status, 304, path);
    }
    assert.equal((await fetch(`${server.url}/assets/none.js`)).status, 404);
  } finally {
    await server.stop();
  }
});
