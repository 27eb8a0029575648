import { describe, expect, test } from 'vitest';
import {
  backtestAddress,
  changesOf,
  definitionFromAddress,
  draftOf,
  spanParts,
  type TriedDefinition,
  triedOf,
} from './backtest-draft.ts';

const limit = {
  condition: { type: 'limit', kind: 'H', limit: 5500, deadband: 100 },
  onDelayMs: 30_000,
  offDelayMs: 60_000,
} as const;
const off: TriedDefinition = { condition: { type: 'off-normal', values: [true] }, onDelayMs: 2_500, offDelayMs: 0 };

describe('a draft', () => {
  test('in the unit of the screen, and back', () => {
    const draft = draftOf(limit, 0.001);
    expect(draft).toEqual({ limit: '5.5', deadband: '0.1', onDelayS: '30', offDelayS: '60' });
    expect(triedOf(limit, draft, 0.001)).toEqual(limit);
    expect(changesOf('hq/meter/power#H', limit, limit)).toEqual([]);
    const tried = triedOf(limit, { ...draft, limit: '6' }, 0.001);
    expect(tried?.condition).toMatchObject({ limit: 6000, deadband: 100 });
    expect(changesOf('hq/meter/power#H', limit, tried ?? limit)).toMatchObject([{ condition: { limit: 6000 } }]);
  });

  test('of an alarm without a limit only its delays', () => {
    expect(draftOf(off, 1)).toEqual({ limit: '', deadband: '', onDelayS: '2.5', offDelayS: '0' });
    expect(triedOf(off, { ...draftOf(off, 1), onDelayS: '10' }, 1)).toEqual({ ...off, onDelayMs: 10_000 });
  });

  test.each([{ limit: '' }, { limit: 'x' }, { deadband: '-1' }, { onDelayS: '' }, { offDelayS: '-5' }])(
    'senseless: %j',
    (part) => {
      expect(triedOf(limit, { ...draftOf(limit, 1), ...part }, 1)).toBeNull();
    },
  );
});

test('a limit that is not set yet travels in the address', () => {
  const address = new URL(backtestAddress('hq/m/flow#H', limit), 'http://x');
  expect(address.searchParams.get('alarm')).toBe('hq/m/flow#H');
  expect(definitionFromAddress(address.searchParams)).toEqual(limit);
  expect(definitionFromAddress(new URLSearchParams('kind=X&limit=1'))).toBeNull();
  expect(definitionFromAddress(new URLSearchParams('kind=H&limit=a'))).toBeNull();
});

test('spans have two parts at most', () => {
  expect(spanParts(0)).toEqual([{ unit: 's', count: 0 }]);
  expect(spanParts(90_061_000)).toEqual([
    { unit: 'd', count: 1 },
    { unit: 'h', count: 1 },
  ]);
  expect(spanParts(3_600_000)).toEqual([{ unit: 'h', count: 1 }]);
  expect(spanParts(61_000)).toEqual([
    { unit: 'min', count: 1 },
    { unit: 's', count: 1 },
  ]);
});
