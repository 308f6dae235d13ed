// The token is pasted once.

import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { get, keepToken } from "../api.js";
import { go } from "../router.js";

/** Only a path of these pages. @param {unknown} next */
const safe = (next) =>
  typeof next === "string" && /^\/sessions([/?]|$)/.test(next) ? next : "/sessions";

/** @param {any} error */
function reasonOf(error) {
  if (error.status === 401)
    return "This token is not valid. It may have been revoked, or a part is missing.";
  if (error.status === 404)
    return "This token cannot be used here: these pages are for operators and drivers.";
  return error.message;
}

/** @param {{place: import("../router.js").Place}} props */
export default function SignIn({ place }) {
  const [reason, setReason] = useState(/** @type {string} */ (place.state?.reason ?? ""));
  const [failed, setFailed] = useState(false);
  const [busy, setBusy] = useState(false);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const stay = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => field.current?.focus(), []);

  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault();
    const value = (field.current?.value ?? "").trim().replace(/^Token\s+/i, "");
    setFailed(false);
    setReason("");
    if (!/^[\x21-\x7e]+$/.test(value)) {
      setFailed(true);
      setReason(
        value
          ? "A token has no spaces and only plain letters, digits and signs."
          : "Paste your token first.",
      );
      return field.current?.focus();
    }
    setBusy(true);
    try {
      await get("/v1/me", { token: value });
      keepToken(value, stay.current?.checked ?? false);
      go(safe(place.state?.next), { replace: true });
    } catch (error) {
      setBusy(false);
      setFailed(true);
      setReason(reasonOf(error));
      field.current?.select();
    }
  };

  return html`<main class="page narrow" id="main" tabindex="-1">
    <form class="panel sign-in" onSubmit=${submit} novalidate>
      <h1>Sign in</h1>
      <p class=${failed ? "notice bad" : "notice"} role="alert" id="reason" hidden=${!reason}>${reason}</p>
      <label for="token">Token</label>
      <input id="token" ref=${field} type="password" autocomplete="current-password" spellcheck=${false}
        autocapitalize="off" aria-invalid=${failed} aria-describedby="reason hint" />
      <p class="hint" id="hint">Operators and drivers get one from whoever runs this server.</p>
      <label class="check"><input ref=${stay} type="checkbox" /> Stay signed in on this device</label>
      <button class="button primary" disabled=${busy}>${busy ? "Signing in…" : "Sign in"}</button>
    </form>
  </main>`;
}
