// Routes of the pages: real links, so that a middle click opens a tab, and no reload for a plain one.

import { useEffect, useState } from "./vendor/htm-preact.js";

/** @typedef {{path: string, query: URLSearchParams, state: any}} Place */

const moved = "ocpi-sessions:moved";

let list = "/sessions";

/** The list as it was seen last, with its filters. */
export const lastList = () => list;

/** @returns {Place} */
export function place() {
  const path = location.pathname.replace(/\/+$/, "") || "/";
  if (path === "/sessions") list = path + location.search;
  return { path, query: new URLSearchParams(location.search), state: history.state };
}

/**
 * @param {string} to a path with its query
 * @param {{replace?: boolean, state?: any, scroll?: boolean}} [options]
 */
export function go(to, options = {}) {
  history[options.replace ? "replaceState" : "pushState"](options.state ?? null, "", to);
  dispatchEvent(new Event(moved));
  if (options.scroll ?? !options.replace) scrollTo(0, 0);
}

/** @returns {Place} */
export function usePlace() {
  const [here, setHere] = useState(place);
  useEffect(() => {
    const update = () => setHere(place());
    addEventListener(moved, update);
    addEventListener("popstate", update);
    return () => {
      removeEventListener(moved, update);
      removeEventListener("popstate", update);
    };
  }, []);
  return here;
}

/**
 * The id in /sessions/{id}.
 * @param {string} path
 */
export function sessionId(path) {
  const found = /^\/sessions\/([^/]+)$/.exec(path);
  if (!found) return null;
  try {
    return decodeURIComponent(found[1]);
  } catch {
    return found[1];
  }
}

/** @param {string} id */
export const sessionPath = (id) => `/sessions/${encodeURIComponent(id)}`;

/** Whether a link leads to one of these pages. @param {URL} url */
const isPage = (url) =>
  url.origin === location.origin &&
  (/^\/(sign-in|sessions)?\/*$/.test(url.pathname) || sessionId(url.pathname) !== null);

// Plain clicks on links to these pages stay in the document; all others are the browser's.
document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.target || link.hasAttribute("download")) return;
  const url = new URL(link.href, location.href);
  if (!isPage(url) || (url.hash && url.pathname === location.pathname)) return;
  event.preventDefault();
  go(url.pathname + url.search);
});
