import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlarmRule } from '../domain/alarms/condition.ts';
import type { SeriesReader } from '../historian/series-reader.ts';
import type { ValueKind } from './bucket-bounds.ts';
import { runBacktest, type TriedOutcome } from './run-backtest.ts';
import { numberRule, numbers, point, spanMs, startMs, stateRule, states } from './test-helpers/arbitrary-history.ts';
import { MemoryReader, type MemorySeries } from './test-helpers/memory-reader.ts';
import { wholeEvaluation } from './test-helpers/whole-evaluation.ts';

const hourMs = 3_600_000;

interface Trial {
  kind?: ValueKind;
  before: AlarmRule | null;
  after: AlarmRule | null;
  fromMs?: number;
  toMs?: number;
}

const trialOf = (rule: AlarmRule | null) => (rule === null ? null : { rule, plan: null });

async function tried(reader: SeriesReader, trial: Trial): Promise<TriedOutcome & { sampled: number }> {
  const { kind = 'number', before, after, fromMs = startMs, toMs = startMs + spanMs } = trial;
  const outcomes: TriedOutcome[] = [];
  const { sampled } = await runBacktest({
    reader,
    alarms: [
      {
        id: `${point}#x`,
        source: point,
        kinds: new Map([[point, kind]]),
        before: trialOf(before),
        after: trialOf(after),
      },
    ],
    range: { fromMs, toMs },
    days: [fromMs],
    endMs: toMs,
    pause: () => Promise.resolve(),
    take: (outcome) => outcomes.push(outcome),
  });
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error('no outcome');
  return { ...outcome, sampled };
}

describe('what roll-ups tell and what is read where they do not', () => {
  const stores = fc.record({
    parts: fc.integer({ min: 0, max: 7 }),
    narrow: fc.boolean(),
    exact: fc.integer({ min: 0, max: 7 }),
    cutMs: fc.constantFrom(0, 0, 1_234_567),
  });
  const readerOf = (
    series: MemorySeries,
    { parts, narrow, exact }: { parts: number; narrow: boolean; exact: number },
  ): MemoryReader =>
    new MemoryReader(series, {
      hasParts: (atMs) => (atMs / hourMs) % 3 !== parts,
      partMs: narrow ? 60_000 : 300_000,
      isExact: (atMs) => (atMs / hourMs) % 5 !== exact,
    });

  const check = (series: fc.Arbitrary<MemorySeries>, rule: fc.Arbitrary<AlarmRule>, kind: ValueKind) =>
    fc.assert(
      fc.asyncProperty(series, fc.tuple(rule, rule), stores, async (history, [before, after], store) => {
        const range = { fromMs: startMs + store.cutMs, toMs: startMs + spanMs - store.cutMs };
        const outcome = await tried(readerOf(history, store), { before, after, kind, ...range });
        const whole = { ...history, kind, ...range };
        expect(outcome.before?.kept).toEqual(wholeEvaluation({ ...whole, rule: before }));
        expect(outcome.after?.kept).toEqual(wholeEvaluation({ ...whole, rule: after }));
      }),
      { numRuns: 400 },
    );

  test('numbers: exactly what the evaluation of every sample gives', () => check(numbers, numberRule, 'number'));
  test('states: exactly what the evaluation of every sample gives', () => check(states, stateRule, 'boolean'));
  test('codes: exactly what the evaluation of every sample gives', () => check(states, stateRule, 'number'));
});

const limit = (limit: number, more: Partial<AlarmRule> = {}): AlarmRule => ({
  condition: { type: 'limit', kind: 'H', limit },
  onDelayMs: 0,
  offDelayMs: 0,
  ...more,
});
const sample = (timeMs: number, value: number) => ({ point, timeMs, value });
const minuteMs = 60_000;
/** Six hours at one sample in ten seconds, 50 but for what is said. */
const calm = (valueAt: (atMs: number) => number = () => 50): MemorySeries => ({
  samples: Array.from({ length: 6 * 360 }, (_, i) => sample(startMs + i * 10_000, valueAt(i * 10_000))),
  quality: [],
});

describe('what is read', () => {
  test('of six calm hours with one excursion only the parts in which it begins and ends', async () => {
    const series = calm((atMs) => (atMs >= 2.5 * hourMs && atMs < 2.5 * hourMs + 600_000 ? 90 : 50));
    const reader = new MemoryReader({ ...series, samples: [sample(startMs - 1_000, 50), ...series.samples] });
    const { before, sampled } = await tried(reader, { before: limit(80), after: limit(80) });
    expect(before?.kept).toEqual([
      {
        onsetMs: startMs + 2.5 * hourMs,
        raisedMs: startMs + 2.5 * hourMs,
        returnedMs: startMs + 2.5 * hourMs + 600_000,
        low: 90,
        high: 90,
      },
    ]);
    expect(
      reader.asked.map(({ startMs: atMs, endMs }) => [atMs, endMs].map((ms) => (ms - startMs) / minuteMs)),
    ).toEqual([
      [150, 155],
      [160, 165],
    ]);
    expect(sampled).toBe(10);
  });

  test('a loss that ended is not read again and again', async () => {
    const quality = [{ point, timeMs: startMs + hourMs + 5_000, code: 0, reason: 'comm-lost' }];
    const reader = new MemoryReader({ ...calm(), quality });
    const { sampled } = await tried(reader, { before: limit(80), after: limit(80) });
    expect(sampled).toBeLessThanOrEqual(15);
  });

  test('one reading serves the rule in force and the proposed one', async () => {
    const series = calm((atMs) => (atMs === 3 * hourMs ? 90 : 50));
    const reader = new MemoryReader(series);
    const outcome = await tried(reader, { before: limit(80), after: limit(85) });
    expect(new Set(reader.asked.map(({ startMs: atMs }) => atMs)).size).toBe(reader.asked.length);
    expect([outcome.before?.kept.length, outcome.after?.kept.length]).toEqual([1, 1]);
  });
});

describe('where samples are gone', () => {
  test('an excursion is judged from its minute, and the span is told', async () => {
    const series = calm((atMs) => (atMs === 3 * hourMs + 20_000 ? 90 : 50));
    const excursion = startMs + 3 * hourMs;
    const reader = new MemoryReader(series, { hasSamples: (atMs) => atMs < excursion, partMs: minuteMs });
    const { before, coarse } = await tried(reader, { before: limit(80), after: null });
    expect(before?.kept).toEqual([
      { onsetMs: excursion, raisedMs: excursion, returnedMs: excursion + minuteMs - 1, low: 90, high: 90 },
    ]);
    expect(coarse).toEqual([{ fromMs: excursion, toMs: excursion + minuteMs, from: 'minutes' }]);
  });

  test('where minutes are gone too, from its hour', async () => {
    const series = calm((atMs) => (atMs === 3 * hourMs + 20_000 ? 90 : 50));
    const excursion = startMs + 3 * hourMs;
    const reader = new MemoryReader(series, {
      hasSamples: (atMs) => atMs < excursion,
      hasParts: (atMs) => atMs < excursion,
    });
    const { before, coarse } = await tried(reader, { before: limit(80), after: null });
    expect(before?.kept).toMatchObject([{ onsetMs: excursion, returnedMs: excursion + hourMs - 1 }]);
    expect(coarse).toEqual([{ fromMs: excursion, toMs: excursion + hourMs, from: 'hours' }]);
  });
});

test('holes are told with their reasons, and nothing is raised within them', async () => {
  const series = calm((atMs) => (atMs === hourMs ? 90 : 50));
  const quality = [
    { point, timeMs: startMs + hourMs + 1_000, code: 0, reason: 'comm-lost' },
    { point, timeMs: startMs + 2 * hourMs, code: 192, reason: null },
  ];
  const samples = series.samples.filter(({ timeMs: at }) => at <= startMs + hourMs || at >= startMs + 2 * hourMs);
  const reader = new MemoryReader({ samples, quality });
  const { before, holes } = await tried(reader, { before: limit(80, { onDelayMs: 15_000 }), after: null });
  expect(holes).toEqual([{ fromMs: startMs + hourMs + 1_000, toMs: startMs + 2 * hourMs, reason: 'comm-lost' }]);
  expect(before?.kept).toEqual([]);
});

test('what has never been heard of is told as unknown', async () => {
  const outcome = await tried(new MemoryReader({ samples: [], quality: [] }), { before: limit(80), after: null });
  expect(outcome.knownFromMs).toBeNull();
  expect(outcome.before?.kept).toEqual([]);
});
