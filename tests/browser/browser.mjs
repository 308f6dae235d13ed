// Debian's Chromium, with pages that collect what goes wrong in them.

import { chromium } from "playwright-core";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function openBrowser() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: flags,
  });
  return {
    close: () => browser.close(),
    /**
     * A page with a profile of its own. `page.problems` lists console errors, exceptions, reports of
     * the content security policy and requests to other hosts.
     * @param {{url: string, token?: string | null, width?: number, height?: number,
     *   colorScheme?: "light" | "dark", allow?: RegExp}} options `allow`: expected console errors
     */
    async page({ url, token = null, width = 1280, height = 800, colorScheme = "light", allow }) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        locale: "en-GB",
        timezoneId: "Europe/Madrid",
        acceptDownloads: true,
      });
      if (token) {
        await context.addInitScript((value) => {
          if (!sessionStorage.getItem("test.signed-in")) {
            sessionStorage.setItem("test.signed-in", "once");
            sessionStorage.setItem("ocpi-sessions.token", value);
          }
        }, token);
      }
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      const problems = [];
      page.on("console", (message) => {
        if (message.type() === "error" && !allow?.test(message.text()))
          problems.push(message.text());
      });
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("request", (request) => {
        const target = new URL(request.url());
        if (/^https?:$/.test(target.protocol) && target.origin !== url)
          problems.push(`request to ${target.origin}`);
      });
      return Object.assign(page, { problems });
    },
  };
}
