import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DuckDbHistorian } from './duckdb-historian.ts';
import type { HistorianSample, QualityChange } from './historian.ts';
import { naiveSeries } from './naive-series.ts';
import { Retention } from './retention.ts';
import { expectSame } from './same-series.ts';

const minute = 60_000;
const hour = 3_600_000;
const day = 24 * hour;
const t0 = Date.UTC(2026, 0, 10);
const clock = new VirtualClock(t0 + 3 * day + 2 * hour);
const nowMs = clock.nowMs();
const aggregates = ['mean', 'min', 'max', 'last', 'minmax'] as const;

let folder = '';
let historian: DuckDbHistorian;
let counter = 0;
const freshPoint = (): string => `hq/pump-${++counter}/flow`;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plantroom-rollups-'));
  // Chunks so small that a day is put together from many.
  historian = new DuckDbHistorian({ folder, logger: silentLogger, clock, chunkSamples: 500 });
  await historian.start();
});
afterAll(async () => {
  await historian.stop();
  await rm(folder, { recursive: true });
});

/** The answer of a point that was told these things, by the plain definition: of two at one time the later one counts. */
function expected(told: { samples: HistorianSample[]; quality: QualityChange[] }, query: Question) {
  return naiveSeries({ samples: newestOf(told.samples), quality: newestOf(told.quality), nowMs, ...query });
}

interface Question {
  fromMs: number;
  toMs: number;
  resolutionMs: number;
  aggregate: (typeof aggregates)[number] | 'raw';
}

// Dense bursts make roll-ups worthwhile; single samples, exact boundaries and whole days without any make the rest.
const anyTime = fc.oneof(
  { weight: 1, arbitrary: fc.integer({ min: -hour, max: 4 * day }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 4 * 24 }).map((at) => at * hour) },
  // Close together, or changes of quality would seldom fall among samples.
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 100 }).map((at) => 5 * hour + at * 7_000) },
);
const anyValue = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0),
  fc.integer({ min: -50, max: 50 }).map((value) => value / 10 + 0),
  fc.float({ min: -1e3, max: 1e3, noNaN: true }).map((value) => value + 0),
);
const burst = fc
  .tuple(anyTime, fc.integer({ min: 1, max: 20_000 }), fc.array(anyValue, { minLength: 8, maxLength: 80 }))
  .map(([at, everyMs, values]) => values.map((value, i) => ({ at: at + i * everyMs, value })));
const single = fc.record({ at: anyTime, value: anyValue }).map((one) => [one]);
const quality = fc.record({ at: anyTime, code: fc.constantFrom(0, 192, 500) });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('samples' as const), samples: burst }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('samples' as const), samples: single }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('quality' as const), quality }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), changeBy: fc.constantFrom(0, 1) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('compact' as const) }) },
);
const anyRange = fc.record({
  from: fc.oneof(fc.integer({ min: -day, max: 3 * day }), fc.constantFrom(0, day, 5 * hour)),
  length: fc.oneof(fc.integer({ min: 1, max: 4 * day }), fc.constantFrom(hour, day, 3 * day)),
  resolutionMs: fc.oneof(
    fc.constantFrom(hour, 2 * hour, 6 * hour, day),
    fc.integer({ min: 1, max: 90 }).map((minutes) => minutes * minute),
    fc.integer({ min: 200_000, max: 3 * hour }),
  ),
});

test('whatever is written in whatever order, and whenever it is compacted, roll-ups answer as the samples would', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.array(anyRange, { minLength: 2, maxLength: 4 }),
      async (steps, ranges) => {
        const point = freshPoint();
        const told = { samples: [] as HistorianSample[], quality: [] as QualityChange[] };
        for (const does of steps) {
          if (does.kind === 'compact') {
            await historian.maintain();
            continue;
          }
          const samples =
            does.kind === 'samples'
              ? does.samples.map(({ at, value }) => ({ point, timeMs: t0 + at, value }))
              : does.kind === 'again'
                ? told.samples.slice(-40).map((sample) => ({ ...sample, value: sample.value + does.changeBy }))
                : [];
          const changes =
            does.kind === 'quality'
              ? [{ point, timeMs: t0 + does.quality.at, code: does.quality.code, reason: null }]
              : [];
          await historian.write(samples, changes);
          told.samples.push(...samples);
          told.quality.push(...changes);
        }
        for (const { from, length, resolutionMs } of ranges) {
          for (const aggregate of [...aggregates, 'raw'] as const) {
            const query = { fromMs: t0 + from, toMs: t0 + from + length, resolutionMs, aggregate };
            const [series] = await historian.query({ points: [point], limit: 100_000, ...query });
            expectSame(series!, expected(told, query), aggregate);
          }
        }
        const latest = told.samples.reduce<HistorianSample | undefined>(
          (a, b) => (a && a.timeMs > b.timeMs ? a : b),
          undefined,
        );
        expect(await historian.latest([point])).toEqual(latest === undefined ? [] : [latest]);
      },
    ),
    { numRuns: 40 },
  );
});

test('when samples are kept no longer, minutes and then hours answer as the samples did, quality changes included', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(burst, single), { minLength: 1, maxLength: 8 }),
      fc.array(quality, { maxLength: 3 }),
      anyRange,
      async (bursts, changes, { from, length }) => {
        const point = freshPoint();
        const within = ({ at }: { at: number }): boolean => at < 3 * day;
        const samples = bursts
          .flat()
          .filter(within)
          .map(({ at, value }) => ({ point, timeMs: t0 + at, value }));
        const marks = changes.filter(within).map(({ at, code }) => ({ point, timeMs: t0 + at, code, reason: null }));
        const later = new VirtualClock(t0 + 3 * day + 2 * hour);
        const own = await mkdtemp(join(tmpdir(), 'plantroom-retention-'));
        const retention = new Retention({ default: { rawDays: 10, minuteDays: 20, hourDays: 30 } });
        const aging = new DuckDbHistorian({ folder: own, logger: silentLogger, clock: later, retention });
        await aging.start();
        await aging.write(samples, marks);
        const ask = async (unitMs: number) => {
          const fromMs = Math.floor((t0 + from) / unitMs) * unitMs;
          const query = { fromMs, toMs: fromMs + Math.ceil(length / unitMs) * unitMs, aggregate: 'minmax' as const };
          for (const resolutionMs of [unitMs, unitMs * 5]) {
            const question = { ...query, resolutionMs };
            const [series] = await aging.query({ points: [point], limit: 100_000, ...question });
            const naive = naiveSeries({
              samples: newestOf(samples),
              quality: newestOf(marks),
              nowMs: later.nowMs(),
              ...question,
            });
            expectSame(series!, naive, 'minmax');
          }
        };
        await aging.maintain();
        await ask(minute);
        later.advance(12 * day);
        await aging.maintain();
        await ask(minute);
        later.advance(10 * day);
        await aging.maintain();
        await ask(hour);
        later.advance(10 * day);
        await aging.maintain();
        expect(await aging.latest([point])).toEqual([]);
        await aging.stop();
        await rm(own, { recursive: true });
      },
    ),
    { numRuns: 25 },
  );
});

function newestOf<T extends { timeMs: number }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [item.timeMs, item])).values()];
}
