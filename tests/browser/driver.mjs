// Drives a real server: starts it, restarts it, issues tokens, sends sessions as a charge point
// operator does. OCPI_SESSIONS_EXECUTABLE names the program.

import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export const executable = process.env.OCPI_SESSIONS_EXECUTABLE;

/** @param {number} at */
export const iso = (at) => new Date(at).toISOString().replace(/\.\d+Z$/, "Z");

/** The id of a session under /v1: UUID version 5 in the URL namespace. */
export function sessionId(countryCode, partyId, id) {
  const space = Buffer.from("6ba7b8119dad11d180b400c04fd430c8", "hex");
  const name = `ocpi:session:${`${countryCode}/${partyId}/${id}`.toUpperCase()}`;
  const hash = createHash("sha1").update(space).update(name).digest().subarray(0, 16);
  hash[6] = (hash[6] & 0x0f) | 0x50;
  hash[8] = (hash[8] & 0x3f) | 0x80;
  return hash.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export class Server {
  /** @param {string[]} [extra] more arguments of `serve` */
  static async start(extra = []) {
    const server = new Server();
    server.folder = mkdtempSync(path.join(tmpdir(), "ocpi-sessions-browser-"));
    server.database = `sqlite:${path.join(server.folder, "sessions.db")}`;
    server.extra = extra;
    server.operator = "your-token";
    await server.#spawn("127.0.0.1:0");
    return server;
  }

  async #spawn(listen) {
    const words = [
      "serve",
      "--listen",
      listen,
      "--database",
      this.database,
      "--dev",
      ...this.extra,
    ];
    this.process = spawn(executable, words, {
      stdio: ["ignore", "pipe", "pipe"],
      cwd: this.folder,
    });
    this.log = "";
    this.process.stderr.on("data", (data) => (this.log += data));
    this.url = await new Promise((resolve, reject) => {
      let text = "";
      this.process.stdout.on("data", (data) => {
        text += data;
        const found = /^listening on (\S+)\n/.exec(text);
        if (found) resolve(found[1]);
      });
      this.process.on("exit", () =>
        reject(new Error(`the server did not come up: ${text}${this.log}`)),
      );
    });
  }

  /** Ends the process and waits for it. @param {NodeJS.Signals} [signal] */
  async halt(signal = "SIGKILL") {
    const ended = new Promise((resolve) => this.process.on("exit", resolve));
    this.process.kill(signal);
    await ended;
  }

  /** At the same address, with what it has stored. */
  async restart() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.halt();
    await this.#spawn(new URL(this.url).host);
  }

  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null)
      await this.halt("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A new token. @param {"operator" | "driver" | "partner"} kind @param {{contracts?: string[], roles?: string[], name?: string}} [options] */
  issueToken(kind, { contracts = [], roles = [], name } = {}) {
    const words = ["token", "add", "--database", this.database, "--kind", kind];
    for (const contract of contracts) words.push("--contract", contract);
    for (const role of roles) words.push("--role", role);
    if (name) words.push("--name", name);
    return execFileSync(executable, words, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    })
      .trim()
      .split(/\s+/)
      .pop();
  }

  revokeToken(name) {
    execFileSync(executable, ["token", "revoke", "--database", this.database, "--name", name]);
  }

  async #call(method, where, body) {
    const answer = await fetch(this.url + where, {
      method,
      headers: { Authorization: `Token ${this.operator}`, "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    const read = text ? JSON.parse(text) : null;
    if (!answer.ok || (read?.status_code ?? 1000) !== 1000)
      throw new Error(`${method} ${where}: ${answer.status} ${text}`);
    return read;
  }

  get(where) {
    return this.#call("GET", where);
  }

  /** Sends a session of ES*ABC, with what is not given made up. @returns {Promise<string>} its id under /v1 */
  async putSession(id, fields = {}) {
    const now = Date.now();
    const session = {
      country_code: "ES",
      party_id: "ABC",
      id,
      start_date_time: iso(now - 3_600_000),
      kwh: 0,
      auth_method: "WHITELIST",
      cdr_token: {
        country_code: "ES",
        party_id: "ABC",
        uid: "U1",
        type: "RFID",
        contract_id: "ES-ABC-C1",
      },
      location_id: "HOME",
      evse_uid: "E1",
      connector_id: "1",
      currency: "EUR",
      status: "ACTIVE",
      last_updated: iso(now),
      ...fields,
    };
    await this.#call("PUT", `/ocpi/emsp/2.3.0/sessions/ES/ABC/${id}`, session);
    return sessionId("ES", "ABC", id);
  }

  patchSession(id, fields) {
    return this.#call("PATCH", `/ocpi/emsp/2.3.0/sessions/ES/ABC/${id}`, {
      last_updated: iso(Date.now()),
      ...fields,
    });
  }

  /** The last reading: it alone completes a session that is over. */
  finalReading(id, kwh, at = Date.now()) {
    return this.patchSession(id, { meter_value: [register(kwh, at, "Transaction.End")] });
  }

  putTariff(id, fields) {
    return this.#call("PUT", `/ocpi/emsp/2.3.0/tariffs/ES/ABC/${id}`, {
      country_code: "ES",
      party_id: "ABC",
      id,
      currency: "EUR",
      tax_included: "NO",
      last_updated: iso(Date.now()),
      ...fields,
    });
  }

  putPolicy(id, fields = {}) {
    return this.#call("PUT", `/v1/policies/${id}`, {
      timezone: "Europe/Madrid",
      contractIds: ["ES-ABC-C1"],
      batteryReserve: 20,
      location: { countryCode: "ES", partyId: "ABC", locationId: "HOME" },
      vehicle: { batteryCapacityKwh: 60, maxPowerKw: 7 },
      schedule: [
        {
          weekdays: ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"],
          readyBy: "07:00",
          minimumChargeTarget: 50,
        },
      ],
      ...fields,
    });
  }
}

/** A meter value: the register in kWh, and the level where it is given. */
export function register(kwh, at, context = "Sample.Periodic", percent) {
  const sampled = [
    { value: String(kwh), context, measurand: "Energy.Active.Import.Register", unit: "kWh" },
  ];
  if (percent !== undefined)
    sampled.push({ value: String(percent), context, measurand: "SoC", unit: "Percent" });
  return { timestamp: iso(at), sampled_value: sampled };
}
