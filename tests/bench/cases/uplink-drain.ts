import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Reading, silentLogger, systemClock } from '@plantroom/contracts';
import { openSqliteOutbox } from '../../../gateway/src/outbox/sqlite-outbox.ts';
import { lineUplinkName } from '../../../gateway/src/uplink/line-protocol/line-uplink.ts';
import { peer } from '../../helpers/peers.ts';
import { type RunningInfluxd, runInfluxd } from '../../helpers/run-influxd.ts';
import { BenchBed, type BenchOptions, pause } from '../bed/bench-bed.ts';
import { startChild } from '../bed/child.ts';
import { floats } from '../bed/fleet-addresses.ts';
import { writeFleetFiles } from '../bed/gateway-files.ts';
import { cpuWindow } from '../bed/proc-figures.ts';
import { type Figure, load } from '../report.ts';

const devices = 50;
const perS = devices * floats;
/** The outage that lies behind the gateway. */
const outageS = 1800;
const patienceMs = 600_000;

interface Counts {
  backlogFields: number;
  liveFields: number;
  lastBacklogMs: number;
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
    const backlog = fillOutbox(join(files.folder, 'data/outbox.db'));
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
    const ages = (await relay.ask<number[]>('ages')).sort((a, b) => a - b);
    const drainS = (lastBacklogMs - beganMs) / 1000;
    const share = (q: number): number => ages[Math.min(ages.length - 1, Math.floor(ages.length * q))] ?? Number.NaN;
    // As many more polls with nothing behind them.
    await pause(options.seconds * 500);
    const idle = (await relay.ask<number[]>('ages')).sort((a, b) => a - b);
    const peerAt = (q: number): NonNullable<Figure['peer']> => ({
      name: 'without backlog',
      measured: idle[Math.min(idle.length - 1, Math.floor(idle.length * q))] ?? Number.NaN,
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
      { name: 'uplink-drain live data stored after, p50', measured: share(0.5), unit: 'ms', peer: peerAt(0.5) },
      {
        name: 'uplink-drain live data stored after, p99',
        measured: share(0.99),
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

/** What the gateway would have read, once a second, up to now. Answers how many readings. */
function fillOutbox(file: string): number {
  mkdirSync(join(file, '..'), { recursive: true });
  const uplinks = [lineUplinkName];
  const outbox = openSqliteOutbox(file, { uplinks, clock: systemClock, logger: silentLogger, maxBytes: 1e9 });
  const points = Array.from({ length: devices }, (_, device) =>
    Array.from({ length: floats }, (_, i) => `bench-site/unit-${device}/value-${i + 1}`),
  ).flat();
  const beganMs = Date.now() - outageS * 1000;
  let noise = 1;
  for (let second = 0; second < outageS; second++) {
    outbox.append(
      'live',
      points.map((point, i): Reading => {
        noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
        const value = Math.fround(100 + i + noise / 2 ** 32);
        return { point, value, quality: 'good', wireTimeMs: beganMs + second * 1000 + Math.floor(i / floats) };
      }),
    );
  }
  outbox.close();
  return points.length * outageS;
}
