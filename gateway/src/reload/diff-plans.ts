import { canonicalJson } from '../canonical.ts';
import type { ConnectionConfig, DeviceRuntime } from '../config/gateway-config.ts';
import type { GatewayPlan } from '../gateway-plan.ts';

/** Ids, each in exactly one list of its kind. */
export interface PlanDiff {
  /** Connections that have devices. What is kept is not touched: no socket, no schedule, no breaker. */
  lines: { kept: string[]; reopened: string[]; opened: string[]; closed: string[] };
  /** `changed`: also one that moved to another connection. */
  devices: { kept: string[]; changed: string[]; added: string[]; removed: string[] };
  /** Settings that are applied without touching a line, as JSON pointers into the file. */
  settings: string[];
}

export interface LinePlan {
  connection: ConnectionConfig;
  devices: readonly DeviceRuntime[];
}

/** The connections that have devices, in the order of the file. */
export function linesOf({ config, devices }: GatewayPlan): LinePlan[] {
  const connectionOf = new Map(config.devices.map(({ id, connection }) => [id, connection]));
  return config.connections.flatMap((connection) => {
    const own = devices.filter(({ id }) => connectionOf.get(id) === connection.id);
    return own.length === 0 ? [] : [{ connection, devices: own }];
  });
}

/** What must happen to come from one plan to the other. Pure; the order of the file says nothing. */
export function diffPlans(from: GatewayPlan, to: GatewayPlan): PlanDiff {
  const devices: PlanDiff['devices'] = { kept: [], changed: [], added: [], removed: [] };
  const [oldDevices, newDevices] = [devicesOf(from), devicesOf(to)];
  for (const [id, device] of newDevices) {
    const old = oldDevices.get(id);
    if (old === undefined) devices.added.push(id);
    else devices[isSame(old, device) ? 'kept' : 'changed'].push(id);
  }
  for (const id of oldDevices.keys()) if (!newDevices.has(id)) devices.removed.push(id);

  const lines: PlanDiff['lines'] = { kept: [], reopened: [], opened: [], closed: [] };
  const kept = new Set(devices.kept);
  const [oldLines, newLines] = [from, to].map(
    (plan) => new Map(linesOf(plan).map((line) => [line.connection.id, line] as const)),
  ) as [Map<string, LinePlan>, Map<string, LinePlan>];
  for (const [id, line] of newLines) {
    const old = oldLines.get(id);
    if (old === undefined) lines.opened.push(id);
    else lines[isUntouched(old, line, kept) ? 'kept' : 'reopened'].push(id);
  }
  for (const id of oldLines.keys()) if (!newLines.has(id)) lines.closed.push(id);
  return { lines, devices, settings: changedSettings(from, to) };
}

export function isEmptyDiff({ lines, devices, settings }: PlanDiff): boolean {
  const changes = [
    lines.reopened,
    lines.opened,
    lines.closed,
    devices.changed,
    devices.added,
    devices.removed,
    settings,
  ];
  return changes.every(({ length }) => length === 0);
}

interface DefinedDevice {
  runtime: DeviceRuntime;
  connection: string | undefined;
  definition: string | undefined;
}

function devicesOf({ config, devices, definitions }: GatewayPlan): Map<string, DefinedDevice> {
  const connectionOf = new Map(config.devices.map(({ id, connection }) => [id, connection]));
  return new Map(
    devices.map((runtime) => {
      const { id } = runtime;
      return [id, { runtime, connection: connectionOf.get(id), definition: definitions?.get(id) }];
    }),
  );
}

function isSame(a: DefinedDevice, b: DefinedDevice): boolean {
  if (a.connection !== b.connection) return false;
  return a.runtime === b.runtime || (a.definition !== undefined && a.definition === b.definition);
}

function isUntouched(old: LinePlan, line: LinePlan, kept: ReadonlySet<string>): boolean {
  return (
    canonicalJson(old.connection) === canonicalJson(line.connection) &&
    old.devices.length === line.devices.length &&
    line.devices.every(({ id }) => kept.has(id))
  );
}

function changedSettings(from: GatewayPlan, to: GatewayPlan): string[] {
  const [old, now] = [from.config.commands ?? {}, to.config.commands ?? {}];
  return (['verify', 'maxAge'] as const).filter((key) => old[key] !== now[key]).map((key) => `/commands/${key}`);
}
