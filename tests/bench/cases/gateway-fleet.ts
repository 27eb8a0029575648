import type { BenchOptions } from '../bed/bench-bed.ts';
import type { Figure } from '../report.ts';
import { type FleetFigures, type PollerFigures, runFleet } from './fleet-run.ts';

/** DESIGN: 500 devices × 30 floats at 1 s on at most 15 % of a core; 4,000 of them on one core. */
export const gateway500 = (options: BenchOptions): Promise<Figure[]> => fleetCase(500, { ...options, limitCpu: 15 });
export const gateway4000 = (options: BenchOptions): Promise<Figure[]> =>
  fleetCase(4000, { ...options, limitCpu: 100, seconds: Math.min(options.seconds, 30) });

async function fleetCase(devices: number, options: BenchOptions & { limitCpu: number }): Promise<Figure[]> {
  const { gateway, poller } = await runFleet(devices, { ...options, peer: true });
  return [...fleetFigures(gateway, { limitCpu: options.limitCpu, poller }), ...memoryFigures(gateway)];
}

function fleetFigures(
  gateway: FleetFigures,
  { limitCpu, poller }: { limitCpu: number; poller: PollerFigures | undefined },
): Figure[] {
  const name = `gateway-${gateway.devices}`;
  const pollsPerS = (gateway.devices * gateway.dueShare) / 100;
  const perPoll = (cpu: number, share: number): number => (cpu * 10_000) / ((gateway.devices * share) / 100);
  const figures: Figure[] = [
    {
      name: `${name} due polls made`,
      measured: gateway.dueShare,
      unit: '%',
      limit: { at: 99.5, sense: 'at least' },
      note: `${Math.round(pollsPerS)} polls/s, slowest device ${gateway.slowestDevicePolls} in ${gateway.windowS.toFixed(1)} s`,
      ...(poller === undefined ? {} : { peer: { name: 'bare jsmodbus', measured: poller.dueShare } }),
    },
    {
      name: `${name} CPU of the gateway, of one core`,
      measured: gateway.gatewayCpu,
      unit: '%',
      limit: { at: limitCpu, sense: 'at most' },
      ...(poller === undefined ? {} : { peer: { name: 'bare jsmodbus', measured: poller.cpu } }),
      note: `load ${gateway.load}`,
    },
    {
      name: `${name} CPU for a poll of 30 values`,
      measured: perPoll(gateway.gatewayCpu, gateway.dueShare),
      unit: 'µs',
      ...(poller === undefined
        ? {}
        : { peer: { name: 'bare jsmodbus', measured: perPoll(poller.cpu, poller.dueShare) } }),
    },
    { name: `${name} CPU of broker`, measured: gateway.brokerCpu, unit: '%' },
    { name: `${name} CPU of the fleet`, measured: gateway.fleetCpu, unit: '%' },
    lossFigure(`${name} values lost, line protocol`, gateway.given, gateway.fields),
    lossFigure(`${name} values lost, Sparkplug`, gateway.given, gateway.metrics),
    { name: `${name} start to ready`, measured: gateway.startS, unit: 's' },
  ];
  return figures;
}

function lossFigure(name: string, given: number, arrived: number): Figure {
  return {
    name,
    measured: given - arrived,
    unit: '',
    limit: { at: 0, sense: 'at most' },
    note: `${arrived} of ${given} arrived`,
  };
}

/** DESIGN: at most 150 MB at 10 k points, 400 MB at 120 k; between them the line through both. */
export function memoryLimitMb(points: number): number {
  return points <= 10_000 ? 150 : 150 + ((points - 10_000) / 110_000) * 250;
}

export function memoryFigures({ devices, memory }: FleetFigures): Figure[] {
  const points = devices * 30;
  return [
    {
      name: `gateway-${devices} memory, ${points} points`,
      measured: memory.rssMb,
      unit: 'MB',
      limit: { at: memoryLimitMb(points), sense: 'at most' },
      note: `peak ${Math.round(memory.peakMb)} MB`,
    },
  ];
}
