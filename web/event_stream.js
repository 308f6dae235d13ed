// Server-sent events, read by fetch: EventSource can send neither a token nor, to begin with,
// a Last-Event-ID.

import { ApiError, send } from "./api.js";

/** @typedef {{id: string, event: string, data: string}} ServerEvent */

/**
 * Splits what arrives into events. Bytes of comments (heartbeats) are dropped.
 * @param {(event: ServerEvent) => void} receive
 * @param {(milliseconds: number) => void} [retry]
 * @returns {(text: string) => void}
 */
export function eventParser(receive, retry = () => {}) {
  let rest = "";
  let id = "";
  let event = "";
  /** @type {string[]} */
  let data = [];
  return (text) => {
    rest += text;
    // A CR at the end may be half of a CRLF.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (data.length) receive({ id, event: event || "message", data: data.join("\n") });
        event = "";
        data = [];
        continue;
      }
      const colon = line.indexOf(":");
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "data") data.push(value);
      else if (field === "event") event = value;
      else if (field === "id" && !value.includes("\0")) id = value;
      else if (field === "retry" && /^\d+$/.test(value)) retry(Number(value));
    }
  };
}

/**
 * Full jitter: clients of a server that restarts do not come back all at once.
 * @param {number} failures so far, from 1
 * @param {number} random from 0 to 1
 */
export function backOff(failures, random = Math.random()) {
  return 250 + random * Math.min(30_000, 500 * 2 ** Math.min(failures - 1, 10));
}

const silence = 45_000; // three heartbeats
const hiddenFor = 60_000; // a hidden tab gives its connection back

/**
 * Follows a stream until the returned function is called.
 * @param {string} path
 * @param {{event: (status: any) => void, state: (connected: boolean, again: boolean) => void}} to
 * @returns {() => void}
 */
export function followEvents(path, to) {
  let stopped = false;
  let lastId = "";
  let failures = 0;
  let opened = 0;
  /** @type {AbortController | null} */
  let connection = null;
  let timer = 0;
  let watchdog = 0;
  let hiddenTimer = 0;

  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => connection?.abort(), silence);
  };

  const connect = async () => {
    const mine = (connection = new AbortController());
    try {
      /** @type {Record<string, string>} */
      const headers = { Accept: "text/event-stream" };
      if (lastId) headers["Last-Event-ID"] = lastId;
      alive();
      const answer = await send(path, { headers, signal: mine.signal });
      to.state(true, opened++ > 0);
      const parse = eventParser((event) => {
        failures = 0;
        lastId = event.id || lastId;
        if (event.event === "status") to.event(JSON.parse(event.data));
      });
      const reader = /** @type {ReadableStream<Uint8Array>} */ (answer.body).getReader();
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await reader.read();
        if (done || mine !== connection) break;
        alive();
        parse(decoder.decode(value, { stream: true }));
      }
    } catch (error) {
      // The session is not there or the token is refused: asking again does not help.
      if (error instanceof ApiError && (error.status === 401 || error.status === 404))
        return stop();
      if (error instanceof ApiError && error.status === 400) lastId = "";
    }
    if (stopped || mine !== connection) return;
    connection = null;
    clearTimeout(watchdog);
    if (!document.hidden) to.state(false, true);
    timer = setTimeout(connect, backOff(++failures));
  };

  const reconnect = () => {
    if (stopped || connection) return;
    clearTimeout(timer);
    connect();
  };
  const pause = () => {
    const old = connection;
    connection = null;
    clearTimeout(timer);
    clearTimeout(watchdog);
    old?.abort();
  };
  const visibility = () => {
    clearTimeout(hiddenTimer);
    if (document.hidden) hiddenTimer = setTimeout(pause, hiddenFor);
    else reconnect();
  };
  function stop() {
    stopped = true;
    clearTimeout(hiddenTimer);
    removeEventListener("online", reconnect);
    document.removeEventListener("visibilitychange", visibility);
    pause();
  }

  addEventListener("online", reconnect);
  document.addEventListener("visibilitychange", visibility);
  connect();
  return stop;
}
