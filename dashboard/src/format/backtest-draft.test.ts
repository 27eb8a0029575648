import type { AlarmDefinition, Point } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import {
  type BacktestDraft,
  backtestAddress,
  changesOf,
  definitionFromAddress,
  draftOf,
  overrideOf,
  spanParts,
  type TriedDefinition,
  triedOf,
} from './backtest-draft.ts';

const limit = {
  condition: { type: 'limit', kind: 'H', limit: 5500, deadband: 100 },
  enabledWhen: null,
  onDelayMs: 30_000,
  offDelayMs: 60_000,
} as const;
const gated: TriedDefinition = { ...limit, enabledWhen: { when: { above: 2000 }, forMs: 30_000 } };
const off: TriedDefinition = {
  condition: { type: 'off-normal', values: [true] },
  enabledWhen: null,
  onDelayMs: 2_500,
  offDelayMs: 0,
};
const power = { id: 'hq/meter/power', kind: 'number', unit: 'W', symbol: 'W' } as Point;
const state = { id: 'hq/meter/fault', kind: 'boolean', unit: 'none', symbol: '' } as Point;
const find = () => power;

const withNumbers = (draft: BacktestDraft, numbers: Record<string, string>): BacktestDraft => ({
  ...draft,
  watched: { ...draft.watched, numbers: { ...draft.watched.numbers, ...numbers } },
});

describe('a draft', () => {
  test('in the unit of the screen, and back', () => {
    const draft = draftOf(limit, power, find);
    expect(draft).toMatchObject({
      watched: { numbers: { limit: '5.5', deadband: '0.1' } },
      onDelayS: '30',
      offDelayS: '60',
    });
    expect(triedOf(draft, power, find)).toEqual(limit);
    expect(changesOf('hq/meter/power#H', limit, limit)).toEqual([]);
    const tried = triedOf(withNumbers(draft, { limit: '6' }), power, find);
    expect(tried?.condition).toMatchObject({ limit: 6000, deadband: 100 });
    expect(changesOf('hq/meter/power#H', limit, tried ?? limit)).toEqual([
      { alarm: 'hq/meter/power#H', condition: tried?.condition, onDelayMs: 30_000, offDelayMs: 60_000 },
    ]);
  });

  test('of an alarm without a limit its states and delays', () => {
    const draft = draftOf(off, state, find);
    expect(triedOf({ ...draft, onDelayS: '10' }, state, find)).toEqual({ ...off, onDelayMs: 10_000 });
  });

  test('operating states are tried when they differ, also none in the place of some', () => {
    const draft = draftOf(gated, power, find);
    expect(triedOf(draft, power, find)).toEqual(gated);
    expect(changesOf('a', gated, { ...gated, onDelayMs: 0 })[0]).not.toHaveProperty('enabledWhen');
    const always = triedOf({ ...draft, gate: null }, power, find);
    expect(changesOf('a', gated, always ?? gated)).toMatchObject([{ enabledWhen: null }]);
    expect(changesOf('a', limit, gated)).toMatchObject([{ enabledWhen: gated.enabledWhen }]);
  });

  test.each([{ limit: '' }, { limit: 'x' }, { deadband: '-1' }])('senseless: %j', (numbers) => {
    expect(triedOf(withNumbers(draftOf(limit, power, find), numbers), power, find)).toBeNull();
  });
  test.each([{ onDelayS: '' }, { offDelayS: '-5' }])('senseless: %j', (part) => {
    expect(triedOf({ ...draftOf(limit, power, find), ...part }, power, find)).toBeNull();
  });
});

test('what is applied keeps the other changes, and follows the class in its operating states where they are the same', () => {
  const { enabledWhen: gate, ...rest } = gated;
  const classDefault = { enabledWhen: gate } as AlarmDefinition;
  const override = { priority: 'low' as const, enabledWhen: null, reason: 'before' };
  expect(overrideOf({ override, classDefault }, gated)).toEqual({ priority: 'low', ...rest });
  expect(overrideOf({ override, classDefault }, limit)).toEqual({ priority: 'low', ...limit });
  expect(overrideOf({ override: null, classDefault: null }, limit)).toEqual(rest);
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
