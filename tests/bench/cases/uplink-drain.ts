import { join } from 'node:path';
import { lineUplinkName } from '../../../gateway/src/uplink/line-protocol/line-uplink.ts';
import { sparkplugUplinkName } from '../../../gateway/src/uplink/sparkplug/sparkplug-uplink.ts';
import { peer } from '../../helpers/peers.ts';
import { type RunningInfluxd, runInfluxd } from '../../helpers/run-influxd.ts';
import { BenchBed, type BenchOptions, pause, untilStill } from '../bed/bench-bed.ts';
import { startChild } from '../bed/child.ts';
import { outageDevices as devices, fillOutbox, outageS, outagePerS as perS } from '../bed/fill-outbox.ts';
import { writeFleetFiles } from '../bed/gateway-files.ts';
import { cpuWindow } from '../bed/proc-figures.ts';
import { type Figure, load } from '../report.ts';

const patienceMs = 600_000;

interface Counts {
  backlogFields: number;
  lastBacklogMs: number;
}

/** Of ages in ms. */
function quantile(ages: readonly number[], q: number): number {
  const sorted = [...ages].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

/**
 * The real gateway comes up with half an hour of readings in its outbox and goes on polling real Modbus servers. The receiver is InfluxDB behind
 * a relay that notes how old each line is when it has been stored; without InfluxDB the relay answers by itself.
 */
export async function uplinkDrain(options: BenchOptions): Promise<Figure[]> {
  const bed = await BenchBed.open();
  try {
    const influx = peer('influxd').available ? await runInfluxd() : undefined;
    if (influx !== undefined) {
      bed.atEnd(() => influx.stop());
      await influx.command('CREATE DATABASE "plantroom"');
    }
    const relay = bed.add(startChild('relay.ts'));
    const { port } = await relay.ask<{ port: number }>('start', { to: influx?.url });
    const fleet = bed.add(startChild('modbus-fleet.ts'));
    await fleet.ask('listen', { devices });
    const files = await writeFleetFiles(bed.folder, {
      devices,
      influxUrl: `http://127.0.0.1:${port}`,
      influxApi: 'v1',
    });
    const backlog = fillOutbox(join(files.folder, 'data/outbox.db'), lineUplinkName);
    const beganMs = Date.now();
    await relay.ask('liveFrom', { ms: beganMs });
    const gateway = await bed.startGateway(files, options);
    const window = cpuWindow({
      gateway: gateway.pid,
      relay: relay.pid,
      fleet: fleet.pid,
      influxd: influx?.pid ?? relay.pid,
    });
    const counts = (): Promise<Counts> => relay.ask('counts');
    const endMs = Date.now() + patienceMs;
    while ((await counts()).backlogFields < backlog && Date.now() < endMs) await pause(100);
    const cpu = window();
    const { backlogFields, lastBacklogMs } = await counts();
    const ages = await relay.ask<number[]>('ages');
    const drainS = (lastBacklogMs - beganMs) / 1000;
    // As many more polls with nothing behind them.
    await pause(options.seconds * 500);
    const idle = await relay.ask<number[]>('ages');
    const peerAt = (q: number): NonNullable<Figure['peer']> => ({
      name: 'without backlog',
      measured: quantile(idle, q),
    });
    const stored = influx === undefined ? backlogFields : await storedBefore(influx, beganMs);
    const receiver = influx === undefined ? 'a receiver that stores nothing' : 'InfluxDB';
    return [
      {
        name: 'uplink-drain seconds of backlog a second',
        measured: outageS / drainS,
        unit: '×',
        limit: { at: 10, sense: 'at least' },
        note: `${backlog} readings in ${drainS.toFixed(1)} s into ${receiver}, beside ${perS} live ones a second, load ${load()}`,
      },
      {
        name: 'uplink-drain readings of the backlog lost',
        measured: backlog - stored,
        unit: '',
        limit: { at: 0, sense: 'at most' },
        note: `${Math.max(0, backlogFields - backlog)} sent twice`,
      },
      {
        name: 'uplink-drain live data stored after, p50',
        measured: quantile(ages, 0.5),
        unit: 'ms',
        peer: peerAt(0.5),
      },
      {
        name: 'uplink-drain live data stored after, p99',
        measured: quantile(ages, 0.99),
        unit: 'ms',
        limit: { at: 2000, sense: 'at most' },
        peer: peerAt(0.99),
        note: 'telemetry is gathered for a second',
      },
      { name: 'uplink-drain CPU of the gateway', measured: cpu.gateway, unit: '%' },
      { name: 'uplink-drain CPU of the relay', measured: cpu.relay, unit: '%' },
      { name: 'uplink-drain CPU of the devices', measured: cpu.fleet, unit: '%' },
      ...(influx === undefined ? [] : [{ name: 'uplink-drain CPU of InfluxDB', measured: cpu.influxd, unit: '%' }]),
    ];
  } finally {
    await bed.close();
  }
}

/** The same over Sparkplug, into a host that counts. */
export async function sparkplugDrain(options: BenchOptions): Promise<Figure[]> {
  const bed = await BenchBed.open();
  try {
    const { broker } = bed;
    const fleet = bed.add(startChild('modbus-fleet.ts'));
    await fleet.ask('listen', { devices });
    const host = bed.add(startChild('drain-host.ts'));
    await host.ask('start', { broker: broker.url });
    const files = await writeFleetFiles(bed.folder, { devices, broker: broker.url });
    const backlog = fillOutbox(join(files.folder, 'data/outbox.db'), sparkplugUplinkName);
    const beganMs = Date.now();
    const gateway = await bed.startGateway(files, options);
    const window = cpuWindow({ gateway: gateway.pid, broker: broker.pid, host: host.pid });
    const counts = (): Promise<Counts> => host.ask('counts');
    await untilStill(async () => (await counts()).backlogFields, patienceMs);
    const cpu = window();
    const { backlogFields, lastBacklogMs } = await counts();
    const drainS = (lastBacklogMs - beganMs) / 1000;
    const ages = await host.ask<number[]>('ages');
    return [
      {
        name: 'sparkplug-drain seconds of backlog a second',
        measured: outageS / drainS,
        unit: '×',
        limit: { at: 10, sense: 'at least' },
        note: `${backlogFields} of ${backlog} readings came in ${drainS.toFixed(1)} s, beside ${perS} live ones a second; ${broker.name}, load ${load()}`,
      },
      { name: 'sparkplug-drain live data there after, p50', measured: quantile(ages, 0.5), unit: 'ms' },
      {
        name: 'sparkplug-drain live data there after, p99',
        measured: quantile(ages, 0.99),
        unit: 'ms',
        limit: { at: 1000, sense: 'at most' },
      },
      { name: 'sparkplug-drain CPU of the gateway', measured: cpu.gateway, unit: '%' },
      { name: 'sparkplug-drain CPU of the broker', measured: cpu.broker, unit: '%' },
      { name: 'sparkplug-drain CPU of the host', measured: cpu.host, unit: '%' },
    ];
  } finally {
    await bed.close();
  }
}

/** Raw values that are in it, asked of InfluxDB itself. */
async function storedBefore(influx: RunningInfluxd, timeMs: number): Promise<number> {
  interface Answer {
    results: { series?: { values: number[][] }[] }[];
  }
  const what = `SELECT COUNT(/value/) FROM "bench-meter" WHERE time < ${timeMs}ms`;
  const { results } = await influx.query<Answer>('plantroom', what);
  const [, ...counts] = results[0]?.series?.[0]?.values[0] ?? [];
  return counts.reduce((sum, count) => sum + count, 0);
}
