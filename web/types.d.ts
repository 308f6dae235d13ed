// The shapes of the API, for the type check only. openapi.json describes them.

type Nullable<T> = T | null;

interface Me {
  kind: "operator" | "driver";
  name: Nullable<string>;
  contracts: string[];
  roles: unknown[];
  profile?: string;
}

interface Cost {
  amount: Nullable<number>;
  currency: Nullable<string>;
  coverage: "included" | "billed" | "unknown";
  estimated: boolean;
}

interface Status {
  id: string;
  policyId: Nullable<string>;
  status: "IN_PROGRESS" | "COMPLETED" | "PENDING" | "INVALID";
  isLive: boolean;
  isFinal: boolean;
  awaitingFinalReading: boolean;
  kwh: Nullable<number>;
  durationSeconds: Nullable<number>;
  averageKw: Nullable<number>;
  liveKw: Nullable<number>;
  cost: Nullable<Cost>;
  charger: Nullable<{
    locationId: Nullable<string>;
    evseUid: Nullable<string>;
    connectorId: Nullable<string>;
  }>;
  stale: boolean;
  lastUpdated: Nullable<string>;
  // Members of the list.
  startedAt?: Nullable<string>;
  endedAt?: Nullable<string>;
  batteryFrom?: Nullable<number>;
  batteryTo?: Nullable<number>;
  contractId?: Nullable<string>;
}

/** The Session as stored; the pages name these members alone. */
interface OcpiSession {
  country_code?: string;
  party_id?: string;
  id?: string;
}

interface StatusPage {
  data: Status[];
  pagination: { before: Nullable<string>; after: Nullable<string> };
}

interface Statistics {
  sessionsToday: number;
  activeNow: number;
  kwhLast7Days: number;
  meanKwhLast7Days: Nullable<number>;
  totals: { sessions: number; kwh: number; costs: { currency: string; amount: number }[] };
}

type BlockType = "BATTERY_RESERVE" | "REGULAR" | "IMMEDIATE_START";

interface Block {
  type: BlockType;
  kwhSum: number;
  startAt: string;
  endAt: string;
}

interface Target {
  id: number;
  type: "REGULAR" | "IMMEDIATE_START";
  minimumChargeTarget: number;
  source?: "POLICY" | "USER_OVERRIDE";
  batteryReserve?: number;
  readyBy?: string;
}

interface Outcome {
  type: "REGULAR" | "IMMEDIATE_START";
  targetId: number;
  state?: "ON_TARGET" | "OFF_TARGET";
  batteryLevelAtReadyBy?: Nullable<number>;
  minimumChargeTargetReachedAt: Nullable<string>;
}

interface ControlError {
  type: string;
  missingCapabilities?: string[];
}

interface View {
  id?: string;
  policyId: Nullable<string>;
  state: string;
  pluggedInAt: Nullable<string>;
  pluggedOutAt: Nullable<string>;
  blocks: Block[];
  target: { latest: Nullable<Target> };
  outcome: { latest: Nullable<Outcome> };
  error: { latest: Nullable<ControlError> };
  notes?: string[];
}

interface Interval {
  startAt: string;
  kwh: number;
  kw: number;
}

interface MeterEvent {
  at: string;
  kwh: Nullable<number>;
  kw: Nullable<number>;
  context: Nullable<string>;
}

interface Timeline {
  id: string;
  timeseries: Interval[];
  batteryLevels: { at: string; percent: number; source: string }[];
  meterEvents: MeterEvent[];
  blocks: Block[];
  targets: { from: string; target: Target }[];
  notes?: string[];
}

interface Policy {
  id: string;
  timezone: string;
  batteryReserve: number;
  vehicle: { batteryCapacityKwh: number; maxPowerKw: number };
}
