import type { HistorianQuery } from '../../../server/src/historian/historian.ts';
import type { BenchOptions } from '../bed/bench-bed.ts';
import { firstDayMs, HistoryStore } from '../bed/history-store.ts';
import { memory } from '../bed/proc-figures.ts';
import { type Figure, load, rounded } from '../report.ts';

const days = 30;
const points = 5_000;
const defaultSamples = 250_000_000;
const dayMs = 86_400_000;
const warmUp = 10;
const leastQueries = 50;
const mostQueries = 500;
/** What the dashboard asks for 30 days on a screen of ordinary width. */
const chart = { aggregate: 'minmax', resolutionMs: 7_200_000, limit: 20_000 } as const;
const questions = {
  'chart of 30 days (2 h)': chart,
  'chart of 30 days (10 min)': { ...chart, resolutionMs: 600_000 },
  'every sample of 30 days': { aggregate: 'raw', limit: 200_000 },
} as const;

/** 30 days of one point out of a large store, many points in turn, each asked for the first time. */
export async function history({ seconds, points: samples = defaultSamples }: BenchOptions): Promise<Figure[]> {
  const store = new HistoryStore({ points, days, samples });
  try {
    await store.build();
    const built = `${rounded(store.samples / 1e6)} M samples, ${points} points`;
    const figures: Figure[] = [];
    for (const [name, question] of Object.entries(questions)) {
      const { ms, cpuMs } = await askAll(store, question, seconds / 3);
      figures.push(
        {
          name: `history ${name}, p95`,
          measured: percentile(ms, 0.95),
          unit: 'ms',
          limit: { at: 50, sense: 'at most' },
          note: `p50 ${rounded(percentile(ms, 0.5))}, p99 ${rounded(percentile(ms, 0.99))}, ${ms.length} queries; ${built}, load ${load()}`,
        },
        { name: `history ${name}, CPU a query`, measured: cpuMs / ms.length, unit: 'ms' },
      );
    }
    const { writing, compacting } = store.spentMs;
    return [
      ...figures,
      {
        name: 'history writing, making the samples included',
        measured: (store.samples / writing) * 1000,
        unit: 'points/s',
        limit: { at: 500_000, sense: 'at least' },
      },
      { name: 'history compacting', measured: (store.samples / compacting) * 1000, unit: 'points/s' },
      {
        name: 'history bytes a point on closed days',
        measured: store.bytes() / store.samples,
        unit: 'bytes',
        limit: { at: 4, sense: 'at most' },
      },
      { name: 'history memory of the process, peak', measured: memory(process.pid).peakMb, unit: 'MB' },
    ];
  } finally {
    await store.close();
  }
}

async function askAll(
  store: HistoryStore,
  question: Pick<HistorianQuery, 'aggregate' | 'resolutionMs' | 'limit'>,
  seconds: number,
): Promise<{ ms: number[]; cpuMs: number }> {
  const ms: number[] = [];
  let cpu = process.cpuUsage();
  const endMs = performance.now() + seconds * 1000;
  for (let i = 0; i < warmUp + mostQueries; i++) {
    if (i >= warmUp + leastQueries && performance.now() > endMs) break;
    if (i === warmUp) cpu = process.cpuUsage();
    // A stride without a common factor: no point twice, and none near the one before.
    const point = store.data.points[(i * 2_017 + 7) % points] as string;
    const began = performance.now();
    const [series] = await store.historian.query({
      points: [point],
      fromMs: firstDayMs,
      toMs: firstDayMs + days * dayMs,
      ...question,
    });
    if (i >= warmUp) ms.push(performance.now() - began);
    if (series === undefined || series.t.length < days || series.truncated)
      throw new Error(`${point}: not all of it came`);
  }
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1000 };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
