import { formatProblem, type Problem, ProblemsError } from '@plantroom/contracts';
import { isBitTable } from '../drivers/modbus/framing.ts';
import { lineSettings } from '../drivers/modbus/line-settings.ts';
import { isModbusDevice, type ModbusDevice } from '../drivers/modbus/modbus-device.ts';
import { type PollBlock, type PollClass, planPoll, pollClasses } from '../drivers/modbus/poll-plan.ts';
import { type BusLine, type PlannedRead, predictLoad } from '../polling/bus-utilisation.ts';
import type { DeviceRuntime, ModbusConnection, MqttConnection } from './gateway-config.ts';
import { type Environment, type LoadedGateway, loadGatewayConfig } from './load-config.ts';

/**
 * The file does not say how fast the wire behind a converter is, so the report says what it assumes: 9600 baud is what most devices are
 * delivered with; a slave answers after about 5 ms; a request over the local network takes about 2 ms.
 */
const assumedSerial: BusLine = { kind: 'serial', baud: 9600, turnaroundMs: 5 };
const assumedTcp: BusLine = { kind: 'tcp', roundTripMs: 2 };

/** What `gateway check FILE.yaml` prints; `ok` is false when anything in the file is left out. Throws only what is not about the file. */
export function checkGateway(file: string, environment: Environment): { text: string; ok: boolean } {
  try {
    const loaded = loadGatewayConfig({ file, environment });
    return { text: renderCheck(loaded), ok: loaded.problems.length === 0 };
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    return { text: renderProblems(error.problems, 'The file cannot be used'), ok: false };
  }
}

export function renderCheck({ config, devices, problems }: LoadedGateway): string {
  const parts = problems.length === 0 ? [] : [renderProblems(problems, 'Left out')];
  const points = devices.reduce((sum, device) => sum + device.bindings.length, 0);
  parts.push(`Gateway ${config.gateway} of site ${config.site}: ${devices.length} devices, ${points} points`);
  for (const connection of config.connections) {
    const ids = config.devices.filter((device) => device.connection === connection.id).map((device) => device.id);
    const own = devices.filter((device) => ids.includes(device.id));
    parts.push(connection.protocol === 'modbus' ? renderModbus(connection, own) : renderMqtt(connection, own));
  }
  return `${parts.join('\n\n')}\n`;
}

function renderProblems(problems: readonly Problem[], title: string): string {
  return [`${title} (${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}):`]
    .concat(problems.map((problem) => `  ${formatProblem(problem)}`))
    .join('\n');
}

interface Row {
  device: ModbusDevice;
  poll: PollClass;
  block: PollBlock;
}

function renderModbus(connection: ModbusConnection, devices: readonly DeviceRuntime[]): string {
  const own = devices.filter(isModbusDevice);
  const rows = own.flatMap((device) =>
    pollClasses.flatMap((poll) => planPoll(device, poll).blocks.map((block): Row => ({ device, poll, block }))),
  );
  const line = connection.transport === 'tcp' ? assumedTcp : assumedSerial;
  const settings = lineSettings(connection, own);
  const load = predictLoad(rows.map(readOf), line, settings.minRequestGapMs);
  const assumed = line.kind === 'tcp' ? `${line.roundTripMs} ms a request` : `${line.baud} baud, 8E1 or 8N2`;
  const table = [['unit', 'device', 'table', 'start', 'count', 'points', 'period'], ...rows.map(cellsOf)];
  return [
    `Line ${connection.id} (${connection.transport} ${connection.host}:${connection.port}): ${own.length} devices, ${rows.length} requests a round`,
    ...aligned(table).map((text) => `  ${text}`),
    `  ${load.requestsPerSecond.toFixed(2)} requests/s, ${Math.round(load.bytesPerSecond)} bytes/s,` +
      ` utilisation ${(load.utilisation * 100).toFixed(1)} %, one round ${Math.round(load.cycleMs)} ms` +
      ` (assumed: ${assumed}; gap ${settings.minRequestGapMs} ms, time-out ${settings.timeoutMs} ms)`,
    ...(load.utilisation > 1
      ? ['  TOO SLOW: the line cannot keep these periods; lengthen them or split the line']
      : []),
  ].join('\n');
}

function readOf({ device, poll, block }: Row): PlannedRead {
  const framing = device.profile.modbus.framing ?? 'standard';
  return { bits: isBitTable(block.table), count: block.count, framing, periodMs: device.pollMs[poll] };
}

function cellsOf({ device, poll, block }: Row): string[] {
  const points = new Set(block.slots.map((slot) => slot.binding)).size;
  const period = `${device.pollMs[poll] / 1000} s`;
  return [device.unitId, device.id, block.table, block.start, block.count, points, period].map(String);
}

function renderMqtt(connection: MqttConnection, devices: readonly DeviceRuntime[]): string {
  const rows = devices.flatMap((device) => {
    const topics = new Map<string, number>();
    for (const { at } of device.bindings) {
      if (at.protocol === 'mqtt') topics.set(at.topic, (topics.get(at.topic) ?? 0) + 1);
    }
    return [...topics].map(([topic, points]) => [device.id, topic, String(points)]);
  });
  return [
    `Broker ${connection.id} (${connection.url}, client ${connection.clientId}): ${devices.length} devices, ${rows.length} topics`,
    ...aligned([['device', 'topic', 'points'], ...rows]).map((text) => `  ${text}`),
  ].join('\n');
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
