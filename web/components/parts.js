// Small parts that several cards share.

import { html } from "../vendor/htm-preact.js";
import { count } from "../format.js";

/** Instead of a part that cannot be loaded. @param {{error: Error, retry: () => void}} props */
export const PartError = ({ error, retry }) => html`<p class="part-error" role="alert">
  ${error.message} <button class="plain" onClick=${retry}>Try again</button>
</p>`;

/** Remarks of the server on what was inexact; at most a hundred. @param {{notes: string[]}} props */
export function Notes({ notes }) {
  if (!notes?.length) return null;
  return html`<details class="more">
    <summary>Notes · ${count(notes.length)}</summary>
    <ul class="notes">${notes.slice(0, 100).map((text) => html`<li key=${text}>${text}</li>`)}</ul>
  </details>`;
}

/** A line of names and values; those without a value are left out. @param {{facts: [string, any][]}} props */
export function Facts({ facts }) {
  const known = facts.filter(([, value]) => value);
  if (!known.length) return null;
  return html`<dl class="charger">
    ${known.map(([name, value]) => html`<div key=${name}><dt>${name}</dt> <dd>${value}</dd></div>`)}
  </dl>`;
}
