// Calls of /v1 with the caller's token. The token is in this browser's storage and in the
// Authorization header, never in an address, a cookie or a log.

import { learnFromHeader } from "./clock.js";

const key = "ocpi-sessions.token";

/** @type {(reason: string) => void} */
let signedOut = () => {};

/** What is to be done when the server refuses the token. @param {(reason: string) => void} callback */
export const onSignedOut = (callback) => void (signedOut = callback);

export const token = () => sessionStorage.getItem(key) ?? localStorage.getItem(key);

/** @param {string} value @param {boolean} stay whether to keep it after the browser is closed */
export function keepToken(value, stay) {
  forgetToken();
  (stay ? localStorage : sessionStorage).setItem(key, value);
}

export function forgetToken() {
  sessionStorage.removeItem(key);
  localStorage.removeItem(key);
}

// Another tab has signed out.
addEventListener("storage", (event) => {
  if ((event.key === key || event.key === null) && !token()) signedOut("");
});

/** An answer that is not a success; `status` is 0 when there was none. */
export class ApiError extends Error {
  /** @param {number} status @param {string} detail */
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/**
 * @param {string} path
 * @param {{method?: string, body?: unknown, signal?: AbortSignal, token?: string,
 *   headers?: Record<string, string>}} [options]
 * @returns {Promise<Response>} a success
 */
export async function send(path, options = {}) {
  const bearer = options.token ?? token();
  /** @type {Record<string, string>} */
  const headers = { ...options.headers, Authorization: `Token ${bearer}` };
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, {
      method: options.method ?? "GET",
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      cache: "no-store",
      credentials: "omit",
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, "The server cannot be reached.");
  }
  learnFromHeader(answer.headers.get("Date"));
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  if (answer.status === 401 && options.token === undefined && bearer === token()) {
    forgetToken();
    signedOut("The server no longer accepts this token. Sign in again.");
  }
  throw new ApiError(answer.status, problem.detail ?? `The server answered ${answer.status}.`);
}

/**
 * @template T
 * @param {string} path
 * @param {Parameters<typeof send>[1]} [options]
 * @returns {Promise<T>}
 */
export async function get(path, options) {
  return (await send(path, options)).json();
}

/** @param {string} path @param {unknown} body @returns {Promise<any>} */
export async function put(path, body) {
  return (await send(path, { method: "PUT", body })).json();
}

/** Saves an answer as a file. @param {string} path @param {string} name */
export async function download(path, name) {
  const blob = await (await send(path)).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
