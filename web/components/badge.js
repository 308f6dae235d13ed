// The status badge: told apart by words and by shape, not by colour alone.

import { html } from "../vendor/htm-preact.js";
import { badgeOf } from "../words.js";

/** @param {{status: Status}} props */
export function Badge({ status }) {
  const { text, look } = badgeOf(status);
  return html`<span class=${`badge badge-${look}`}><span class=${status.stale ? "dot still" : "dot"} aria-hidden="true"></span>${text}</span>`;
}

/** What is on trial when a part cannot be loaded. @param {{error: Error, retry: () => void}} props */
export const PartError = ({ error, retry }) => html`<p class="part-error" role="alert">
  ${error.message} <button class="plain" onClick=${retry}>Try again</button>
</p>`;
