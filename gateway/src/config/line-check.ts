import type { Problem } from '@plantroom/contracts';
import { lineSettings } from '../drivers/modbus/line-settings.ts';
import { isModbusDevice, type ModbusDevice } from '../drivers/modbus/modbus-device.ts';
import { type PollBlock, type PollClass, planPoll, pollClasses } from '../drivers/modbus/poll-plan.ts';
import { isBitTable } from '../drivers/modbus/request.ts';
import {
  type BusLine,
  type Exchange,
  type LineLoad,
  predictExchange,
  predictLoad,
  sustainedPeriodMs,
} from '../polling/bus-utilisation.ts';
import { busLineOf } from './bus-line.ts';
import type { DeviceRuntime, ModbusConnection } from './gateway-config.ts';
import type { LoadedGateway } from './load-config.ts';

/** One request as it is planned. */
export interface PlannedRequest {
  device: ModbusDevice;
  poll: PollClass;
  block: PollBlock;
  exchange: Exchange;
  periodMs: number;
  /** Kept free after it, ms. */
  gapMs: number;
  /** Exchange and gap, ms. */
  busyMs: number;
}

/** A Modbus line with everything that `check` says about it. */
export interface LineCheck {
  connection: ModbusConnection;
  line: BusLine;
  devices: readonly ModbusDevice[];
  requests: readonly PlannedRequest[];
  load: LineLoad;
  /** What an unanswered request costs, ms. */
  timeoutMs: number;
  /** Periods shorter than this are not kept; 0: all are. */
  sustainedMs: number;
}

export function checkLine(connection: ModbusConnection, devices: readonly DeviceRuntime[]): LineCheck {
  const own = devices.filter(isModbusDevice);
  const line = busLineOf(connection);
  const requests = own.flatMap((device) => requestsOf(device, { connection, line }));
  return {
    connection,
    line,
    devices: own,
    requests,
    load: loadOf(requests, line),
    timeoutMs: lineSettings(connection, own).timeoutMs,
    sustainedMs: sustainedPeriodMs(requests),
  };
}

/** Every Modbus line of the file, in its order. */
export function checkLines({ config, devices }: Pick<LoadedGateway, 'config' | 'devices'>): LineCheck[] {
  return config.connections.flatMap((connection) => {
    if (connection.protocol !== 'modbus') return [];
    const ids = new Set(config.devices.filter((d) => d.connection === connection.id).map((d) => d.id));
    return [
      checkLine(
        connection,
        devices.filter((device) => ids.has(device.id)),
      ),
    ];
  });
}

/** The same requests on another line. */
export function loadOf(requests: readonly PlannedRequest[], line: BusLine): LineLoad {
  return predictLoad(
    requests.map(({ device, block, periodMs, gapMs }) => ({ ...shapeOf(device, block), periodMs, gapMs })),
    line,
  );
}

/**
 * A plan that cannot be kept, with the numbers; undefined when it can. `check` refuses it. A gateway that runs says so and polls as fast as
 * the line allows: one meter too many must not take the values of all the others away.
 */
export function overload({ connection, devices, requests, load, sustainedMs }: LineCheck): Problem | undefined {
  if (load.utilisation <= 1) return undefined;
  const share = (of: (request: PlannedRequest) => boolean): number =>
    requests.filter(of).reduce((sum, { busyMs, periodMs }) => sum + (busyMs * 1000) / periodMs, 0);
  const costly = devices
    .map(({ id, unitId }) => ({ id, unitId, msPerS: share((request) => request.device.id === id) }))
    .sort((a, b) => b.msPerS - a.msPerS);
  const named = costly.slice(0, 3).map((d) => `${d.id} (unit ${d.unitId}) ${Math.round(d.msPerS)} ms`);
  const rest = costly.slice(3).reduce((sum, { msPerS }) => sum + msPerS, 0);
  if (rest > 0) named.push(`${costly.length - 3} more ${Math.round(rest)} ms`);
  const message =
    `line "${connection.id}" needs ${Math.round(load.utilisation * 1000)} ms of every 1000 ms: ${named.join(', ')}; ` +
    `what is asked for more often than every ${seconds(sustainedMs)} comes every ${seconds(sustainedMs)}. ${fitting(requests, load)}`;
  return { source: 'check', path: `/connections/${connection.id}`, message };
}

/** Which period would fit: of the one class that can make room for the others, else of all. */
function fitting(requests: readonly PlannedRequest[], load: LineLoad): string {
  for (const poll of pollClasses) {
    const own = requests.filter((request) => request.poll === poll);
    const others = requests.filter((request) => request.poll !== poll);
    const rest = others.reduce((sum, { busyMs, periodMs }) => sum + busyMs / periodMs, 0);
    const busyMs = own.reduce((sum, request) => sum + request.busyMs, 0);
    if (own.length === 0 || rest >= comfortable) continue;
    return `It would fit with ${poll}: ${periodText(busyMs / (comfortable - rest))} for all its devices (${Math.round(comfortable * 100)} % used)`;
  }
  const factor = load.utilisation / comfortable;
  return `It would fit with every period ${Math.ceil(factor * 10) / 10} times as long (${Math.round(comfortable * 100)} % used)`;
}

/** Share of the line above which retries, writes and one silent device no longer fit beside the polls. */
export const comfortable = 0.8;

const niceSeconds = [1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1800, 3600];

/** The next period that a person would write, as the file wants it. */
export function periodText(atLeastMs: number): string {
  const nice = niceSeconds.find((s) => s * 1000 >= atLeastMs);
  return nice === undefined ? `${Math.ceil(atLeastMs / 3_600_000)}h` : `${nice}s`;
}

export function seconds(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${ms % 1000 === 0 ? ms / 1000 : (ms / 1000).toFixed(1)} s`;
}

function requestsOf(
  device: ModbusDevice,
  { connection, line }: { connection: ModbusConnection; line: BusLine },
): PlannedRequest[] {
  const gapMs = connection.minRequestGapMs ?? device.profile.modbus.minRequestGapMs ?? 0;
  return pollClasses.flatMap((poll) =>
    planPoll(device, poll).blocks.map((block) => {
      const exchange = predictExchange(shapeOf(device, block), line);
      const periodMs = device.pollMs[poll];
      return { device, poll, block, exchange, periodMs, gapMs, busyMs: exchange.durationMs + gapMs };
    }),
  );
}

function shapeOf({ profile }: ModbusDevice, { table, count }: PollBlock) {
  return { bits: isBitTable(table), count, framing: profile.modbus.framing ?? 'standard' } as const;
}
