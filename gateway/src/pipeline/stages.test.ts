import { heartbeatMs, type Reading } from '@plantroom/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testBinding } from '../test-helpers/devices.ts';
import { type CounterEvent, counterStage } from './counter-stage.ts';
import { exceptionStage } from './exception-stage.ts';
import { rangeStage } from './range-stage.ts';
import { wireTimeStage } from './wire-time-stage.ts';

const good = (value: Reading['value'], wireTimeMs = 0): Reading => ({
  point: 'a/b/c',
  value,
  quality: 'good',
  wireTimeMs,
});
const bad: Reading = { ...good(null), quality: 'bad', reason: 'device-error' };

describe('range stage', () => {
  const binding = testBinding('head', { range: [0, 100] });
  test.each([
    ['a value inside stays good', good(50), good(50)],
    ['the limits are inside', good(100), good(100)],
    [
      'above is uncertain, the value is kept',
      good(100.1),
      { ...good(100.1), quality: 'uncertain', reason: 'out-of-range' },
    ],
    ['below is uncertain', good(-1), { ...good(-1), quality: 'uncertain', reason: 'out-of-range' }],
    ['a bad reading is never improved', bad, bad],
    [
      'a reason that is there already is kept',
      { ...good(200), quality: 'uncertain', reason: 'stale' },
      { ...good(200), quality: 'uncertain', reason: 'stale' },
    ],
    ['booleans have no range', good(true), good(true)],
  ] as [string, Reading, Reading][])('%s', (_name, reading, expected) => {
    expect(rangeStage.apply(null, reading, binding).reading).toEqual(expected);
  });
});

describe('counter stage', () => {
  const energy = testBinding('energy', { kind: 'counter', modulus: 1000 });
  const run = (...values: (number | Reading)[]): { passed: unknown[]; told: CounterEvent[] } => {
    const told: CounterEvent[] = [];
    const stage = counterStage((event) => told.push(event));
    let state = stage.initial(energy);
    const passed = values.flatMap((value, i) => {
      const reading = typeof value === 'number' ? good(value, i) : value;
      const result = stage.apply(state, reading, energy);
      state = result.state;
      return result.reading === undefined ? [] : [result.reading.value];
    });
    return { passed, told };
  };
  test.each([
    ['what rises passes', [1, 2, 2, 5], [1, 2, 2, 5], []],
    ['a single fall is left out', [400, 401, 12, 402], [400, 401, 402], [{ kind: 'glitch', from: 401, to: 12 }]],
    [
      'a fall that the next value confirms is a reset',
      [400, 0, 1, 2],
      [400, 1, 2],
      [{ kind: 'reset', from: 400, to: 1 }],
    ],
    ['near its end and its beginning it has wrapped', [999, 3, 4], [999, 4], [{ kind: 'wrap', from: 999, to: 4 }]],
    [
      'two falls that do not follow each other confirm nothing',
      [400, 30, 5, 401],
      [400, 401],
      [{ kind: 'glitch', from: 400, to: 5 }],
    ],
    [
      'bad values pass and prove nothing',
      [400, bad, 12, bad, 401],
      [400, null, null, 401],
      [{ kind: 'glitch', from: 400, to: 12 }],
    ],
  ] as [string, (number | Reading)[], unknown[], CounterEvent[]][])('%s', (_name, values, passed, told) => {
    expect(run(...values)).toEqual({ passed, told });
  });

  test('a value that is no counter may fall', () => {
    const stage = counterStage(() => expect.unreachable());
    const head = testBinding('head');
    const first = stage.apply(stage.initial(head), good(5), head);
    expect(stage.apply(first.state, good(4), head).reading).toEqual(good(4));
  });

  test('a rising counter comes through whole, with single low values anywhere between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ step: fc.nat(50), glitch: fc.boolean() }), { minLength: 1, maxLength: 40 }),
        (steps) => {
          let count = 1000;
          const rising: number[] = [];
          const seen = steps.flatMap(({ step, glitch }) => {
            count += step;
            rising.push(count);
            return glitch ? [count, count - 500] : [count];
          });
          // The last one must be confirmed by nothing, and a glitch at the end is not undone by it.
          expect(run(...seen).passed).toEqual(rising);
        },
      ),
    );
  });
});

describe('exception stage', () => {
  const passes = (deadband: number, ...readings: Reading[]): boolean[] => {
    const binding = testBinding('head', { deadband });
    let state = exceptionStage.initial(binding);
    return readings.map((reading) => {
      const result = exceptionStage.apply(state, reading, binding);
      state = result.state;
      return result.reading !== undefined;
    });
  };
  const uncertain: Reading = { ...good(5, 1), quality: 'uncertain', reason: 'out-of-range' };
  test.each([
    ['the first reading passes', 0, [good(5)], [true]],
    ['an equal value does not', 0, [good(5), good(5, 1)], [true, false]],
    ['any change passes without a deadband', 0, [good(5), good(5.0001, 1)], [true, true]],
    ['less than the deadband does not', 1, [good(5), good(5.9, 1), good(6, 2)], [true, false, true]],
    [
      'the deadband counts from what was sent, so a slow drift gets out',
      1,
      [good(5), good(5.6, 1), good(6.2, 2)],
      [true, false, true],
    ],
    ['a change of quality passes', 1, [good(5), uncertain, good(5, 2)], [true, true, true]],
    ['a change of reason passes', 0, [uncertain, { ...uncertain, reason: 'stale', wireTimeMs: 2 }], [true, true]],
    ['a lost value passes once', 0, [good(5), bad, { ...bad, wireTimeMs: 9 }], [true, true, false]],
    [
      'booleans and texts pass by change',
      9,
      [good(true), good(true, 1), good(false, 2), good('a', 3), good('a', 4)],
      [true, false, true, true, false],
    ],
    ['the heartbeat passes', 0, [good(5), good(5, heartbeatMs - 1), good(5, heartbeatMs)], [true, false, true]],
    ['a far step back of the clock passes as a heartbeat', 0, [good(5, heartbeatMs), good(5, 0)], [true, true]],
  ] as [string, number, Reading[], boolean[]][])('%s', (_name, deadband, readings, expected) => {
    expect(passes(deadband, ...readings)).toEqual(expected);
  });
});

describe('wire time stage', () => {
  test('wire time strictly increases whatever the clock does, and later times are left alone', () => {
    const binding = testBinding('head');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 })), (times) => {
        let state = wireTimeStage.initial(binding);
        let last = -1;
        for (const time of times) {
          const result = wireTimeStage.apply(state, good(1, time), binding);
          state = result.state;
          const sentMs = result.reading!.wireTimeMs;
          expect(sentMs).toBe(time > last ? time : last + 1);
          last = sentMs;
        }
      }),
    );
  });
});
