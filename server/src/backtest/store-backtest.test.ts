import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DuckDbHistorian } from '../historian/duckdb-historian.ts';
import type { SeriesReader } from '../historian/series-reader.ts';
import { QueryReader } from './query-reader.ts';
import { runBacktest, type TriedOutcome } from './run-backtest.ts';
import { numberRule, numbers, spanMs, startMs } from './test-helpers/arbitrary-history.ts';
import { wholeEvaluation } from './test-helpers/whole-evaluation.ts';

let folder = '';
let historian: DuckDbHistorian;
let counter = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plantroom-backtest-'));
  const clock = new VirtualClock(startMs + 3 * 86_400_000);
  historian = new DuckDbHistorian({ folder, logger: silentLogger, clock });
  await historian.start();
});
afterAll(async () => {
  await historian.stop();
  await rm(folder, { recursive: true });
});

const stores: Record<string, { open: () => Promise<SeriesReader>; numRuns: number }> = {
  'by its roll-ups': { open: () => historian.reader(), numRuns: 12 },
  'by queries alone, as for a store without them': {
    open: () => Promise.resolve(new QueryReader(historian)),
    numRuns: 4,
  },
};

describe.each(Object.entries(stores))('a store read %s', (_, { open, numRuns }) => {
  const range = { fromMs: startMs, toMs: startMs + spanMs };
  const history = fc.record({
    series: numbers,
    rule: numberRule,
    /** Samples written after the day was compacted. */
    late: fc.nat(40),
  });

  test('gives exactly what the evaluation of every sample gives', async () => {
    const check = async (histories: (typeof history extends fc.Arbitrary<infer T> ? T : never)[], compact: boolean) => {
      const tried = histories.map((each) => {
        const point = `hq/pump-${++counter}/flow`;
        const samples = each.series.samples.map((sample) => ({ ...sample, point }));
        const quality = each.series.quality.map((change) => ({ ...change, point }));
        return { point, samples, quality, rule: each.rule, early: samples.length - each.late };
      });
      for (const { samples, quality, early } of tried) {
        await historian.write(
          samples.filter((_, i) => i < early),
          quality,
        );
      }
      if (compact) await historian.maintain();
      for (const { samples, early } of tried) {
        await historian.write(
          samples.filter((_, i) => i >= early),
          [],
        );
      }
      const reader = await open();
      const outcomes = new Map<string, TriedOutcome>();
      await runBacktest({
        reader,
        alarms: tried.map(({ point, rule }) => ({
          id: point,
          source: point,
          kinds: new Map([[point, 'number' as const]]),
          before: { rule, plan: null },
          after: null,
        })),
        range,
        days: [startMs],
        endMs: range.toMs,
        pause: () => Promise.resolve(),
        take: (outcome) => outcomes.set(outcome.alarm.id, outcome),
      });
      reader.close();
      for (const { samples, quality, rule, point } of tried) {
        const whole = wholeEvaluation({ samples, quality, ...range, rule, kind: 'number' });
        expect(outcomes.get(point)?.before?.kept).toEqual(whole);
        expect(outcomes.get(point)?.coarse).toEqual([]);
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(history, { minLength: 1, maxLength: 5 }), fc.boolean(), check), {
      numRuns,
    });
  });
});
