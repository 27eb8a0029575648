import type { AlarmExpression, Comparison, Point } from '@plantroom/contracts';
import { displayUnit } from './value.ts';

/** A comparison as it stands in its fields: numbers in the unit of the screen. */
export interface ComparisonDraft {
  kind: 'compare';
  /** Empty: the alarm's own point. */
  path: string;
  test: 'above' | 'below' | 'is';
  value: string;
  deadband: string;
  /** States that it may be: codes, or `true` and `false`. Of a number: as typed, with commas. */
  states: string[];
  /** What it counts as where nothing delivers the point; empty: nobody knows. */
  ifAbsent: '' | 'true' | 'false';
}

export interface JoinDraft {
  kind: 'allOf' | 'anyOf' | 'not';
  /** Of `not`: one. */
  parts: ExpressionDraft[];
}

export type ExpressionDraft = ComparisonDraft | JoinDraft;
export type FindPoint = (path: string) => Point | undefined;

/** Joins within one another; what lies deeper is a comparison. */
export const deepestJoin = 3;

const isNumber = (point: Point | undefined): boolean =>
  point === undefined || point.kind === 'number' || point.kind === 'counter';

/** How a point is asked: a number lies above something, a state is one of a few. */
export function blankComparison(path: string, point: Point | undefined): ComparisonDraft {
  const test = isNumber(point) ? 'above' : 'is';
  return { kind: 'compare', path, test, value: '', deadband: '', states: [], ifAbsent: '' };
}

const factorOf = (point: Point | undefined): number => (point === undefined ? 1 : displayUnit(point).factor);
const shown = (value: number | undefined, factor: number): string =>
  value === undefined ? '' : String(Number((value * factor).toPrecision(9)));

export function comparisonDraft(of: Comparison, find: FindPoint): ComparisonDraft {
  const path = of.point ?? '';
  const point = find(path);
  const factor = factorOf(point);
  const test = of.is !== undefined ? 'is' : of.above !== undefined ? 'above' : 'below';
  const values = of.is ?? [];
  return {
    kind: 'compare',
    path,
    test,
    value: shown(of.above ?? of.below, factor),
    deadband: shown(of.deadband, factor),
    states: isNumber(point)
      ? values.map((value) => (typeof value === 'number' ? shown(value, factor) : String(value)))
      : values.map(String),
    ifAbsent: of.ifAbsent === undefined ? '' : of.ifAbsent ? 'true' : 'false',
  };
}

export function expressionDraft(of: AlarmExpression, find: FindPoint): ExpressionDraft {
  if (of.allOf !== undefined) return { kind: 'allOf', parts: of.allOf.map((part) => expressionDraft(part, find)) };
  if (of.anyOf !== undefined) return { kind: 'anyOf', parts: of.anyOf.map((part) => expressionDraft(part, find)) };
  if (of.not !== undefined) return { kind: 'not', parts: [expressionDraft(of.not, find)] };
  return comparisonDraft(of, find);
}

const numberOf = (text: string, factor: number): number | null => {
  const value = Number(text) / factor;
  return text.trim() === '' || !Number.isFinite(value) ? null : Number(value.toPrecision(12));
};

function statesOf({ states }: ComparisonDraft, point: Point | undefined): (boolean | number)[] | null {
  const values = states.map((text) =>
    text === 'true' || text === 'false' ? text === 'true' : numberOf(text, isNumber(point) ? factorOf(point) : 1),
  );
  return values.length === 0 || values.includes(null) ? null : values.filter((value) => value !== null);
}

/** Null: a value is missing or is none. */
export function comparisonOf(draft: ComparisonDraft, find: FindPoint): Comparison | null {
  const point = find(draft.path);
  const factor = factorOf(point);
  const head = draft.path === '' ? {} : { point: draft.path };
  const tail = draft.ifAbsent === '' ? {} : { ifAbsent: draft.ifAbsent === 'true' };
  if (draft.test === 'is') {
    const is = statesOf(draft, point);
    return is === null ? null : { ...head, is, ...tail };
  }
  const value = numberOf(draft.value, factor);
  if (value === null) return null;
  if (draft.deadband.trim() === '') return { ...head, [draft.test]: value, ...tail };
  const deadband = numberOf(draft.deadband, factor);
  return deadband === null || deadband < 0 ? null : { ...head, [draft.test]: value, deadband, ...tail };
}

/** Null: something in it is not filled in. */
export function expressionOf(draft: ExpressionDraft, find: FindPoint): AlarmExpression | null {
  if (draft.kind === 'compare') return comparisonOf(draft, find);
  const parts: AlarmExpression[] = [];
  for (const part of draft.parts) {
    const made = expressionOf(part, find);
    if (made === null) return null;
    parts.push(made);
  }
  const [first] = parts;
  if (first === undefined) return null;
  return draft.kind === 'not' ? { not: first } : { [draft.kind]: parts };
}

/** How many joins lie within one another. */
export function joinDepth(draft: ExpressionDraft): number {
  return draft.kind === 'compare' ? 0 : 1 + Math.max(0, ...draft.parts.map(joinDepth));
}

/** The same under another word: what stands alone becomes the first part, of several `not` keeps the first. */
export function asKind(draft: ExpressionDraft, kind: ExpressionDraft['kind'], blank: ComparisonDraft): ExpressionDraft {
  if (draft.kind === kind) return draft;
  if (kind === 'compare') return draft.kind === 'compare' ? draft : (firstComparison(draft) ?? blank);
  const parts = draft.kind === 'compare' ? [draft] : draft.parts;
  return { kind, parts: kind === 'not' ? parts.slice(0, 1) : parts };
}

function firstComparison(draft: ExpressionDraft): ComparisonDraft | null {
  if (draft.kind === 'compare') return draft;
  for (const part of draft.parts) {
    const found = firstComparison(part);
    if (found !== null) return found;
  }
  return null;
}
