// What a page weighs, gzip'd file by file, as the server sends it.
import { readFileSync, existsSync } from "node:fs";
import { gzipSync } from "node:zlib";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

const web = path.resolve(here, "../../web");

/** The module and all that it imports, apart from what it loads on demand. */
function imports(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  const text = readFileSync(file, "utf8");
  for (const [, name] of text.matchAll(/^(?:import|export)[^"]*"(\.[^"]+)";$/gms)) {
    imports(path.resolve(path.dirname(file), name), found);
  }
  return found;
}

/** All files that the page of that module needs: the document, its styles and its modules. */
export function filesOf(page) {
  const files = new Set([path.join(web, "index.html")]);
  const document = readFileSync(path.join(web, "index.html"), "utf8");
  for (const [, name] of document.matchAll(/(?:href|src)="\/assets\/([^"]+)"/g)) {
    const file = path.join(web, name);
    if (!existsSync(file)) throw new Error(`index.html names ${name}, which is missing`);
    if (name.endsWith(".js")) imports(file, files);
    else files.add(file);
  }
  return [...imports(path.join(web, "pages", page), files)];
}

export function weightOf(page) {
  let sum = 0;
  for (const file of filesOf(page)) sum += gzipSync(readFileSync(file), { level: 9 }).length;
  return sum;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const page of ["sign_in.js", "sessions.js", "session.js"]) {
    console.log(`${page}: ${weightOf(page)} bytes in ${filesOf(page).length} files`);
  }
}
