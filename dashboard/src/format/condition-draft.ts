import type { AlarmCondition, EnabledWhen, LimitKind, Point } from '@plantroom/contracts';
import { limitKinds } from '@plantroom/contracts';
import { type ConditionField, conditionOf, draftOf, fieldsOf } from './condition-fields.ts';
import {
  blankComparison,
  type ComparisonDraft,
  comparisonDraft,
  comparisonOf,
  type ExpressionDraft,
  expressionDraft,
  expressionOf,
  type FindPoint,
} from './expression-draft.ts';

/** What a form calls a condition: the limits by their kind. */
export type ConditionKind = LimitKind | Exclude<AlarmCondition['type'], 'limit'>;

/** A condition as it stands in a form: numbers in the unit of the screen, times in seconds. */
export interface ConditionDraft {
  kind: ConditionKind;
  numbers: Record<string, string>;
  /** Where setpoint or feedback is read; empty: the setpoint is a number. */
  path: string;
  /** States that are off normal. */
  states: string[];
  /** What is counted. */
  of: ComparisonDraft;
  when: ExpressionDraft;
  /** What the form does not show of it and keeps: further levels of a limit. */
  kept: AlarmCondition | null;
}

/** The operating states in which an alarm counts. */
export interface GateDraft {
  forS: string;
  when: ExpressionDraft;
}

const ofNumbers: readonly ConditionKind[] = [
  ...limitKinds,
  'deviation',
  'rate',
  'non-zero',
  'mismatch',
  'count',
  'no-data',
  'expression',
];
const kindsOf: Record<Point['kind'], readonly ConditionKind[]> = {
  number: ofNumbers,
  counter: ofNumbers,
  boolean: ['off-normal', 'mismatch', 'count', 'no-data', 'expression'],
  enum: ['off-normal', 'non-zero', 'mismatch', 'count', 'no-data', 'expression'],
  string: ['no-data', 'expression'],
};

/** What a point can be watched for. */
export const conditionKinds = (point: Pick<Point, 'kind'>): readonly ConditionKind[] => kindsOf[point.kind];

export const isLimitKind = (kind: ConditionKind): kind is LimitKind => (limitKinds as readonly string[]).includes(kind);

export function blankCondition(kind: ConditionKind, own: Point | undefined): ConditionDraft {
  const of = blankComparison('', own);
  const numbers: Record<string, string> =
    kind === 'rate' || kind === 'count' ? { windowMs: '600' } : kind === 'no-data' ? { afterMs: '900' } : {};
  return { kind, numbers, path: '', states: [], of, when: { kind: 'allOf', parts: [of] }, kept: null };
}

export function conditionDraft(condition: AlarmCondition, own: Point | undefined, find: FindPoint): ConditionDraft {
  const kind = condition.type === 'limit' ? condition.kind : condition.type;
  const draft = { ...blankCondition(kind, own), numbers: draftOf(condition, own), kept: condition };
  switch (condition.type) {
    case 'off-normal':
      return { ...draft, states: condition.values.map(String) };
    case 'deviation':
      return typeof condition.from === 'string' ? { ...draft, path: condition.from } : draft;
    case 'mismatch':
      return { ...draft, path: condition.feedback };
    case 'count':
      return { ...draft, of: comparisonDraft(condition.of, find) };
    case 'expression':
      return { ...draft, when: expressionDraft(condition.when, find) };
    default:
      return draft;
  }
}

/** The numbers that a form asks for. */
export function numberFieldsOf({
  kind,
  path,
  of,
}: Pick<ConditionDraft, 'kind' | 'path' | 'of'>): readonly ConditionField[] {
  const filled = { kind, path: path === '' && kind === 'mismatch' ? 'chosen' : path, states: ['0'], kept: null };
  const whole: ComparisonDraft = { ...of, test: 'above', value: '0', deadband: '' };
  const base = baseOf({ ...filled, numbers: {}, of: whole, when: whole }, () => undefined);
  return base === null ? [] : fieldsOf(base);
}

/** Null: something is not filled in. */
export function conditionFrom(draft: ConditionDraft, own: Point | undefined, find: FindPoint): AlarmCondition | null {
  const base = baseOf(draft, find);
  return base === null ? null : conditionOf(base, draft.numbers, own);
}

/** All of it but its numbers. */
function baseOf(draft: ConditionDraft, find: FindPoint): AlarmCondition | null {
  const { kind, path, states, kept } = draft;
  if (isLimitKind(kind)) {
    const levels = kept?.type === 'limit' && kept.kind === kind ? kept.levels : undefined;
    return { type: 'limit', kind, limit: Number.NaN, ...(levels === undefined ? {} : { levels }) };
  }
  switch (kind) {
    case 'off-normal': {
      const values = states.map((text) => (text === 'true' || text === 'false' ? text === 'true' : Number(text)));
      return values.length === 0 ? null : { type: kind, values };
    }
    case 'deviation':
      return { type: kind, from: path === '' ? Number.NaN : path };
    case 'rate':
      return { type: kind, windowMs: Number.NaN };
    case 'mismatch':
      return path === '' ? null : { type: kind, feedback: path };
    case 'count': {
      const of = comparisonOf(draft.of, find);
      return of === null ? null : { type: kind, of, times: Number.NaN, windowMs: Number.NaN };
    }
    case 'no-data':
      return { type: kind, afterMs: Number.NaN };
    case 'expression': {
      const when = expressionOf(draft.when, find);
      return when === null ? null : { type: kind, when };
    }
    case 'non-zero':
    case 'offline':
      return { type: kind };
  }
}

export function gateDraft(gate: EnabledWhen | undefined, find: FindPoint): GateDraft | null {
  if (gate === undefined) return null;
  return { forS: String((gate.forMs ?? 0) / 1000), when: expressionDraft(gate.when, find) };
}

/** Null: in every operating state. Undefined: something is not filled in. */
export function gateFrom(draft: GateDraft | null, find: FindPoint): EnabledWhen | null | undefined {
  if (draft === null) return null;
  const when = expressionOf(draft.when, find);
  const forMs = Math.round(Number(draft.forS) * 1000);
  if (when === null || !(forMs >= 0)) return undefined;
  return forMs === 0 ? { when } : { when, forMs };
}

/** Equal whatever the order of their fields, a deadband of nothing like none. */
export function isSameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(of: unknown): unknown {
  if (Array.isArray(of)) return of.map(sorted);
  if (typeof of !== 'object' || of === null) return of;
  const entries = Object.entries(of).filter(
    ([key, value]) =>
      value !== undefined && !(value === 0 && (key === 'deadband' || key === 'forMs' || key === 'tolerance')),
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, sorted(value)]));
}
