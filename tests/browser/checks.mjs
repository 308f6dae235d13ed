// Checks that every page has to pass.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Waits until the page has its data: no skeletons any more. */
export async function settled(page) {
  await page.waitForFunction(
    () => document.querySelector("main") && !document.querySelector('[aria-busy="true"], .bone'),
    null,
    { timeout: 10_000 },
  );
}

/** No findings of axe-core that are serious or worse. */
export async function accessible(page) {
  // By the debugger's way in, which the content security policy does not concern.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    }),
  );
  const serious = violations.filter((each) => ["serious", "critical"].includes(each.impact));
  const text = serious.map(
    (each) => `${each.id}: ${each.nodes.map((node) => node.html).join("\n  ")}`,
  );
  assert.deepEqual(text, []);
}

/** Nothing is wider than the window. */
export async function fits(page) {
  const wide = await page.evaluate(() => {
    if (document.documentElement.scrollWidth <= document.documentElement.clientWidth) return [];
    const edge = document.documentElement.clientWidth;
    return [...document.querySelectorAll("body *")]
      .filter((each) => each.getBoundingClientRect().right > edge + 1)
      .map((each) => `${each.tagName}.${each.getAttribute("class")}`)
      .slice(0, 8);
  });
  assert.deepEqual(wide, []);
}

/** A picture for people, when a folder for them is given. */
export async function shoot(page, name) {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  // As high as the page, so that what sticks to an edge is at its own place.
  const size = page.viewportSize();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: size.width, height: Math.max(size.height, height) });
  await page.waitForTimeout(100);
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
  await page.setViewportSize(size);
}
