import type { AlarmCondition } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { conditionOf, draftOf, fieldsOf } from './condition-fields.ts';

const power = { unit: 'W', symbol: 'W' } as const;
const cases: [AlarmCondition, Record<string, string>][] = [
  [
    { type: 'limit', kind: 'H', limit: 12_000, deadband: 500 },
    { limit: '12', deadband: '0.5' },
  ],
  [
    { type: 'deviation', from: 20_000, above: 1000 },
    { from: '20', above: '1', below: '', deadband: '' },
  ],
  [
    { type: 'deviation', from: 'setpoint', below: 1000 },
    { above: '', below: '1', deadband: '' },
  ],
  [
    { type: 'rate', fall: 2000, windowMs: 60_000 },
    { rise: '', fall: '2', windowMs: '60', deadband: '' },
  ],
  [
    { type: 'count', of: { is: [true] }, times: 3, windowMs: 90_000 },
    { times: '3', windowMs: '90' },
  ],
  [{ type: 'no-data', afterMs: 600_000 }, { afterMs: '600' }],
  [{ type: 'expression', when: { above: 5 } }, {}],
];
test.each(cases)('%j is shown in the units of the screen and comes back as it was', (condition, draft) => {
  expect(draftOf(condition, power)).toEqual(draft);
  expect(conditionOf(condition, draft, power)).toEqual(condition);
});

test('a number that is needed and missing, or is none, makes no condition', () => {
  const limit: AlarmCondition = { type: 'limit', kind: 'H', limit: 1 };
  expect(fieldsOf(limit).map(({ key }) => key)).toEqual(['limit', 'deadband']);
  expect(conditionOf(limit, { limit: '', deadband: '' }, undefined)).toBeNull();
  expect(conditionOf(limit, { limit: 'x', deadband: '' }, undefined)).toBeNull();
});
