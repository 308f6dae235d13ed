// The time on the server. The clock of a browser may be off by hours, so "now" is the browser's
// clock plus an offset that is learnt from what the server says.

let offset = 0;
let learntFromSession = 0;

/** How far the server's clock is ahead, in milliseconds. */
export const clockOffset = () => offset;

/** Now on the server, in milliseconds since 1970. */
export const now = () => Date.now() + offset;

/**
 * From the Date header of an answer, which is in full seconds.
 * @param {string | null} header
 */
export function learnFromHeader(header) {
  const told = Date.parse(header ?? "");
  if (Number.isNaN(told) || Date.now() - learntFromSession < 120_000) return;
  adjust(told + 500, 1500);
}

/**
 * From the status of a live session: its duration lasts until now. This also follows a clock that
 * was set for development.
 * @param {Status} status
 */
export function learnFromStatus(status) {
  const start = Date.parse(status.startedAt ?? "");
  if (!status.isLive || !status.durationSeconds || Number.isNaN(start)) return;
  learntFromSession = Date.now();
  adjust(start + status.durationSeconds * 1000 + 500, 2500);
}

/**
 * Small differences are the network's and the rounding's, and do not make the time jump.
 * @param {number} told @param {number} tolerance
 */
function adjust(told, tolerance) {
  const found = told - Date.now();
  if (Math.abs(found - offset) <= tolerance) return;
  offset = Math.abs(found) <= tolerance ? 0 : found;
}
