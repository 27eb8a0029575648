import { statSync } from 'node:fs';
import { historyUplink } from '@plantroom/contracts';
import { LiveClient } from '../../helpers/live-client.ts';
import { OutageBed } from '../../helpers/outage-bed.ts';
import { alarmsOfPanel, outageSite } from '../../helpers/outage-building.ts';
import { type BenchOptions, pause } from '../bed/bench-bed.ts';
import { cpuMs } from '../bed/proc-figures.ts';
import { type Figure, rounded, say } from '../report.ts';

const points = 1000;
/** Meters of which every reading is compared with the historian: more would take longer to ask for than to send. */
const watchMeters = new Set([0, 33, 66, 99]);
const smallBytes = 50_000_000;
/** What is looked at while it drains: one input changes each second, a current nearly each. */
const probes = {
  safety: Array.from({ length: alarmsOfPanel }, (_, i) => `${outageSite}/panel/input-${i}`),
  live: Array.from({ length: 10 }, (_, i) => `${outageSite}/meter-${i}/current-l1`),
};
const sampleMs = 10;
const longestDrainMs = 1_800_000;

/** A day without broker and server at a thousand values a second, passed in minutes: size, drain, age of live values meanwhile, losses. */
export async function outboxDay({ hours }: Pick<BenchOptions, 'hours'>): Promise<Figure[]> {
  return [
    ...(await run({ hours, name: 'outbox-day' })),
    ...(await run({ hours, name: 'outbox-day 50 MB', maxBytes: smallBytes })),
  ];
}

async function run({
  hours,
  name,
  maxBytes,
}: Pick<BenchOptions, 'hours'> & { name: string; maxBytes?: number }): Promise<Figure[]> {
  const bed = await OutageBed.start({
    points,
    hours,
    watchMeters,
    maxBytes: maxBytes ?? 2_000_000_000,
  });
  try {
    const ownPid = process.pid;
    const cpuBefore = cpuMs(ownPid);
    const began = performance.now();
    let tenthCpu = 0;
    await bed.passOutage((hour) => {
      if (hour % 6 === 0) say(`${name}: hour ${hour}, ${rounded(bed.outbox.stats().bytes / 1e6)} MB`);
      tenthCpu = cpuMs(ownPid) - cpuBefore;
    });
    const passedMs = performance.now() - began;
    const { bytes, produced, dropped } = bed.outbox.stats();
    const fileBytes = statSync(bed.outboxFile).size;
    const readings = produced.live + produced.safety;
    const kept = readings - dropped.live - dropped.safety;
    const drain = await drained(bed);
    const comparison = await compare(bed);
    const figure = (what: string, measured: number, unit: string, more: Partial<Figure> = {}): Figure => ({
      name: `${name}, ${what}`,
      measured,
      unit,
      ...more,
    });
    const perS = (ms: number): number => kept / (ms / 1000);
    return [
      figure('values read', bed.raw / 1e6, 'M', { note: `in ${rounded(passedMs / 1000)} s` }),
      figure('readings after report by exception', readings / 1e6, 'M', {
        note: `${rounded((100 * readings) / bed.raw)} % of the values`,
      }),
      figure('outbox', bytes / 1e6, 'MB', {
        note: `file ${rounded(fileBytes / 1e6)} MB`,
        ...(maxBytes === undefined ? {} : { limit: { at: maxBytes / 1e6, sense: 'at most' } }),
      }),
      figure('outbox for a kept reading', bytes / kept, 'bytes'),
      figure('CPU of the gateway without a line', tenthCpu / (hours * 36_000), '% of a core', {
        note: 'appends to memory, without a disk to wait for',
      }),
      figure('drain, line protocol', drain.lineMs / 1000, 's', {
        note: `${rounded(perS(drain.lineMs))} readings/s, ${rounded((hours * 3_600_000) / drain.lineMs)} × real time`,
      }),
      figure('drain, Sparkplug, confirmed', drain.sparkplugMs / 1000, 's', {
        note: `${rounded(perS(drain.sparkplugMs))} readings/s, ${rounded((hours * 3_600_000) / drain.sparkplugMs)} × real time`,
      }),
      figure('wire to screen in the drain, safety, median', drain.safety.p50, 'ms', {
        note: `worst ${rounded(drain.safety.worst)} of ${drain.safety.count}`,
      }),
      figure('wire to screen in the drain, live, median', drain.live.p50, 'ms', {
        note: `worst ${rounded(drain.live.worst)} of ${drain.live.count}`,
      }),
      figure('CPU while draining, gateway', drain.gatewayCpu, '% of a core'),
      figure('CPU while draining, server', drain.serverCpu, '% of a core'),
      figure('telemetry that holes tell of', dropped.live / 1e6, 'M'),
      figure('safety events lost', dropped.safety + comparison.safetyMissing, '', {
        limit: { at: 0.5, sense: 'at most' },
      }),
      figure('readings missing that no hole tells of', comparison.missing, '', {
        limit: { at: 0.5, sense: 'at most' },
        note: `${comparison.compared} readings of ${comparison.points} points compared with the historian`,
      }),
    ];
  } finally {
    await bed.stop();
  }
}

interface Delays {
  count: number;
  p50: number;
  worst: number;
}

interface Drain {
  lineMs: number;
  sparkplugMs: number;
  safety: Delays;
  live: Delays;
  gatewayCpu: number;
  serverCpu: number;
}

/** Until what lay there at the end of the outage has been confirmed; live values go on meanwhile. */
async function drained(bed: OutageBed): Promise<Drain> {
  const screen = new LiveClient(bed.url, bed.api.cookie);
  await screen.subscribe({ scope: { kind: 'points', ids: Object.values(probes).flat() } });
  const ends = { safety: bed.outbox.position('safety'), live: bed.outbox.position('live') };
  const isDone = (uplink: string): boolean =>
    bed.outbox.committed(uplink, 'live') >= ends.live && bed.outbox.committed(uplink, 'safety') >= ends.safety;
  const cpu = () => ({ gateway: cpuMs(process.pid), server: cpuMs(bed.pidOf('server')) });
  const before = cpu();
  const began = performance.now();
  const done: Record<string, number> = {};
  const delays: Record<keyof typeof probes, number[]> = { safety: [], live: [] };
  const seen = new Map<string, number>();
  bed.endOutage({ live: true });
  // Those before wait for the lines to be made again, however short the outage was.
  let liveFromMs = Number.POSITIVE_INFINITY;
  const endedMs = Date.now();
  while (done.sparkplug === undefined || done[historyUplink] === undefined) {
    await pause(sampleMs);
    const ms = performance.now() - began;
    if (ms > longestDrainMs) throw new Error(`not drained after ${rounded(ms / 1000)} s`);
    for (const uplink of ['sparkplug', historyUplink]) if (isDone(uplink)) done[uplink] ??= ms;
    for (const lane of ['safety', 'live'] as const) {
      for (const point of probes[lane]) {
        const { wireTimeMs } = screen.values.get(point) ?? { wireTimeMs: 0 };
        if (wireTimeMs >= endedMs) liveFromMs = Math.min(liveFromMs, Date.now());
        if (wireTimeMs < liveFromMs || wireTimeMs === seen.get(point)) continue;
        seen.set(point, wireTimeMs);
        delays[lane].push(Date.now() - wireTimeMs);
      }
    }
  }
  const ms = performance.now() - began;
  const after = cpu();
  bed.stopLive();
  screen.close();
  return {
    lineMs: done[historyUplink] ?? ms,
    sparkplugMs: done.sparkplug ?? ms,
    safety: delaysOf(delays.safety),
    live: delaysOf(delays.live),
    gatewayCpu: ((after.gateway - before.gateway) / ms) * 100,
    serverCpu: ((after.server - before.server) / ms) * 100,
  };
}

function delaysOf(samples: number[]): Delays {
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    p50: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    worst: sorted.at(-1) ?? Number.NaN,
  };
}

/** Each reading of the watched points against the historian: there, or within a hole of telemetry. */
async function compare(
  bed: OutageBed,
): Promise<{ missing: number; safetyMissing: number; compared: number; points: number }> {
  while (bed.pending(historyUplink) > 0) await pause(sampleMs);
  const result = { missing: 0, safetyMissing: 0, compared: 0, points: bed.watched.size };
  for (const [point, readings] of bed.watched) {
    const isSafety = point.includes('/panel/');
    const stored = new Set<number>();
    const holes: { fromMs: number; toMs: number }[] = [];
    const [firstMs = 0, lastMs = 0] = [readings[0]?.wireTimeMs, readings.at(-1)?.wireTimeMs];
    const stepMs = 6 * 3_600_000;
    for (let fromMs = firstMs; fromMs <= lastMs; fromMs += stepMs) {
      const series = await bed.api.history(point, fromMs, fromMs + stepMs);
      if (series.truncated) throw new Error(`${point}: six hours are more than one answer holds`);
      for (const t of series.t) stored.add(t);
      holes.push(...series.holes);
    }
    for (const { wireTimeMs } of readings) {
      result.compared++;
      if (stored.has(wireTimeMs)) continue;
      if (isSafety) result.safetyMissing++;
      else if (!holes.some(({ fromMs, toMs }) => fromMs <= wireTimeMs && wireTimeMs <= toMs)) result.missing++;
    }
  }
  return result;
}
