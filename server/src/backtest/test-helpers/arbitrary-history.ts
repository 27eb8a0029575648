import type { AlarmCondition } from '@plantroom/contracts';
import fc from 'fast-check';
import type { AlarmRule } from '../../domain/alarms/condition.ts';
import type { QualityChange } from '../../historian/historian.ts';
import type { MemorySeries } from './memory-reader.ts';

export const point = 'hq/pump-1/flow';
export const startMs = Date.UTC(2026, 0, 10);
export const spanMs = 6 * 3_600_000;

const marks: readonly Pick<QualityChange, 'code' | 'reason'>[] = [
  { code: 0, reason: 'comm-lost' },
  { code: 192, reason: null },
  { code: 500, reason: 'stale' },
  { code: 500, reason: 'out-of-range' },
  { code: 500, reason: 'manual' },
];

/** Runs of samples at one pace that wander about 50, with jumps, pauses of hours, and changes of quality, some at the very time of a sample. */
export const numbers: fc.Arbitrary<MemorySeries> = fc
  .record({
    runs: fc.array(
      fc.record({
        gapMs: fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 5_400_000 })),
        stepMs: fc.constantFrom(1_000, 10_000, 60_000, 300_000),
        level: fc.integer({ min: 40, max: 60 }),
        values: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 80 }),
      }),
      { minLength: 1, maxLength: 10 },
    ),
    changes: fc.array(
      fc.record({ at: fc.nat(400), offMs: fc.constantFrom(0, 0, 1, 700, 130_000), mark: fc.constantFrom(...marks) }),
      { maxLength: 8 },
    ),
  })
  .map(({ runs, changes }) => {
    let atMs = startMs - 1_800_000;
    const samples = runs.flatMap(({ gapMs, stepMs, level, values }) => {
      atMs += gapMs;
      return values.map((value) => {
        atMs += stepMs;
        return { point, timeMs: atMs, value: level + value };
      });
    });
    const quality = changes.map(({ at, offMs, mark }) => {
      const sample = samples[at % samples.length];
      return { point, timeMs: (sample?.timeMs ?? startMs) + offMs, ...mark };
    });
    return { samples, quality: [...new Map(quality.map((change) => [change.timeMs, change])).values()] };
  });

const delay = fc.constantFrom(0, 0, 1, 15_000, 60_000, 600_000, 4_000_000);

const numberCondition: fc.Arbitrary<AlarmCondition> = fc.oneof(
  fc
    .record({
      kind: fc.constantFrom('HH', 'H', 'L', 'LL'),
      limit: fc.integer({ min: 38, max: 62 }),
      deadband: fc.constantFrom(0, 1, 2.5, 6),
    })
    .map((limit): AlarmCondition => ({ type: 'limit', ...limit })),
  fc
    .array(fc.integer({ min: 38, max: 62 }), { minLength: 1, maxLength: 3 })
    .map((values): AlarmCondition => ({ type: 'off-normal', values })),
);

const ruleOf = (condition: fc.Arbitrary<AlarmCondition>): fc.Arbitrary<AlarmRule> =>
  fc.record({ condition, onDelayMs: delay, offDelayMs: delay });

export const numberRule = ruleOf(numberCondition);

/** States and codes: 0 and 1 most of the time. */
export const states: fc.Arbitrary<MemorySeries> = numbers.map(({ samples, quality }) => ({
  samples: samples.map((sample) => ({ ...sample, value: sample.value > 53 ? 1 : 0 })),
  quality,
}));

export const stateRule = ruleOf(
  fc.constantFrom<AlarmCondition>(
    { type: 'off-normal', values: [true] },
    { type: 'off-normal', values: [false] },
    { type: 'non-zero' },
  ),
);
