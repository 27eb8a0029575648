import type { AlarmCondition, AlarmExpression, Equipment, Point } from '@plantroom/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  blankCondition,
  conditionDraft,
  conditionFrom,
  conditionKinds,
  gateDraft,
  gateFrom,
  isSameJson,
} from './condition-draft.ts';
import { asKind, blankComparison, expressionDraft, expressionOf, joinDepth } from './expression-draft.ts';
import { pointPathsOf } from './point-paths.ts';

const text = { zh: '测点', en: 'point' };
const point = (id: string, kind: Point['kind'], unit: Point['unit'] = 'none'): Point => ({
  id,
  equipment: id.slice(0, id.lastIndexOf('/')),
  name: text,
  kind,
  unit,
  symbol: unit,
  precision: 1,
  range: null,
  states: kind === 'enum' ? [0, 6, 8].map((value) => ({ value, name: text })) : null,
  lane: 'live',
  silenceMs: null,
  derived: false,
  write: null,
  main: true,
  limits: [],
});
const unit = (id: string, of: string, more: Partial<Equipment> = {}): [string, Equipment] => [
  id,
  {
    id,
    site: 'hq',
    class: of,
    className: text,
    system: 'water',
    name: text,
    space: null,
    parent: null,
    dependsOn: [],
    mimic: null,
    gateways: [],
    devices: [],
    ...more,
  },
];
const power = point('hq/pump-1/power', 'number', 'W');
const all = [
  power,
  point('hq/pump-1/running', 'boolean'),
  point('hq/pump-1/mode', 'enum'),
  point('hq/pump-1/serial', 'string'),
  point('hq/set-1/pressure', 'number', 'kPa'),
  point('hq/meter-1/power', 'number', 'W'),
  point('hq/meter-2/power', 'number', 'W'),
];
const index = new Map([
  unit('hq/pump-1', 'pump', { parent: 'hq/set-1', dependsOn: [{ oneOf: ['hq/meter-1', 'hq/meter-2'], needs: 1 }] }),
  unit('hq/set-1', 'booster-pump-set', { dependsOn: ['hq/meter-2'] }),
  unit('hq/meter-1', 'power-meter'),
  unit('hq/meter-2', 'power-meter'),
]);
const paths = pointPathsOf(power, { index, points: new Map(all.map((each) => [each.id, each])) });
const { find } = paths;

test('an alarm may name points of its own equipment, of its parent and of the first of each class that it depends on; texts cannot be compared', () => {
  expect(paths.groups.map(({ relation, points }) => [relation, points.map(({ path }) => path)])).toEqual([
    ['own', ['power', 'running', 'mode']],
    ['parent', ['parent/pressure']],
    ['depends-on', ['depends-on:power-meter/power']],
  ]);
  for (const { points } of paths.groups) for (const each of points) expect(find(each.path)).toBe(each.point);
  expect(find('')).toBe(power);
  expect(find('depends-on:power-meter/power')?.id).toBe('hq/meter-1/power');
  expect(find('parent/depends-on:power-meter/power')?.id).toBe('hq/meter-2/power');
  for (const nowhere of ['runing', 'parent/running', 'depends-on:generator/running', 'parent/parent/running'])
    expect(find(nowhere), nowhere).toBeUndefined();
});

const number = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => n / 8);
const tail = fc.record({ ifAbsent: fc.boolean() }, { requiredKeys: [] });
const comparison = fc.oneof(
  fc
    .tuple(
      fc.constantFrom<{ point?: string }>({}, { point: 'parent/pressure' }, { point: 'gone' }),
      fc.constantFrom('above', 'below'),
      number,
      fc.record({ deadband: number.map(Math.abs) }, { requiredKeys: [] }),
      tail,
    )
    .map(([head, side, value, back, rest]) => ({ ...head, [side]: value, ...back, ...rest })),
  fc
    .tuple(fc.uniqueArray(fc.boolean(), { minLength: 1 }), tail)
    .map(([is, rest]) => ({ point: 'running', is, ...rest })),
  fc
    .tuple(fc.uniqueArray(fc.constantFrom(0, 6, 8), { minLength: 1 }), tail)
    .map(([is, rest]) => ({ point: 'mode', is, ...rest })),
  fc
    .tuple(fc.uniqueArray(number, { minLength: 1, maxLength: 3 }), tail)
    .map(([is, rest]) => ({ point: 'parent/pressure', is, ...rest })),
);
const over = (inner: fc.Arbitrary<AlarmExpression>): fc.Arbitrary<AlarmExpression> =>
  fc.oneof(
    inner,
    fc.array(inner, { minLength: 1, maxLength: 4 }).map((allOf) => ({ allOf })),
    fc.array(inner, { minLength: 1, maxLength: 4 }).map((anyOf) => ({ anyOf })),
    inner.map((not) => ({ not })),
  );
const expression = over(over(over(comparison)));

test('whatever the API can hold comes back from the form as it was, in the units of the screen', () => {
  fc.assert(
    fc.property(expression, fc.integer({ min: 0, max: 100_000 }), (when, forMs) => {
      const draft = expressionDraft(when, find);
      expect(expressionOf(draft, find)).toEqual(when);
      expect(joinDepth(draft)).toBeLessThanOrEqual(3);
      const gate = forMs === 0 ? { when } : { when, forMs };
      expect(gateFrom(gateDraft(gate, find), find)).toEqual(gate);
      const condition: AlarmCondition = { type: 'expression', when };
      expect(conditionFrom(conditionDraft(condition, power, find), power, find)).toEqual(condition);
    }),
  );
});

const conditions: AlarmCondition[] = [
  { type: 'limit', kind: 'H', limit: 12_000, deadband: 500, levels: [{ limit: 15_000, priority: 'high' }] },
  { type: 'off-normal', values: [6, 8] },
  { type: 'off-normal', values: [true] },
  { type: 'non-zero' },
  { type: 'offline' },
  { type: 'deviation', from: 20_000, above: 1000 },
  { type: 'deviation', from: 'parent/pressure', below: 1000, deadband: 20 },
  { type: 'rate', rise: 3000, windowMs: 60_000 },
  { type: 'mismatch', feedback: 'running' },
  { type: 'mismatch', feedback: 'parent/pressure', tolerance: 500 },
  { type: 'count', of: { above: 500, deadband: 100 }, times: 5, windowMs: 90_000 },
  { type: 'count', of: { point: 'mode', is: [6], ifAbsent: false }, times: 5, windowMs: 90_000 },
  { type: 'no-data', afterMs: 600_000 },
];
test.each(conditions)('%j comes back as it was', (condition) => {
  expect(conditionFrom(conditionDraft(condition, power, find), power, find)).toEqual(condition);
});

test('numbers are shown in the unit of the point that is compared, not of the alarm’s own', () => {
  const draft = expressionDraft({ allOf: [{ above: 5000 }, { point: 'parent/pressure', above: 300 }] }, find);
  expect(draft).toMatchObject({ parts: [{ value: '5' }, { value: '300' }] });
});

test('what is not filled in makes nothing', () => {
  const blank = blankComparison('', power);
  expect(blank.test).toBe('above');
  expect(blankComparison('running', find('running')).test).toBe('is');
  const filled = { ...blank, value: '5' };
  for (const part of [
    blank,
    { ...blank, value: 'x' },
    { ...filled, deadband: '-1' },
    { ...blank, test: 'is' as const },
    { ...blank, test: 'is' as const, states: ['x'] },
  ])
    expect(expressionOf({ kind: 'allOf', parts: [filled, { kind: 'not', parts: [part] }] }, find)).toBeNull();
  expect(expressionOf({ kind: 'anyOf', parts: [] }, find)).toBeNull();
  for (const kind of ['H', 'off-normal', 'deviation', 'mismatch', 'count', 'expression'] as const)
    expect(conditionFrom(blankCondition(kind, power), power, find), kind).toBeNull();
  expect(gateFrom(null, find)).toBeNull();
  expect(gateFrom({ forS: '-1', when: filled }, find)).toBeUndefined();
  expect(gateFrom({ forS: '0', when: blank }, find)).toBeUndefined();
});

test('a part changes its word and keeps what it can', () => {
  const one = { ...blankComparison('', power), value: '1' };
  const two = { ...one, value: '2' };
  const both = { kind: 'allOf' as const, parts: [one, two] };
  expect(asKind(one, 'anyOf', two)).toEqual({ kind: 'anyOf', parts: [one] });
  expect(asKind(both, 'anyOf', one)).toEqual({ kind: 'anyOf', parts: [one, two] });
  expect(asKind(both, 'not', one)).toEqual({ kind: 'not', parts: [one] });
  expect(asKind({ kind: 'not', parts: [both] }, 'compare', two)).toEqual(one);
});

test('kinds fit the point, and none but the system watches links', () => {
  expect(conditionKinds({ kind: 'boolean' })).not.toContain('H');
  expect(conditionKinds({ kind: 'number' })).not.toContain('off-normal');
  for (const kind of ['number', 'counter', 'boolean', 'enum', 'string'] as const) {
    expect(conditionKinds({ kind })).toContain('expression');
    expect(conditionKinds({ kind })).not.toContain('offline');
  }
});

test('two definitions are the same whatever the order of their fields', () => {
  expect(isSameJson({ a: 1, b: [{ c: 1, d: 2 }], deadband: 0 }, { b: [{ d: 2, c: 1 }], a: 1 })).toBe(true);
  expect(isSameJson({ a: 0 }, {})).toBe(false);
  expect(isSameJson({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
});
