// What the pages call this server: its operator may have given it a name, which stands in the
// document before the first page is drawn.

export const serverName = document.querySelector(".brand")?.textContent?.trim() || "ocpi-sessions";
