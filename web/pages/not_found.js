// The same page for a session that does not exist and for one of somebody else.

import { serverName } from "../name.js";
import { html, useEffect } from "../vendor/htm-preact.js";

export default function NotFound() {
  useEffect(() => {
    document.title = `Not found · ${serverName}`;
  }, []);
  return html`<main class="page" id="main" tabindex="-1">
    <div class="panel empty">
      <h1>Not found</h1>
      <p>There is nothing at this address, or it belongs to somebody else. A session of yours shows up here once one of your contracts has started it.</p>
      <p><a class="button" href="/sessions">Sessions</a></p>
    </div>
  </main>`;
}
