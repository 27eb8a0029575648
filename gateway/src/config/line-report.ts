import { pollClasses } from '../drivers/modbus/poll-plan.ts';
import { placeOf, speedOf } from './bus-line.ts';
import { helpFor } from './line-advice.ts';
import { comfortable, type LineCheck, type PlannedRequest, seconds } from './line-check.ts';
import { textTable } from './text-table.ts';

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
const ms = (value: number): string => (value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en'));

/** One line as `check` prints it: the plan, grouped by devices that are asked alike, then what it costs. */
export function renderLine(check: LineCheck): string {
  const { connection, line, devices, requests, load, timeoutMs } = check;
  if (devices.length === 0) return `Line ${connection.id}: ${placeOf(connection)}\n  no devices`;
  const verdict =
    load.utilisation > 1
      ? `TOO MUCH: the line would be busy ${Math.round(load.utilisation * 1000)} ms of every 1000 ms`
      : `${percent(load.utilisation)} used${load.utilisation > comfortable ? ' — tight: retries, writes and a silent device hardly fit beside the polls' : ''}`;
  return [
    `Line ${connection.id}: ${placeOf(connection)}`,
    `  ${speedOf(connection, line)}`,
    `  ${devices.length} ${devices.length === 1 ? 'device' : 'devices'}, ${requests.length} requests a round: ${verdict}`,
    '',
    ...groupsOf(check).flatMap((group) => [...renderGroup(group), '']),
    ...renderClasses(check).map((text) => `  ${text}`),
    '',
    `  ${load.requestsPerSecond.toFixed(2)} requests/s, ${Math.round(load.bytesPerSecond)} bytes/s; one round of everything takes ${seconds(load.cycleMs)}`,
    `  The time goes into ${spent(requests)}`,
    `  A silent device costs the others ${seconds(timeoutMs)} each time it is asked (time-out)`,
    ...helpFor(check).map((text) => `  ${text}`),
  ].join('\n');
}

interface Group {
  devices: LineCheck['devices'];
  /** Of one of them. */
  requests: readonly PlannedRequest[];
}

/** Devices of one profile that are asked the same at the same periods: their plan is printed once. */
function groupsOf({ devices, requests }: LineCheck): Group[] {
  const groups = new Map<string, Group>();
  for (const device of devices) {
    const own = requests.filter((request) => request.device === device);
    const plan = own.map(({ block, periodMs }) => `${block.table} ${block.start}+${block.count} ${periodMs}`);
    const key = [device.profile.profile, ...plan].join('|');
    const known = groups.get(key);
    groups.set(key, { devices: [...(known?.devices ?? []), device], requests: known?.requests ?? own });
  }
  return [...groups.values()];
}

function renderGroup({ devices, requests }: Group): string[] {
  const profile = devices[0]?.profile.profile ?? '';
  const busyMs = requests.reduce((sum, request) => sum + request.busyMs, 0);
  const share = requests.reduce((sum, request) => sum + request.busyMs / request.periodMs, 0);
  const table = textTable(
    [
      { title: 'poll' },
      { title: 'every', right: true },
      { title: 'table' },
      { title: 'from', right: true },
      { title: 'count', right: true },
      { title: 'points', right: true },
      { title: 'bytes', right: true },
      { title: 'ms', right: true },
    ],
    requests.map(({ poll, periodMs, block, exchange, gapMs, busyMs: ownMs }) => [
      poll,
      seconds(periodMs),
      block.table,
      String(block.start),
      String(block.count),
      String(new Set(block.slots.map((slot) => slot.binding)).size),
      `${exchange.requestBytes} + ${exchange.responseBytes}`,
      gapMs === 0 ? ms(ownMs) : `${ms(ownMs - gapMs)} + ${gapMs} gap`,
    ]),
  );
  const each = devices.length === 1 ? '' : 'each: ';
  return [
    `  ${devices.length === 1 ? '' : `${devices.length} × `}${profile}: ${names(devices)}`,
    ...table.map((text) => `    ${text}`),
    `    ${each}${requests.length} ${requests.length === 1 ? 'request' : 'requests'}, ${ms(busyMs)} ms a round, ${ms(share * 1000)} ms of every second, ${percent(share)} of the line`,
    ...(devices.length === 1
      ? []
      : [
          `    all:  ${ms(share * devices.length * 1000)} ms of every second, ${percent(share * devices.length)} of the line`,
        ]),
  ];
}

const longestList = 6;

function names(devices: Group['devices']): string {
  const all = devices.map(({ id, unitId }) => `${id} (${unitId})`);
  if (all.length <= longestList) return `${all.join(', ')}`;
  return `${all.slice(0, 3).join(', ')} … ${all.at(-1)}`;
}

/** Predicted cycle of each poll class and period: as wished while the line keeps up, else what is left. */
function renderClasses({ requests, sustainedMs }: LineCheck): string[] {
  const rows: string[][] = [];
  for (const poll of pollClasses) {
    const ofClass = requests.filter((request) => request.poll === poll);
    const periods = [...new Set(ofClass.map(({ periodMs }) => periodMs))].sort((a, b) => a - b);
    for (const periodMs of periods) {
      const own = ofClass.filter((request) => request.periodMs === periodMs);
      const busyMs = own.reduce((sum, request) => sum + request.busyMs, 0);
      rows.push([
        poll,
        String(new Set(own.map(({ device }) => device)).size),
        String(own.length),
        seconds(busyMs),
        seconds(periodMs),
        periodMs < sustainedMs ? `${seconds(sustainedMs)} !` : seconds(periodMs),
        percent(busyMs / periodMs),
      ]);
    }
  }
  const right = true;
  return textTable(
    [
      { title: 'class' },
      { title: 'devices', right },
      { title: 'requests', right },
      { title: 'one round', right },
      { title: 'wanted every', right },
      { title: 'comes every', right },
      { title: 'of the line', right },
    ],
    rows,
  );
}

/** What the busy time is made of, largest first. */
function spent(requests: readonly PlannedRequest[]): string {
  const shares = {
    frames: 0,
    'silence between frames': 0,
    'waiting for the device': 0,
    network: 0,
    'gaps that devices ask for': 0,
  };
  for (const { exchange, gapMs, periodMs } of requests) {
    shares.frames += exchange.parts.framesMs / periodMs;
    shares['silence between frames'] += exchange.parts.silenceMs / periodMs;
    shares['waiting for the device'] += exchange.parts.turnaroundMs / periodMs;
    shares.network += exchange.parts.networkMs / periodMs;
    shares['gaps that devices ask for'] += gapMs / periodMs;
  }
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
  return Object.entries(shares)
    .filter(([, share]) => share > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([what, share]) => `${what} ${percent(share / total)}`)
    .join(', ');
}
