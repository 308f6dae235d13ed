// Takes pictures of pages of the mock: node shots.mjs FOLDER [NAME...]
import { mkdirSync } from "node:fs";
import { startMock } from "./mock_server.mjs";
import { openBrowser } from "./browser.mjs";

const [folder = "screenshots", ...wanted] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const mock = await startMock();
const pages = {
  "sign-in": ["/sign-in", null],
  sessions: ["/sessions", "operator"],
  attention: ["/sessions?state=attention", "operator"],
  "sessions-driver": ["/sessions", "driver"],
  "no-match": ["/sessions?q=nowhere&range=7d", "operator"],
  none: ["/sessions", "newcomer"],
  "not-found": ["/sessions/00000000-0000-5000-8000-000000000000", "driver"],
  ...Object.fromEntries(
    Object.entries(mock.ids).map(([name, id]) => [name, [`/sessions/${id}`, "operator"]]),
  ),
};
const looks = [
  [1280, "light"],
  [1280, "dark"],
  [360, "light"],
  [360, "dark"],
  ...(wanted.some((each) => /-(768|1024)/.test(each))
    ? [
        [768, "light"],
        [1024, "light"],
      ]
    : []),
];
const browser = await openBrowser();
for (const [width, colorScheme] of looks) {
  for (const [name, [path, token]] of Object.entries(pages)) {
    const key = `${name}-${width}-${colorScheme}`;
    if (wanted.length && !wanted.some((each) => key.startsWith(each))) continue;
    const page = await browser.page({
      url: mock.url,
      token,
      width,
      height: width < 700 ? 740 : name.startsWith("sessions") ? 2600 : 900,
      colorScheme,
    });
    await page.goto(mock.url + path);
    await page
      .waitForFunction(() => !document.querySelector('[aria-busy="true"], .bone'), null, {
        timeout: 5000,
      })
      .catch(() => console.log(key, "is still busy"));
    await page.waitForTimeout(150);
    await page.screenshot({ path: `${folder}/${key}.png`, fullPage: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    if (wide) console.log(`${key} scrolls sideways`);
    for (const problem of page.problems) console.log(key, problem);
    await page.context().close();
  }
}
await browser.close();
await mock.stop();
