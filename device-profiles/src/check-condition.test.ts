import type { AlarmCondition } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { conditionFaults, enabledWhenFaults } from './check-condition.ts';
import type { ClassPoint } from './class-schema.ts';

const name = { zh: '测点', en: 'point' };
const level: ClassPoint = { name, kind: 'number', unit: 'm', range: [0, 4] };
const running: ClassPoint = { name, kind: 'boolean', unit: 'none' };
const mode: ClassPoint = { name, kind: 'enum', unit: 'none', states: { '0': name, '1': name } };
const text: ClassPoint = { name, kind: 'string', unit: 'none' };
const scope = { className: 'tank', points: { level, running, mode, text } };
const faults = (condition: AlarmCondition, own: ClassPoint = level): string[] =>
  [...conditionFaults(condition, own, scope)].map(([path, message]) => `${path}: ${message}`);

const limit = { type: 'limit', kind: 'H', limit: 2 } as const;
const good: [AlarmCondition, ClassPoint][] = [
  [
    {
      ...limit,
      levels: [
        { limit: 2.5, priority: 'high' },
        { limit: 3, priority: 'critical' },
      ],
    },
    level,
  ],
  [{ type: 'deviation', from: 'level', above: 1 }, level],
  [{ type: 'mismatch', feedback: 'running' }, running],
  [{ type: 'count', of: { is: [true] }, times: 3, windowMs: 60_000 }, running],
  [{ type: 'no-data', afterMs: 900_000 }, text],
  [{ type: 'expression', when: { allOf: [{ above: 1 }, { point: 'depends-on:pump/running', is: [true] }] } }, level],
];
test.each(good)('%j is sound', (condition, own) => {
  expect(faults(condition, own)).toEqual([]);
});

const bad: [AlarmCondition, ClassPoint, RegExp][] = [
  [{ ...limit, levels: [{ limit: 1, priority: 'high' }] }, level, /condition\.levels\.0: limit 1 must lie above .* 2/],
  [{ ...limit, kind: 'L', levels: [{ limit: 3, priority: 'high' }] }, level, /limit 3 must lie below/],
  [
    {
      ...limit,
      levels: [
        { limit: 3, priority: 'high' },
        { limit: 4, priority: 'low' },
      ],
    },
    level,
    /levels\.1: priority "low" must be higher/,
  ],
  [{ type: 'deviation', from: 'level' }, level, /needs above, below or both/],
  [
    { type: 'deviation', from: 'running', above: 1 },
    level,
    /condition\.from: "running" is a boolean, allowed are numbers/,
  ],
  [{ type: 'deviation', from: 9, above: 1 }, level, /9 lies outside the point's range \[0, 4\]/],
  [{ type: 'rate', windowMs: 60_000 }, level, /needs rise, fall or both/],
  [{ type: 'rate', rise: 1, windowMs: 60_000 }, running, /a rate needs a number, the point is a boolean/],
  [{ type: 'mismatch', feedback: 'runing' }, running, /"runing" is not a point of tank.*running/],
  [
    { type: 'count', of: { is: [1] }, times: 3, windowMs: 60_000 },
    running,
    /condition\.of: 1 is not a value of a boolean/,
  ],
  [{ type: 'expression', when: { point: 'mode', is: [7] } }, level, /7 is not a state of the point/],
  [
    { type: 'expression', when: { anyOf: [{ above: 1 }, { not: { above: 1, is: [1] } }] } },
    level,
    /when\.anyOf\.1\.not: .*exactly one of above, below and is, here: above, is/,
  ],
  [
    { type: 'expression', when: { above: 1, allOf: [{ above: 2 }] } },
    level,
    /allowed is one of allOf, anyOf and not, or one comparison/,
  ],
  [
    { type: 'expression', when: { point: 'running', above: 1 } },
    level,
    /above and below need a number, "running" is a boolean/,
  ],
];
test.each(bad)('%j has one fault', (condition, own, message) => {
  const found = faults(condition, own);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(message);
});

test('operating states are checked like conditions', () => {
  const when = { not: { point: 'mode', is: [true] } };
  expect([...enabledWhenFaults({ when }, level, scope)][0]?.[0]).toBe('enabledWhen.when.not');
});
