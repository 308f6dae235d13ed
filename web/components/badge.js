// The status badge: told apart by words and by shape, not by colour alone.

import { html } from "../vendor/htm-preact.js";
import { badgeOf } from "../words.js";

/** @param {{status: Status}} props */
export function Badge({ status }) {
  const { text, look } = badgeOf(status);
  return html`<span class=${`badge badge-${look}`}><span class=${status.stale ? "dot still" : "dot"} aria-hidden="true"></span>${text}</span>`;
}
