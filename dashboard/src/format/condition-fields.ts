import type { AlarmCondition, Point } from '@plantroom/contracts';
import { displayUnit } from './value.ts';

/** A number of a condition that a form can change. */
export interface ConditionField {
  key: string;
  /** Of the point, a time, or a plain number. */
  unit: 'point' | 'ms' | 'none';
  required: boolean;
}

const field = (key: string, unit: ConditionField['unit'] = 'point', required = false): ConditionField => ({
  key,
  unit,
  required,
});

const fields: Record<AlarmCondition['type'], readonly ConditionField[]> = {
  limit: [field('limit', 'point', true), field('deadband')],
  deviation: [field('from', 'point', true), field('above'), field('below'), field('deadband')],
  rate: [field('rise'), field('fall'), field('windowMs', 'ms', true), field('deadband')],
  mismatch: [field('tolerance')],
  count: [field('times', 'none', true), field('windowMs', 'ms', true)],
  'no-data': [field('afterMs', 'ms', true)],
  'off-normal': [],
  'non-zero': [],
  offline: [],
  expression: [],
};

/** What a form offers of a condition; a setpoint that is a point is not a number. */
export function fieldsOf(condition: AlarmCondition): readonly ConditionField[] {
  return fields[condition.type].filter(
    ({ key }) => key !== 'from' || (condition.type === 'deviation' && typeof condition.from === 'number'),
  );
}

type PointUnit = Pick<Point, 'unit' | 'symbol'> | undefined;

const factorOf = ({ unit }: ConditionField, point: PointUnit): number =>
  unit === 'ms' ? 0.001 : unit === 'point' && point !== undefined ? displayUnit(point).factor : 1;

/** The numbers of a condition as the form shows them: times in seconds, values in the unit of the screen. */
export function draftOf(condition: AlarmCondition, point: PointUnit): Record<string, string> {
  const held = condition as Record<string, unknown>;
  return Object.fromEntries(
    fieldsOf(condition).map((each) => {
      const value = held[each.key];
      return [
        each.key,
        typeof value === 'number' ? String(Number((value * factorOf(each, point)).toPrecision(9))) : '',
      ];
    }),
  );
}

/** The condition with the numbers of the form. Null: one is missing or none at all. */
export function conditionOf(
  condition: AlarmCondition,
  draft: Readonly<Record<string, string>>,
  point: PointUnit,
): AlarmCondition | null {
  const made: Record<string, unknown> = { ...condition };
  for (const each of fieldsOf(condition)) {
    const text = draft[each.key]?.trim() ?? '';
    if (text === '' && each.required) return null;
    const value = Number(text) / factorOf(each, point);
    if (!Number.isFinite(value)) return null;
    if (text === '') delete made[each.key];
    else made[each.key] = each.unit === 'ms' ? Math.round(value) : Number(value.toPrecision(12));
  }
  return made as AlarmCondition;
}
