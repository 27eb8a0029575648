import type { FieldProblem } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { hasPlace, ofDefinition, problemsAt } from './field-problems.ts';

const at = (field: string): FieldProblem => ({ field, code: 'x', message: 'm', values: {} });
const fields = [
  'condition',
  'condition.levels.0',
  'condition.when.anyOf.1.point',
  'condition.when.anyOf.10.point',
  'condition.when.anyOf.1.not',
  'condition.of.is',
  'enabledWhen.when',
  'guidance.cause',
];
const shown = (place: string) => problemsAt(fields.map(at), place).map(({ field }) => field);

test('each problem stands at the part of the form that it is about, and at no other', () => {
  expect(shown('condition')).toEqual(['condition', 'condition.levels.0']);
  expect(shown('condition.when')).toEqual([]);
  expect(shown('condition.when.anyOf.1')).toEqual(['condition.when.anyOf.1.point']);
  expect(shown('condition.when.anyOf.1.not')).toEqual(['condition.when.anyOf.1.not']);
  expect(shown('condition.of')).toEqual(['condition.of.is']);
  expect(shown('enabledWhen')).toEqual([]);
  expect(shown('enabledWhen.when')).toEqual(['enabledWhen.when']);
  const places = ['condition', 'condition.when.anyOf.1', 'condition.when.anyOf.10', 'condition.when.anyOf.1.not'];
  const all = [...places, 'condition.of', 'enabledWhen.when'].flatMap(shown);
  expect([...all].sort()).toEqual(fields.filter((field) => hasPlace(at(field))).sort());
});

test('problems of a backtest are those of the definition that it tries', () => {
  expect(ofDefinition([at('changes.0.condition.from'), at('priority')]).map(({ field }) => field)).toEqual([
    'condition.from',
    'priority',
  ]);
});
