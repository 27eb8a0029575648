import type { Reading } from '@plantroom/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testBinding } from '../test-helpers/devices.ts';
import { exceptionStage, heartbeatMs } from './exception-stage.ts';
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
