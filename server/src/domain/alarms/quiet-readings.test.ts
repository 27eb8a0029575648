import type { AlarmCondition, EnabledWhen, PointValue } from '@plantroom/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testPlan } from '../test-helpers/signal-rig.ts';
import { QuietReadings } from './quiet-readings.ts';
import { accept, advance, initialSignal, nextWakeMs, type Signal, type Told } from './signal.ts';
import type { Sample } from './signal-nodes.ts';
import type { SignalPlan } from './signal-plan.ts';

interface Rule {
  condition: AlarmCondition;
  enabledWhen?: EnabledWhen;
}

const running: EnabledWhen = { when: { point: 'b', is: [1] }, forMs: 7000 };
const rules: Record<string, Rule> = {
  'a limit within operating states': {
    condition: { type: 'limit', kind: 'H', limit: 3, deadband: 1 },
    enabledWhen: running,
  },
  'a low limit whose gate compares': {
    condition: { type: 'limit', kind: 'L', limit: 3, deadband: 2 },
    enabledWhen: {
      when: {
        anyOf: [
          { point: 'b', above: 2 },
          { point: 'c', below: 4, deadband: 1 },
        ],
      },
      forMs: 3000,
    },
  },
  'codes within operating states': { condition: { type: 'off-normal', values: [2, 4] }, enabledWhen: running },
  'a rate within operating states': {
    condition: { type: 'rate', rise: 3, windowMs: 20_000 },
    enabledWhen: { when: { point: 'b', above: 2 }, forMs: 7000 },
  },
  'a count': { condition: { type: 'count', of: { point: 'b', above: 3 }, times: 2, windowMs: 30_000 } },
  'silence within operating states': { condition: { type: 'no-data', afterMs: 9000 }, enabledWhen: running },
  'a deviation from another point': {
    condition: { type: 'deviation', from: 'b', above: 2, deadband: 1 },
    enabledWhen: { when: { point: 'c', above: 1 } },
  },
  'a mismatch': {
    condition: { type: 'mismatch', feedback: 'b' },
    enabledWhen: { when: { not: { point: 'c', is: [0] } } },
  },
  'an expression': {
    condition: {
      type: 'expression',
      when: {
        allOf: [
          { above: 2 },
          {
            anyOf: [
              { point: 'b', below: 3, deadband: 1 },
              { point: 'c', is: [1] },
            ],
          },
        ],
      },
    },
  },
};

/** The judging of one rule by one gateway, with the quiet way or without. */
class Judging {
  readonly plan: SignalPlan;
  readonly told: Told[] = [];
  noted = 0;
  #signal: Signal;
  #quiet: QuietReadings | null = null;
  #reachedMs: number | null = null;
  readonly #isQuick: boolean;

  constructor(rule: Rule, isQuick: boolean) {
    this.plan = testPlan(rule);
    this.#signal = initialSignal(this.plan);
    this.#isQuick = isQuick;
  }

  get signal(): Signal {
    return this.#quiet?.signal() ?? this.#signal;
  }

  reading(sample: Sample, times: number): void {
    if (sample.usable && this.#isQuick) {
      const clock = { reachedMs: () => this.#reachedMs };
      this.#quiet ??= QuietReadings.beside(this.plan, this.#signal, { gateway: 'edge', clock });
      // As when the database refuses and all of it is evaluated again.
      const answers = Array.from({ length: times }, () => this.#quiet?.note(sample.operand, sample) ?? false);
      expect(new Set(answers).size).toBe(1);
      if (answers[0]) {
        this.noted++;
        return;
      }
    }
    this.#set(accept(this.signal, sample));
  }

  watermark(toMs: number): void {
    this.#reachedMs = toMs;
    const wakeMs = nextWakeMs(this.plan, this.#signal);
    const isDue = this.#signal.waiting.length > 0 || (wakeMs !== null && wakeMs <= toMs);
    if (this.#isQuick && !isDue) return;
    const { signal, told } = advance(this.plan, this.signal, toMs);
    this.told.push(...told);
    this.#set(signal);
  }

  #set(signal: Signal): void {
    this.#signal = signal;
    this.#quiet = null;
  }
}

const value: fc.Arbitrary<PointValue> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(1) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 5 }) },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 5, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.constantFrom<PointValue>(true, false, null, 'text') },
);
const reading = fc.record({
  what: fc.constant('reading' as const),
  operand: fc.nat({ max: 2 }),
  afterMs: fc.constantFrom(1, 400, 1000, 4000),
  value,
  usable: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  times: fc.constantFrom(1, 1, 2),
  isJudged: fc.constantFrom(true, true, false),
});
const watermark = fc.record({ what: fc.constant('watermark' as const), behindMs: fc.constantFrom(0, 0, 0, 700, 3000) });
const look = fc.record({ what: fc.constant('look' as const) });
const steps = fc.array(
  fc.oneof({ weight: 6, arbitrary: reading }, { weight: 6, arbitrary: watermark }, { weight: 1, arbitrary: look }),
  { minLength: 60, maxLength: 120 },
);

describe.each(Object.entries(rules))('%s', (_name, rule) => {
  test('says and remembers with its quiet readings passed over what it would with each of them judged', () => {
    let noted = 0;
    fc.assert(
      fc.property(steps, (all) => {
        const [quick, plain] = [new Judging(rule, true), new Judging(rule, false)];
        let nowMs = 1000;
        let reachedMs = 0;
        for (const step of all) {
          if (step.what === 'reading') {
            nowMs += step.afterMs;
            const { operand, usable, times } = step;
            if (operand >= plain.plan.points.length) continue;
            const sample: Sample = { operand, atMs: nowMs, value: step.value, usable };
            for (const judging of [quick, plain]) {
              judging.reading(sample, times);
              if (step.isJudged) judging.watermark(nowMs);
            }
            if (step.isJudged) reachedMs = nowMs;
          } else if (step.what === 'watermark') {
            reachedMs = Math.max(reachedMs, nowMs - step.behindMs);
            for (const judging of [quick, plain]) judging.watermark(reachedMs);
          } else expect(quick.signal).toEqual(plain.signal);
          expect(quick.told).toEqual(plain.told);
        }
        expect(quick.signal).toEqual(plain.signal);
        noted += quick.noted;
      }),
      { numRuns: 300 },
    );
    // Else nothing has been tested.
    expect(noted).toBeGreaterThan(300);
  });
});

describe('what is told quietly', () => {
  const clock = { reachedMs: () => 1000 };
  const beside = (rule: Rule): QuietReadings | null => {
    const plan = testPlan(rule);
    const waiting = [0, 1].reduce(
      (signal, operand) => accept(signal, { operand, atMs: 1000, value: 1, usable: true }),
      initialSignal(plan),
    );
    return QuietReadings.beside(plan, advance(plan, waiting, 1000).signal, { gateway: 'edge', clock });
  };
  const high = rules['a limit within operating states']!;

  test('is a value that passes no limit', () => {
    expect(beside(high)?.note(0, { atMs: 2000, value: 2.9 })).toBe(true);
    expect(beside(high)?.note(0, { atMs: 2000, value: 3 })).toBe(true);
    expect(beside(high)?.note(0, { atMs: 2000, value: 3.1 })).toBe(false);
    expect(beside(high)?.note(1, { atMs: 2000, value: 1 })).toBe(true);
    expect(beside(high)?.note(1, { atMs: 2000, value: 0 })).toBe(false);
  });

  test('is not what comes behind its time, or before what waits has been judged', () => {
    expect(beside(high)?.note(0, { atMs: 900, value: 1 })).toBe(false);
    expect(beside(high)?.note(0, { atMs: 1000, value: 1 })).toBe(false);
    const quiet = beside(high);
    expect([2000, 3000].map((atMs) => quiet?.note(0, { atMs, value: 1 }))).toEqual([true, false]);
  });

  test('is nothing of a rule that asks for each value', () => {
    const levels = { ...high.condition, levels: [{ limit: 4, priority: 'high' }] } as AlarmCondition;
    expect(beside({ ...high, condition: levels })).toBeNull();
    expect(beside(rules['a mismatch']!)?.note(0, { atMs: 2000, value: 1 })).toBe(false);
  });
});
