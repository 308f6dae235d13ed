// Hooks that several components share.

import { useCallback, useEffect, useRef, useState } from "./vendor/htm-preact.js";

/**
 * Renders again every so often, while the page is visible.
 * @param {number} milliseconds 0: never
 */
export function useTick(milliseconds) {
  const [, set] = useState(0);
  useEffect(() => {
    if (!milliseconds) return undefined;
    const timer = setInterval(() => document.hidden || set((count) => count + 1), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
}

/** Whether a media query holds. @param {string} query */
export function useMedia(query) {
  const [holds, set] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const update = () => set(list.matches);
    update();
    list.addEventListener("change", update);
    return () => list.removeEventListener("change", update);
  }, [query]);
  return holds;
}

/**
 * @template T
 * @typedef {{data: T | null, error: import("./api.js").ApiError | null, loading: boolean,
 *   reload: () => void, set: (change: (data: T) => T) => void}} Resource
 */

/**
 * What `load` gives, loaded again when `key` changes or `reload` is called; the last data stays until
 * then. Reloads in quick succession become one at once and one afterwards. A null key loads nothing.
 * @template T
 * @param {string | null} key
 * @param {(signal: AbortSignal) => Promise<T>} load
 * @param {number} [pause] the least time between reloads, in milliseconds
 * @returns {Resource<T>}
 */
export function useResource(key, load, pause = 1000) {
  const [state, setState] = useState(
    /** @type {{key: string | null, data: T | null, error: any}} */ ({
      key,
      data: null,
      error: null,
    }),
  );
  const [loading, setLoading] = useState(key !== null);
  const run = useRef(/** @type {() => void} */ (() => {}));

  useEffect(() => {
    if (key === null) return undefined;
    const controller = new AbortController();
    let timer = 0;
    let busy = false; // loading, or in the pause after it
    let loads = false;
    let wanted = false;
    let failures = 0;
    const start = async () => {
      clearTimeout(timer);
      busy = loads = true;
      wanted = false;
      setLoading(true);
      try {
        const data = await load(controller.signal);
        if (controller.signal.aborted) return;
        failures = 0;
        setState({ key, data, error: null });
      } catch (error) {
        if (controller.signal.aborted) return;
        setState((old) => ({ key, data: old.key === key ? old.data : null, error }));
        // What fails for now is tried again by itself.
        const status = /** @type {any} */ (error).status ?? 0;
        if (status === 0 || status === 429 || status >= 500) {
          failures += 1;
          wanted = true;
        }
      }
      loads = false;
      setLoading(false);
      const wait = failures ? Math.min(30_000, pause * 2 ** failures) : pause;
      timer = setTimeout(() => {
        busy = false;
        if (wanted) start();
      }, wait);
    };
    run.current = () => {
      wanted = true;
      if (!busy || (failures && !loads)) start();
    };
    start();
    return () => {
      run.current = () => {};
      clearTimeout(timer);
      controller.abort();
    };
  }, [key]);

  const reload = useCallback(() => run.current(), []);
  const set = useCallback((/** @type {(data: T) => T} */ change) => {
    setState((old) => (old.data === null ? old : { ...old, data: change(old.data) }));
  }, []);
  const mine = state.key === key;
  return { data: mine ? state.data : null, error: mine ? state.error : null, loading, reload, set };
}

/**
 * Says something to screen readers, politely.
 * @param {string} text
 */
export function announce(text) {
  const region = document.getElementById("announcer");
  if (region && region.textContent !== text) region.textContent = text;
}
