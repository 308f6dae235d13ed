// Entry: chooses the page for the address.

import {
  html,
  render,
  useEffect,
  useErrorBoundary,
  useRef,
  useState,
} from "./vendor/htm-preact.js";
import { get, onSignedOut, token } from "./api.js";
import { Shell } from "./components/shell.js";
import { useResource } from "./hooks.js";
import { go, place, sessionId, usePlace } from "./router.js";

/** @type {Record<string, () => Promise<{default: any}>>} */
const pages = {
  "sign-in": () => import("./pages/sign_in.js"),
  sessions: () => import("./pages/sessions.js"),
  session: () => import("./pages/session.js"),
  "not-found": () => import("./pages/not_found.js"),
};

/** @param {string} path */
function pageOf(path) {
  if (path === "/sign-in" || path === "/sessions") return path.slice(1);
  return sessionId(path) === null ? "not-found" : "session";
}

/** Sends callers without a token to the sign-in page, which brings them back. */
function redirect() {
  const { path, query } = place();
  const search = query.size ? `?${query}` : "";
  if (!token() && path !== "/sign-in") {
    go("/sign-in", { replace: true, state: { next: path === "/" ? "/sessions" : path + search } });
  } else if (token() && path === "/") {
    go("/sessions", { replace: true });
  }
}

onSignedOut((reason) => {
  const { path, query } = place();
  if (path === "/sign-in") return;
  const next = path + (query.size ? `?${query}` : "");
  go("/sign-in", { replace: true, state: { next, reason } });
});

/** A page's module, loaded when it is first needed. @param {{name: string} & Record<string, any>} props */
function Page({ name, ...props }) {
  const [loaded, setLoaded] = useState(/** @type {{name: string, view: any} | null} */ (null));
  const [failure, setFailure] = useState("");
  useEffect(() => {
    let wanted = true;
    pages[name]()
      .then((module) => wanted && setLoaded({ name, view: module.default }))
      .catch(
        () => wanted && setFailure("This page cannot be loaded. The server may be restarting."),
      );
    return () => void (wanted = false);
  }, [name]);
  if (failure) return html`<${Failure} text=${failure} />`;
  if (loaded?.name !== name) {
    return html`<main class="page" aria-busy="true">
      <div class="bone bone-title"></div>
      <div class="panel bone-panel"></div>
      <div class="panel bone-panel bone-tall"></div>
    </main>`;
  }
  return html`<${loaded.view} ...${props} />`;
}

/** @param {{text: string}} props */
const Failure = ({ text }) => html`<main class="page" id="main" tabindex="-1">
  <div class="panel empty" role="alert">
    <h1>Something went wrong</h1>
    <p>${text}</p>
    <p><button class="button" onClick=${() => location.reload()}>Load again</button></p>
  </div>
</main>`;

function App() {
  const here = usePlace();
  const name = pageOf(here.path);
  const signedIn = name !== "sign-in" && Boolean(token());
  const me = useResource(signedIn ? token() : null, (signal) => get("/v1/me", { signal })).data;
  const [error] = useErrorBoundary();
  const first = useRef(true);

  useEffect(redirect, [here]);
  useEffect(() => {
    // After moving to another page the keyboard starts at its content.
    if (!first.current) document.getElementById("main")?.focus({ preventScroll: true });
    first.current = false;
  }, [here.path]);

  if (error) return html`<${Failure} text=${String(error.message ?? error)} />`;
  if (!signedIn && name !== "sign-in") return null;
  return html`<${Shell} me=${me} name=${name}>
    <${Page} name=${name} key=${here.path} me=${me} place=${here} id=${sessionId(here.path)} />
  <//>`;
}

redirect();
const root = /** @type {HTMLElement} */ (document.getElementById("app"));
root.textContent = "";
render(html`<${App} />`, root);
