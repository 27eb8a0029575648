import { peer } from '../../helpers/peers.ts';
import { type RunningInfluxd, runInfluxd } from '../../helpers/run-influxd.ts';
import { BenchBed, type BenchOptions, pause } from '../bed/bench-bed.ts';
import { type Child, startChild } from '../bed/child.ts';
import { readsPoint, readsPollMs, writeSensorFiles } from '../bed/gateway-files.ts';
import { cpuWindow } from '../bed/proc-figures.ts';
import { type Figure, load, say } from '../report.ts';

const devices = 50;
const outageMs = 60_000;
const steadyMs = 10_000;
/** For everything to arrive afterwards; whatever takes longer is lost. */
const patienceMs = 180_000;
const database = 'plantroom';

/** InfluxDB is killed and comes back a minute later, while the gateway polls devices that count what they give out. */
export async function influxOutage(options: BenchOptions): Promise<Figure[]> {
  const influxd = peer('influxd');
  if (!influxd.available) {
    say(`influx-outage is left out: ${influxd.hint}`);
    return [];
  }
  const bed = await BenchBed.open();
  try {
    const influx = await runInfluxd();
    bed.atEnd(() => influx.stop());
    await influx.command(`CREATE DATABASE "${database}"`);
    const fleet = bed.add(startChild('counting-fleet.ts'));
    const counters = await fleet.ask<number[]>('listen', { count: devices });
    const files = await writeSensorFiles(bed.folder, { devices: 0, counters, influxUrl: influx.url });
    const gateway = await bed.startGateway(files, options);
    await untilStored(influx, await served(fleet, 1));
    const window = cpuWindow({ gateway: gateway.pid, fleet: fleet.pid });
    await pause(steadyMs);
    await influx.kill();
    await pause(outageMs);
    await influx.startAgain();
    const backMs = performance.now();
    const influxWindow = cpuWindow({ influxd: influx.pid });
    const atReturn = await served(fleet, 1);
    const liveMs = (await untilSeen(influx, atReturn)) - backMs;
    const drainedMs = (await untilStored(influx, atReturn)) - backMs;
    await pause(steadyMs);
    const last = await served(fleet, 0);
    await untilStored(influx, last);
    const { influxd: influxCpu } = influxWindow();
    const cpu = window();
    const { missing } = compare(await stored(influx), last);
    return [
      {
        name: 'influx-outage points lost for good',
        measured: missing,
        unit: '',
        limit: { at: 0, sense: 'at most' },
        note: `of ${last.reduce((sum, count) => sum + count, 0)} given out by ${devices} devices; away for ${outageMs / 1000} s, load ${load()}`,
      },
      { name: 'influx-outage live data in it again after', measured: liveMs / 1000, unit: 's' },
      { name: 'influx-outage backlog in it after', measured: drainedMs / 1000, unit: 's' },
      { name: 'influx-outage CPU of the gateway', measured: cpu.gateway, unit: '%' },
      { name: 'influx-outage CPU of InfluxDB after its return', measured: influxCpu, unit: '%' },
      { name: 'influx-outage CPU of the devices', measured: cpu.fleet, unit: '%' },
    ];
  } finally {
    await bed.close();
  }
}

/** What each device has given out, once it is at least this much. */
async function served(fleet: Child, least: number): Promise<number[]> {
  for (;;) {
    const counts = await fleet.ask<number[]>('served');
    if (counts.every((count) => count >= least)) return counts;
    await pause(readsPollMs);
  }
}

/** Raw values by device. */
async function stored(influx: RunningInfluxd): Promise<Set<number>[]> {
  interface Answer {
    results: { series?: { tags: { equipment: string }; values: [number, number][] }[] }[];
  }
  const { results } = await influx.query<Answer>(
    database,
    `SELECT "${readsPoint}" FROM "bench-counter" GROUP BY "equipment"`,
  );
  const values = Array.from({ length: devices }, () => new Set<number>());
  for (const series of results[0]?.series ?? []) {
    const device = Number(series.tags.equipment.slice('counter-'.length));
    for (const [, value] of series.values) values[device]?.add(value);
  }
  return values;
}

function compare(values: readonly Set<number>[], last: readonly number[]): { missing: number; behind: number } {
  let missing = 0;
  let behind = 0;
  last.forEach((count, device) => {
    const seen = values[device] ?? new Set();
    for (let n = 1; n <= count; n++) if (!seen.has(n)) missing += 1;
    if (Math.max(0, ...seen) < count) behind += 1;
  });
  return { missing, behind };
}

/** Answers when everything that had been given out is stored, or patience is at its end. */
function untilStored(influx: RunningInfluxd, last: readonly number[]): Promise<number> {
  return until(influx, (values) => compare(values, last).missing === 0);
}

/** As `untilStored`, for something at least as new of every device. */
function untilSeen(influx: RunningInfluxd, last: readonly number[]): Promise<number> {
  return until(influx, (values) => compare(values, last).behind === 0);
}

async function until(influx: RunningInfluxd, reached: (values: readonly Set<number>[]) => boolean): Promise<number> {
  const endMs = performance.now() + patienceMs;
  while (performance.now() < endMs && !reached(await stored(influx))) await pause(100);
  return performance.now();
}
