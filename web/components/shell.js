// What every page bears: who is signed in, the way out, and a driver's live session.

import { html, useEffect } from "../vendor/htm-preact.js";
import { forgetToken } from "../api.js";
import { serverName } from "../name.js";
import { go } from "../router.js";
import { LiveStrip } from "./live_strip.js";

/** Who is signed in; on a phone the name alone. @param {{me: Me}} props */
function Who({ me }) {
  const kind = me.kind === "operator" ? "Operator" : "Driver";
  const name = me.name || (me.contracts?.length === 1 ? me.contracts[0] : "");
  if (!name) return html`<span>${kind}</span>`;
  return html`<span class="who-name" title=${`${kind} · ${name}`}><span class="who-kind">${kind} · </span>${name}</span>`;
}

function signOut() {
  forgetToken();
  go("/sign-in", { state: { reason: "You are signed out." } });
}

/** @param {{me: Me | null, name: string, children: any}} props */
export function Shell({ me, name, children }) {
  useEffect(() => {
    const titles = /** @type {Record<string, string>} */ ({
      "sign-in": "Sign in",
      sessions: "Sessions",
      "not-found": "Not found",
    });
    if (titles[name]) document.title = `${titles[name]} · ${serverName}`;
  }, [name]);
  const inside = name !== "sign-in";
  return html`
    <a class="skip" href="#main">Skip to content</a>
    <header class="top">
      <a class="brand" href="/sessions">
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="M9 1 3 9h4.2L6.5 15 13 6.5H8.6z" fill="currentColor" /></svg>
        ${serverName}
      </a>
      ${
        inside &&
        html`<nav aria-label="Pages">
          <a href="/sessions" aria-current=${name === "sessions" ? "page" : name === "session" ? "true" : null}>Sessions</a>
        </nav>
        <div class="who">
          ${me && html`<${Who} me=${me} />`}
          <button class="plain" onClick=${signOut}>Sign out</button>
        </div>`
      }
    </header>
    ${inside && me?.kind === "driver" && html`<${LiveStrip} />`}
    ${children}
    <div id="announcer" class="unseen" role="status" aria-live="polite"></div>
  `;
}
