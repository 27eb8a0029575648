import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { DeviceLineStats } from './drivers/driver.ts';
import type { GatewayStats } from './gateway.ts';
import type { ReloadStats } from './reload/reloader.ts';

/** Everything that `stats()` and `reloads()` (left out: nothing reloads) count, as Prometheus gauges named `plantroom_gateway_<part>_<what>`, read when they are asked for. */
export function gatewayMetrics(stats: () => GatewayStats | undefined, reloads?: () => ReloadStats): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, rows: (s: GatewayStats) => [Record<string, string>, number][]): void => {
    const labels = { part: 'part', what: 'what', lane: 'lane', device: 'device', code: 'code' };
    const metric = new Gauge({
      name: `plantroom_gateway_${name}`,
      help,
      labelNames: Object.values(labels),
      registers: [registry],
      collect() {
        metric.reset();
        const now = stats();
        if (now !== undefined) for (const [label, value] of rows(now)) metric.set(label, value);
      },
    });
  };
  gauge('pipeline', 'Counters of the pipeline', (s) =>
    Object.entries(s.pipeline).flatMap(([what, value]): [Record<string, string>, number][] =>
      typeof value === 'number'
        ? [[{ what }, value]]
        : Object.entries<number>({ ...value }).map(([part, n]) => [{ part, what }, n]),
    ),
  );
  gauge('commands', 'Commands under way, taken and refused, and how they ended', (s) =>
    Object.entries(s.commands).map(([what, value]) => [{ what }, value]),
  );
  gauge('reloads', 'Reloads of the configuration by outcome', () => {
    if (reloads === undefined) return [];
    const { applied, refused } = reloads();
    return [
      [{ what: 'applied' }, applied],
      [{ what: 'refused' }, refused],
    ];
  });
  gauge('configuration_applied_seconds', 'When the configuration that runs was read or found unchanged, UTC', () =>
    reloads === undefined ? [] : [[{}, reloads().appliedMs / 1000]],
  );
  gauge('devices', 'Devices by state', (s) => Object.entries(s.devices).map(([what, value]) => [{ what }, value]));
  gauge('connection', 'Counters of each connection', (s) => perPart(s.connections));
  gauge('device', 'What a line knows of each of its devices: requests, time-outs, damaged answers, silence', (s) =>
    perDevice(s, (counters) =>
      Object.entries(counters).flatMap(([what, value]): [Record<string, string>, number][] =>
        typeof value === 'object' || what.endsWith('Ms') ? [] : [[{ what }, Number(value)]],
      ),
    ),
  );
  gauge('device_exceptions', 'Modbus exceptions of each device by code', (s) =>
    perDevice(s, ({ exceptions }) => Object.entries(exceptions).map(([code, count]) => [{ code }, count])),
  );
  gauge(
    'device_round_trip_ms',
    'Round trips of answered requests of each device: the last, the shortest, a moving mean',
    (s) =>
      perDevice(s, ({ lastMs, minMs, meanMs }) =>
        Object.entries({ last: lastMs, min: minMs, mean: meanMs }).flatMap(
          ([what, value]): [Record<string, string>, number][] => (value === undefined ? [] : [[{ what }, value]]),
        ),
      ),
  );
  gauge('uplink', 'Counters of each uplink', (s) => perPart(s.uplinks));
  gauge('outbox_bytes', 'Bytes in the outbox, and the most it may hold', (s) => [
    [{ what: 'used' }, s.outbox.bytes],
    [{ what: 'limit' }, s.outbox.maxBytes],
  ]);
  gauge('outbox', 'Damage mended since start, and whether it refuses readings', (s) => [
    [{ what: 'repairs' }, s.outbox.repairs],
    [{ what: 'refusing' }, s.outbox.refusing === null ? 0 : 1],
  ]);
  gauge('outbox_readings', 'Readings produced, dropped, and pending by uplink', (s) =>
    (['safety', 'live'] as const).flatMap((lane): [Record<string, string>, number][] => [
      [{ what: 'produced', lane }, s.outbox.produced[lane]],
      [{ what: 'dropped', lane }, s.outbox.dropped[lane]],
      ...Object.entries(s.outbox.pending).map(([part, pending]): [Record<string, string>, number] => [
        { part, what: 'pending', lane },
        pending[lane],
      ]),
    ]),
  );
  return registry;
}

function perDevice(
  { connections }: GatewayStats,
  rows: (device: DeviceLineStats) => [Record<string, string>, number][],
): [Record<string, string>, number][] {
  return Object.entries(connections).flatMap(([part, { devices = {} }]) =>
    Object.entries(devices).flatMap(([device, counters]) =>
      rows(counters).map(([label, value]): [Record<string, string>, number] => [{ part, device, ...label }, value]),
    ),
  );
}

function perPart(parts: Record<string, object>): [Record<string, string>, number][] {
  return Object.entries(parts).flatMap(([part, counters]) =>
    Object.entries(counters).flatMap(([what, value]): [Record<string, string>, number][] =>
      typeof value === 'number' || typeof value === 'boolean' ? [[{ part, what }, Number(value)]] : [],
    ),
  );
}
