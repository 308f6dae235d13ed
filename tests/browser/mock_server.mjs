// A server with made-up sessions that answers as the API does: for working on the look of the pages
// and for states that are hard to reach with a real server. Its clock is not that of the browser.
//
//   node mock_server.mjs [PORT]     tokens: operator, driver, newcomer (no sessions), partner
//
// PUT /mock {"revoke": TOKEN} or {"break": true} (ends event streams) or {"refuse": true} (503s)
// or {"event": {...}} (merges into the session of that id and sends it) changes how it behaves.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { makeSessions } from "./mock_sessions.mjs";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

const web = path.resolve(here, "../../web");
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};
const safety = {
  "Content-Security-Policy":
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

/** @param {{port?: number, now?: string}} [options] `now`: where the server's clock starts */
export async function startMock({ port = 0, now: start = "2026-06-03T00:34:00Z" } = {}) {
  const offset = Date.parse(start) - Date.now();
  const now = () => Date.now() + offset;
  const iso = (at) => new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
  const { sessions, policy } = makeSessions(now());
  const revoked = new Set();
  const streams = new Set();
  const requests = [];
  let refuse = false;
  let change = 1000;

  const visible = (token, session) =>
    token === "operator" || (token === "driver" && session.status.contractId === "ES-ABC-C1");
  const fresh = (session) => {
    const { status } = session;
    if (
      status.isLive &&
      status.startedAt &&
      status.status === "IN_PROGRESS" &&
      status.durationSeconds !== null
    ) {
      return {
        ...status,
        durationSeconds: Math.floor((now() - Date.parse(status.startedAt)) / 1000),
      };
    }
    return status;
  };
  const stateOf = (s) => ({
    live: s.isLive && s.status === "IN_PROGRESS",
    completed: s.status === "COMPLETED",
    pending: s.status === "PENDING",
    invalid: s.status === "INVALID",
    attention: s.status === "IN_PROGRESS" && (s.awaitingFinalReading || s.stale),
    all: true,
  });
  const bound = (text, end) =>
    text.length === 10
      ? Date.parse(`${text}T00:00:00Z`) - 7_200_000 + (end ? 86_400_000 : 0)
      : Date.parse(text);
  const filtered = (token, query) =>
    sessions
      .filter((s) => visible(token, s) && stateOf(s.status)[query.get("state") ?? "all"])
      .filter(({ status: s }) => {
        const at = Date.parse(s.lastUpdated ?? "2020-01-01T00:00:00Z");
        if (query.get("from") && at < bound(query.get("from"), false)) return false;
        if (query.get("to") && at >= bound(query.get("to"), true)) return false;
        const q = (query.get("q") ?? "").toLowerCase();
        return [s.id, s.charger?.locationId, s.charger?.evseUid, s.contractId].some((each) =>
          (each ?? "").toLowerCase().includes(q),
        );
      })
      .sort(
        (a, b) =>
          (b.status.lastUpdated ?? "").localeCompare(a.status.lastUpdated ?? "") ||
          a.status.id.localeCompare(b.status.id),
      );

  const json = (answer, status, body, type = "application/json") => {
    answer.writeHead(status, {
      "Content-Type": type,
      "Date": new Date(now()).toUTCString(),
      "Cache-Control": "no-store",
    });
    answer.end(status === 204 ? "" : JSON.stringify(body));
  };
  const problem = (answer, status, title, detail) =>
    json(
      answer,
      status,
      { type: "about:blank", title, status, detail },
      "application/problem+json",
    );
  const send = (answer, session) =>
    answer.write(`id: ${change}\nevent: status\ndata: ${JSON.stringify(fresh(session))}\n\n`);

  const api = async (request, answer, url) => {
    const token = (request.headers.authorization ?? "").replace(/^Token /, "");
    if (refuse)
      return problem(answer, 503, "Service Unavailable", "the store does not answer for now");
    if (!["operator", "driver", "newcomer", "partner"].includes(token) || revoked.has(token)) {
      return problem(answer, 401, "Unauthorized", "the token is not valid");
    }
    const missing = () => problem(answer, 404, "Not Found", "there is nothing at this path");
    if (token === "partner") return missing();
    const where = url.pathname;
    if (where === "/v1/me") {
      return json(
        answer,
        200,
        token === "operator"
          ? { kind: "operator", name: "support desk", contracts: [], roles: [], profile: "strict" }
          : {
              kind: "driver",
              name: null,
              contracts: token === "driver" ? ["ES-ABC-C1"] : [],
              roles: [],
              profile: "strict",
            },
      );
    }
    if (where === "/v1/statuses") {
      const all = filtered(token, url.searchParams);
      const size = Number(url.searchParams.get("pageSize") ?? 50);
      const { after, before } = Object.fromEntries(url.searchParams);
      const from = after ? Number(after) : before ? Math.max(0, Number(before) - size) : 0;
      const page = all.slice(from, from + size);
      return json(answer, 200, {
        data: page.map(fresh),
        pagination: {
          before: from > 0 ? String(from) : null,
          after: from + size < all.length ? String(from + size) : null,
        },
      });
    }
    if (where === "/v1/statistics") {
      const all = filtered(token, url.searchParams).map((s) => s.status);
      const mine = sessions.filter((s) => visible(token, s)).map((s) => s.status);
      const since = (days) =>
        mine.filter((s) => Date.parse(s.startedAt ?? "2020") > now() - days * 86_400_000);
      const sum = (list) => list.reduce((total, s) => total + (s.kwh ?? 0), 0);
      const costs = {};
      for (const s of all)
        if (s.cost?.amount != null)
          costs[s.cost.currency] = (costs[s.cost.currency] ?? 0) + s.cost.amount;
      const week = since(7);
      return json(answer, 200, {
        sessionsToday: since(0.1).length,
        activeNow: mine.filter((s) => stateOf(s).live).length,
        kwhLast7Days: sum(week),
        meanKwhLast7Days: week.length ? sum(week) / week.length : null,
        totals: {
          sessions: all.length,
          kwh: sum(all),
          costs: Object.entries(costs).map(([currency, amount]) => ({
            currency,
            amount: Number(amount.toFixed(4)),
          })),
        },
      });
    }
    if (where === "/v1/sessions.csv") {
      const rows = filtered(token, url.searchParams).map(({ status: s }) =>
        [s.id, s.status, s.startedAt, s.kwh].join(","),
      );
      answer.writeHead(200, { "Content-Type": "text/csv; charset=utf-8" });
      return answer.end(["id,status,startedAt,kwh", ...rows].join("\r\n"));
    }
    const events = /^\/v1(?:\/sessions\/([^/]+))?\/events$/.exec(where);
    const part = /^\/v1\/sessions\/([^/]+)(?:\/(status|cost|ocpi|timeline|timeline\.csv|events))?$/.exec(
      where,
    );
    const session = part && sessions.find((s) => s.status.id === part[1] && visible(token, s));
    if (part && !session) return missing();
    if (events) {
      answer.writeHead(200, {
        "Content-Type": "text/event-stream",
        "Cache-Control": "no-store",
        "Date": new Date(now()).toUTCString(),
      });
      answer.write("retry: 3000\n\n");
      const stream = { answer, token, id: events[1] };
      if (session) send(answer, session);
      streams.add(stream);
      return request.on("close", () => streams.delete(stream));
    }
    if (part) {
      if (part[2] === "status") return json(answer, 200, fresh(session));
      if (part[2] === "cost") return json(answer, 200, session.cost);
      if (part[2] === "ocpi")
        return json(answer, 200, { country_code: "ES", party_id: "ABC", id: fresh(session).id.slice(0, 8) });
      if (part[2] === "timeline") return json(answer, 200, session.timeline);
      if (part[2] === "timeline.csv")
        return answer.writeHead(200, { "Content-Type": "text/csv" }).end("startAt,kwh,kw\r\n");
      return session.view ? json(answer, 200, session.view) : missing();
    }
    if (/^.v1.policies.[0-9a-f-]+$/.test(where))
      return json(answer, 200, { ...policy, id: where.slice(13) });
    if (where === `/v1/policies/${policy.id}/override`) {
      const managed = sessions.find(
        (s) => s.view?.policyId === policy.id && s.view.state.startsWith("ACTIVE"),
      );
      if (request.method === "DELETE") {
        managed.view.target.latest = { ...managed.schedule, id: managed.view.target.latest.id + 1 };
        managed.view.state = "ACTIVE:REGULAR";
        managed.view.outcome.latest = {
          type: "REGULAR",
          targetId: managed.view.target.latest.id,
          state: "ON_TARGET",
          batteryLevelAtReadyBy: null,
          minimumChargeTargetReachedAt: null,
        };
        return json(answer, 204, null);
      }
      let text = "";
      for await (const chunk of request) text += chunk;
      const body = JSON.parse(text);
      if (body.minimumChargeTarget === 99)
        return problem(
          answer,
          422,
          "Unprocessable Content",
          "/minimumChargeTarget: 99 is refused by this mock",
        );
      const id = managed.view.target.latest.id + 1;
      managed.view.target.latest =
        body.type === "REGULAR"
          ? { ...body, id, source: "USER_OVERRIDE", batteryReserve: 40 }
          : { ...body, id };
      managed.view.state = body.type === "REGULAR" ? "ACTIVE:REGULAR" : "ACTIVE:IMMEDIATE_START";
      managed.view.outcome.latest =
        body.type === "REGULAR"
          ? {
              type: "REGULAR",
              targetId: id,
              state: "ON_TARGET",
              batteryLevelAtReadyBy: null,
              minimumChargeTargetReachedAt: null,
            }
          : {
              type: "IMMEDIATE_START",
              targetId: id,
              minimumChargeTargetReachedAt: iso(now() + 9_000_000),
            };
      return json(answer, 200, managed.view.target.latest);
    }
    return missing();
  };

  const control = async (request, answer) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    if (body.revoke) revoked.add(body.revoke);
    if ("refuse" in body) refuse = body.refuse;
    if (body.break || body.revoke) for (const { answer: stream } of streams) stream.destroy();
    if (body.event) {
      const session = sessions.find((s) => s.status.id === body.event.id);
      Object.assign(session.status, body.event, { lastUpdated: iso(now()) });
      change += 1;
      for (const stream of streams) {
        if (visible(stream.token, session) && (!stream.id || stream.id === session.status.id))
          send(stream.answer, session);
      }
    }
    answer.writeHead(204).end();
  };

  const server = createServer(async (request, answer) => {
    const url = new URL(request.url, "http://mock");
    requests.push(`${request.method} ${request.url}`);
    try {
      if (url.pathname === "/mock") return await control(request, answer);
      if (url.pathname.startsWith("/v1/") || url.pathname.startsWith("/ocpi/"))
        return await api(request, answer, url);
      const page = /^\/(sign-in|sessions(\/[^/]+)?)?\/?$/.test(url.pathname);
      const file = page ? "index.html" : url.pathname.replace(/^\/assets\//, "");
      const body = await readFile(path.join(web, path.normalize(`/${file}`)));
      answer.writeHead(200, {
        ...safety,
        "Content-Type": types[path.extname(file)] ?? "application/octet-stream",
        "Cache-Control": "no-cache",
      });
      answer.end(body);
    } catch (error) {
      if (error.code !== "ENOENT") console.error(error);
      if (!answer.headersSent) answer.writeHead(404, safety);
      answer.end();
    }
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    requests,
    ids: Object.fromEntries(sessions.filter((s) => s.name).map((s) => [s.name, s.status.id])),
    /** @param {object} body */
    control: (body) => fetch(`${url}/mock`, { method: "PUT", body: JSON.stringify(body) }),
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mock = await startMock({ port: Number(process.argv[2] ?? 8080) });
  console.log(mock.url, mock.ids);
}
