// Event streams, each opened once however many components follow it.

import { useEffect, useRef, useState } from "./vendor/htm-preact.js";
import { learnFromStatus } from "./clock.js";
import { followEvents } from "./event_stream.js";

/**
 * @typedef {{event?: (status: Status) => void, open?: () => void,
 *   state: (connected: boolean) => void}} Listener
 * @typedef {{stop: () => void, listeners: Set<Listener>, connected: boolean}} Stream
 */

/** @type {Map<string, Stream>} */
const streams = new Map();

/** @param {string} path @param {Listener} listener @returns {() => void} */
function listen(path, listener) {
  let stream = streams.get(path);
  if (stream) {
    listener.state(stream.connected);
  } else {
    const made = (stream = /** @type {Stream} */ ({ listeners: new Set(), connected: true }));
    streams.set(path, made);
    made.stop = followEvents(path, {
      event(status) {
        learnFromStatus(status);
        for (const each of made.listeners) each.event?.(status);
      },
      state(connected) {
        made.connected = connected;
        for (const each of made.listeners) {
          each.state(connected);
          if (connected) each.open?.();
        }
      },
    });
  }
  const { listeners, stop } = stream;
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size) return;
    stop();
    if (streams.get(path)?.listeners === listeners) streams.delete(path);
  };
}

/**
 * Follows a stream while the component is there.
 * @param {string | null} path null: none yet
 * @param {{event?: (status: Status) => void, open?: () => void}} to
 *   `open` is called at each connection: what changed before it has to be asked for
 * @returns {boolean} whether it is connected, as far as known
 */
export function useStream(path, to) {
  const latest = useRef(to);
  latest.current = to;
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    if (!path) return undefined;
    return listen(path, {
      event: (status) => latest.current.event?.(status),
      open: () => latest.current.open?.(),
      state: setConnected,
    });
  }, [path]);
  return connected;
}
