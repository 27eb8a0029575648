import type { BenchOptions } from '../bed/bench-bed.ts';
import type { Figure } from '../report.ts';
import { type FleetFigures, type PollerFigures, runFleet } from './fleet-run.ts';

/** DESIGN: 500 devices × 30 floats at 1 s on at most 15 % of a core; 4,000 of them on one core. */
export const gateway500 = (options: BenchOptions): Promise<Figure[]> => fleetCase(500, { ...options, limitCpu: 15 });
export const gateway4000 = (options: BenchOptions): Promise<Figure[]> =>
  fleetCase(4000, { ...options, limitCpu: 100, seconds: Math.min(options.seconds, 30) });

async function fleetCase(devices: number, options: BenchOptions & { limitCpu: number }): Promise<Figure[]> {
  const figures = await runFleet(devices, { ...options, peer: true });
  return [...fleetFigures(figures, options.limitCpu), ...lossFigures(figures), ...memoryFigures(figures)];
}

function fleetFigures(figures: FleetFigures, limitCpu: number): Figure[] {
  const { devices, dueShare, cpu, pollUs, peer, windowS, slowestDevicePolls } = figures;
  const name = `gateway-${devices}`;
  const bare = (of: (peer: PollerFigures) => number): Pick<Figure, 'peer'> =>
    peer === undefined ? {} : { peer: { name: 'bare jsmodbus', measured: of(peer) } };
  return [
    {
      name: `${name} due polls made`,
      measured: dueShare,
      unit: '%',
      limit: { at: 99.5, sense: 'at least' },
      note: `${Math.round((devices * dueShare) / 100)} polls/s, slowest device ${slowestDevicePolls} in ${windowS.toFixed(1)} s`,
      ...bare((p) => p.dueShare),
    },
    {
      name: `${name} CPU of the gateway, of one core`,
      measured: cpu.gateway,
      unit: '%',
      limit: { at: limitCpu, sense: 'at most' },
      note: `load ${figures.load}`,
    },
    {
      name: `${name} CPU for a poll of 30 values`,
      measured: pollUs,
      unit: 'µs',
      ...bare((p) => p.pollUs),
      note: `the peer polled ${peer?.devices ?? 0} of the devices at the same time`,
    },
    { name: `${name} CPU of broker`, measured: cpu.broker, unit: '%' },
    { name: `${name} CPU of the fleet`, measured: cpu.fleet, unit: '%' },
    { name: `${name} start to ready`, measured: figures.startS, unit: 's' },
  ];
}

function lossFigures({ devices, counters, waiting, fields, metrics }: FleetFigures): Figure[] {
  const name = `gateway-${devices}`;
  const { produced, stale, lost, timeouts, pendingLines, pendingSparkplug } = counters;
  const loss = (what: string, expected: number, arrived: number): Figure => ({
    name: `${name} ${what}`,
    measured: expected - arrived,
    unit: '',
    limit: { at: 0, sense: 'at most' },
    note: `${arrived} of ${expected} arrived${arrived > expected ? ', some twice: a connection was lost in between' : ''}`,
  });
  return [
    {
      name: `${name} readings behind at the end, line protocol`,
      measured: waiting.lines,
      unit: '',
      note: `Sparkplug ${waiting.sparkplug}; a backlog, no loss. ${timeouts} time-outs, ${stale} values called old, ${lost} called lost`,
    },
    loss('readings lost, line protocol', produced - stale - lost - pendingLines, fields),
    loss('readings lost, Sparkplug', produced - pendingSparkplug, metrics),
  ];
}

/** DESIGN: at most 150 MB at 10 k points, 400 MB at 120 k; between them the line through both. */
export function memoryLimitMb(points: number): number {
  return points <= 10_000 ? 150 : 150 + ((points - 10_000) / 110_000) * 250;
}

export function memoryFigures({ devices, memory, peer }: FleetFigures): Figure[] {
  const points = devices * 30;
  return [
    {
      name: `gateway-${devices} memory, ${points} points`,
      measured: memory.rssMb,
      unit: 'MB',
      limit: { at: memoryLimitMb(points), sense: 'at most' },
      ...(peer === undefined ? {} : { peer: { name: 'bare jsmodbus', measured: peer.memory.rssMb } }),
      note: `peak ${Math.round(memory.peakMb)} MB`,
    },
  ];
}
