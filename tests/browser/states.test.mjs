// The pages in states that are hard to reach with a real server: on the mock.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser } from "./browser.mjs";
import { accessible, fits, settled, shoot } from "./checks.mjs";
import { startMock } from "./mock_server.mjs";

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

/** A mock and a page of it, closed afterwards. */
function scene(name, options, run) {
  test(name, { timeout: 90_000 }, async () => {
    const mock = await startMock();
    const page = await browser.page({ url: mock.url, token: "operator", ...options });
    try {
      await run({
        mock,
        page,
        open: (path) => page.goto(mock.url + path),
        session: (id) => page.goto(`${mock.url}/sessions/${mock.ids[id]}`),
      });
      assert.deepEqual(page.problems, []);
    } finally {
      await page.context().close();
      await mock.stop();
    }
  });
}

for (const [width, colorScheme] of [
  [1280, "light"],
  [360, "dark"],
]) {
  scene(
    `every state of a session is accessible and fits into ${width} px, ${colorScheme}`,
    { width, colorScheme },
    async ({ mock, page }) => {
      for (const [name, id] of Object.entries(mock.ids)) {
        await page.goto(`${mock.url}/sessions/${id}`);
        await settled(page);
        await fits(page);
        await accessible(page);
        await shoot(page, `session-${name}-${width}-${colorScheme}`);
      }
    },
  );
  scene(
    `the lists are accessible and fit into ${width} px, ${colorScheme}`,
    { width, colorScheme },
    async ({ page, open }) => {
      for (const [name, path] of [
        ["all", "/sessions"],
        ["attention", "/sessions?state=attention"],
        ["no-match", "/sessions?q=nowhere"],
        ["dates", "/sessions?from=2026-05-01&to=2026-05-31"],
      ]) {
        await open(path);
        await settled(page);
        await fits(page);
        await accessible(page);
        await shoot(page, `sessions-${name}-${width}-${colorScheme}`);
      }
    },
  );
}

scene(
  "all that can be opened is accessible and fits into 360 px",
  { width: 360 },
  async ({ page, session }) => {
    await session("settled");
    await settled(page);
    for (const summary of await page.locator("summary").all()) await summary.click();
    assert.equal(await page.locator("details[open]").count(), 6);
    await fits(page);
    await accessible(page);
    await shoot(page, "session-opened-360");
  },
);

scene("hostile texts are shown as text", {}, async ({ page, session }) => {
  await session("odd");
  await settled(page);
  await page.getByText("Notes · 2").first().click();
  assert.equal(await page.locator("img").count(), 0);
  assert.match(await page.locator("main").innerText(), /<img src=x onerror="alert\(1\)">/);
});

scene(
  "ten thousand intervals are drawn, zoomed and tabled without delay",
  {},
  async ({ page, session }) => {
    await session("long");
    await settled(page);
    const took = await page.evaluate(async () => {
      const start = performance.now();
      document.querySelector('[aria-label="Zoom in"]').click();
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      return performance.now() - start;
    });
    assert.ok(took < 1000, `a zoom took ${took} ms`);
    await page.getByText("Table of the timeline").click();
    assert.equal((await page.locator(".figures-table tbody tr").count()) <= 140, true);
    await page.getByRole("button", { name: "Later" }).click();
    await page.getByText("2 of 105").waitFor();
  },
);

scene("the server's clock counts, not the browser's", {}, async ({ page, session }) => {
  await session("managed");
  await settled(page);
  // The browser's clock is months away from the mock's, where this session is four hours old.
  assert.match(
    await page.locator(".figure", { hasText: "Elapsed" }).innerText(),
    /4:(19|20|21):\d\d/,
  );
  assert.match(await page.locator(".head-words").innerText(), /updated \d+ (s|min) ago/);
});

scene("elapsed ticks, and the figures move with events", {}, async ({ mock, page, session }) => {
  await session("live");
  await settled(page);
  const elapsed = page.locator(".figure", { hasText: "Elapsed" });
  const first = await elapsed.innerText();
  await page.waitForFunction(
    (text) => !document.querySelector(".live-card").innerText.includes(text),
    first.split("\n").pop().trim(),
  );
  await mock.control({ event: { id: mock.ids.live, kwh: 61.25, liveKw: 44 } });
  await page.getByText("61.3").first().waitFor({ timeout: 1000 });
  await mock.control({
    event: { id: mock.ids.live, status: "COMPLETED", isLive: false, isFinal: true, liveKw: null },
  });
  await page.locator(".badge", { hasText: "Completed" }).waitFor({ timeout: 1000 });
  await page.getByText("Mean power").waitFor();
  assert.equal(await page.locator("#announcer").innerText(), "The session is now: Completed");
});

scene(
  "a broken stream is opened again",
  { allow: /INCOMPLETE_CHUNKED/ },
  async ({ mock, page, session }) => {
    await session("live");
    await settled(page);
    await mock.control({ break: true });
    await page.getByText("Reconnecting").waitFor();
    await page.getByText("Reconnecting").waitFor({ state: "hidden" });
    await mock.control({ event: { id: mock.ids.live, kwh: 77 } });
    await page.getByText("77.0").first().waitFor({ timeout: 1000 });
  },
);

scene(
  "a server that does not answer for now is asked again",
  { allow: /503/ },
  async ({ mock, page, open }) => {
    await mock.control({ refuse: true });
    await open("/sessions");
    await page.getByText("The sessions cannot be shown").waitFor();
    assert.match(await page.locator(".empty").innerText(), /the store does not answer for now/);
    await mock.control({ refuse: false });
    await page.locator(".row-link").first().waitFor({ timeout: 15_000 });
  },
);

scene(
  "a token that is revoked leads to the sign-in page and is forgotten",
  { allow: /401|INCOMPLETE_CHUNKED/ },
  async ({ mock, page, session }) => {
    await session("live");
    await settled(page);
    await mock.control({ revoke: "operator" });
    await page.getByText("no longer accepts this token").waitFor();
    assert.equal(new URL(page.url()).pathname, "/sign-in");
    assert.equal(
      await page.evaluate(
        () =>
          sessionStorage.getItem("ocpi-sessions.token") ??
          localStorage.getItem("ocpi-sessions.token"),
      ),
      null,
    );
    await accessible(page);
  },
);

scene(
  "a partner's token is refused with a reason",
  { token: null, allow: /404/ },
  async ({ page, open }) => {
    await open("/sign-in");
    await page.getByLabel("Token").fill("partner");
    await page.keyboard.press("Enter");
    await page.getByText("for operators and drivers").waitFor();
    await accessible(page);
  },
);

scene("an override is pending until the view shows it, and ends", {}, async ({ page, session }) => {
  await session("managed");
  await settled(page);
  await page.getByLabel("Charge now to, in percent").fill("90");
  await page.getByRole("button", { name: "Charge now" }).click();
  await page.getByText("90 % as soon as possible").first().waitFor();
  assert.match(await page.locator(".head-words").innerText(), /Immediate start/);
  await page.getByRole("button", { name: "Back to the schedule" }).click();
  await page.getByText("from the schedule").waitFor();
  await page.getByText("60 % by Wed 07:00").first().waitFor();
});

scene(
  "an override that is refused says so in its place",
  { allow: /422/ },
  async ({ page, session }) => {
    await session("managed");
    await settled(page);
    await page.getByLabel("Charge now to, in percent").fill("0");
    await page.getByRole("button", { name: "Charge now" }).click();
    await page.getByText("A level is from 1 to 100 %.").waitFor();
    await page.getByLabel("Charge now to, in percent").fill("99");
    await page.getByRole("button", { name: "Charge now" }).click();
    await page.getByText("is refused by this mock").waitFor();
    assert.ok(await page.getByRole("button", { name: "Charge now" }).isEnabled());
  },
);

scene("the list by keyboard", {}, async ({ page, open }) => {
  await open("/sessions");
  await settled(page);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  const href = await page.evaluate(() => document.activeElement.getAttribute("href"));
  assert.equal(href, await page.locator("[data-row]").first().getAttribute("href"));
  await page.keyboard.press("/");
  await page.keyboard.type("puerto");
  await page.waitForURL(/q=puerto/);
  await page.keyboard.press("Escape");
  await settled(page);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/sessions\/.+/);
  await page.goBack();
  await page.waitForURL(/q=puerto/);
});

scene("the timeline by keyboard", {}, async ({ page, session }) => {
  await session("settled");
  await settled(page);
  await page.locator(".chart").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  assert.match(
    await page.locator(".chart [aria-live]").innerText(),
    /22:00–22:15, 7\.2 kW, 1\.8 kWh, Battery \d+ %, Immediate start/,
  );
  await page.keyboard.press("+");
  assert.ok(await page.getByRole("button", { name: "All" }).isEnabled());
  await page.keyboard.press("0");
  assert.ok(await page.getByRole("button", { name: "All" }).isDisabled());
});

scene("the timeline is zoomed by dragging", {}, async ({ page, session }) => {
  await session("settled");
  await settled(page);
  const box = await page.locator("canvas").boundingBox();
  await page.mouse.move(box.x + 200, box.y + 100);
  await page.locator(".tip").waitFor();
  await page.mouse.down();
  await page.mouse.move(box.x + 500, box.y + 110, { steps: 4 });
  await page.mouse.up();
  assert.ok(await page.getByRole("button", { name: "All" }).isEnabled());
  await shoot(page, "session-zoomed");
});

scene(
  "a driver's live session is on every page",
  { token: "driver" },
  async ({ mock, page, open }) => {
    await open("/sessions");
    await page.locator(".strip").waitFor();
    assert.match(
      await page.locator(".strip").innerText(),
      /kWh[\s\S]*Calle Mayor 12[\s\S]*since[\s\S]*≈ 1\.50 EUR/,
    );
    await settled(page);
    await accessible(page);
    await mock.control({
      event: { id: mock.ids.managed, status: "COMPLETED", isLive: false, isFinal: true },
    });
    await page.locator(".strip").waitFor({ state: "detached" });
  },
);

scene("colours hold with red-green blindness", {}, async ({ page, session }) => {
  if (!process.env.SCREENSHOTS) return;
  const debug = await page.context().newCDPSession(page);
  for (const type of ["deuteranopia", "protanopia"]) {
    await session("failing");
    await settled(page);
    await debug.send("Emulation.setEmulatedVisionDeficiency", { type });
    await shoot(page, `session-failing-${type}`);
  }
});
