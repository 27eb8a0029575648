import {
  type AlarmCondition,
  type AlarmOverride,
  type AlarmSetting,
  type BacktestChange,
  type EnabledWhen,
  type LimitKind,
  limitKinds,
  type Point,
} from '@plantroom/contracts';
import {
  type ConditionDraft,
  conditionDraft,
  conditionFrom,
  type GateDraft,
  gateDraft,
  gateFrom,
  isSameJson,
} from './condition-draft.ts';
import type { FindPoint } from './expression-draft.ts';

/** What is tried, as it stands in the fields: numbers in the unit of the screen, delays in seconds. */
export interface BacktestDraft {
  watched: ConditionDraft;
  /** Null: in every operating state. */
  gate: GateDraft | null;
  onDelayS: string;
  offDelayS: string;
}

export interface TriedDefinition {
  condition: AlarmCondition;
  /** Null: in every operating state. */
  enabledWhen: EnabledWhen | null;
  onDelayMs: number;
  offDelayMs: number;
}

/** A definition as far as it is tried. */
export function triable({ condition, enabledWhen, onDelayMs, offDelayMs }: Triable): TriedDefinition {
  return { condition, enabledWhen: enabledWhen ?? null, onDelayMs, offDelayMs };
}

type Triable = Omit<TriedDefinition, 'enabledWhen'> & { enabledWhen?: EnabledWhen | null };

const shown = (value: number): string => String(Number(value.toPrecision(9)));

export function draftOf(definition: TriedDefinition, own: Point, find: FindPoint): BacktestDraft {
  const { condition, enabledWhen, onDelayMs, offDelayMs } = definition;
  return {
    watched: conditionDraft(condition, own, find),
    gate: gateDraft(enabledWhen ?? undefined, find),
    onDelayS: shown(onDelayMs / 1000),
    offDelayS: shown(offDelayMs / 1000),
  };
}

/** Null: something is missing or senseless. */
export function triedOf(draft: BacktestDraft, own: Point, find: FindPoint): TriedDefinition | null {
  const onDelayMs = Math.round(Number(draft.onDelayS) * 1000);
  const offDelayMs = Math.round(Number(draft.offDelayS) * 1000);
  const isEmpty = draft.onDelayS.trim() === '' || draft.offDelayS.trim() === '';
  if (isEmpty || ![onDelayMs, offDelayMs].every((ms) => Number.isFinite(ms) && ms >= 0)) return null;
  const condition = conditionFrom(draft.watched, own, find);
  const enabledWhen = gateFrom(draft.gate, find);
  if (condition === null || enabledWhen === undefined) return null;
  if (condition.type === 'limit' && (condition.deadband ?? 0) < 0) return null;
  return { condition, enabledWhen, onDelayMs, offDelayMs };
}

/** None: nothing is changed. */
export function changesOf(alarm: string, base: TriedDefinition | null, tried: TriedDefinition): BacktestChange[] {
  if (base !== null && isSameDefinition(base, tried)) return [];
  const { condition, enabledWhen, onDelayMs, offDelayMs } = tried;
  const gate = isSameJson(base?.enabledWhen ?? null, enabledWhen) ? {} : { enabledWhen };
  return [{ alarm, condition, ...gate, onDelayMs, offDelayMs }];
}

export function isSameDefinition(a: TriedDefinition, b: TriedDefinition): boolean {
  return isSameJson(triable(a), triable(b));
}

/** As an override: what is as the class has it is left out where it would not be taken as a change. */
export function overrideOf(
  { override, classDefault }: Pick<AlarmSetting, 'override' | 'classDefault'>,
  tried: TriedDefinition,
): Omit<AlarmOverride, 'reason'> {
  const { enabledWhen: _, reason: __, ...kept } = override ?? { reason: '' };
  const { enabledWhen, ...rest } = tried;
  const isAsClass = isSameJson(classDefault?.enabledWhen ?? null, enabledWhen);
  return { ...kept, ...rest, ...(isAsClass ? {} : { enabledWhen }) };
}

/** From the address: a limit that is not set yet, as the form had it. Null: not one that can be tried. */
export function definitionFromAddress(search: URLSearchParams): TriedDefinition | null {
  const kind = search.get('kind');
  const limit = search.get('limit');
  if (limit === null || limit === '' || !isLimitKind(kind)) return null;
  const number = (name: string): number => Number(search.get(name) ?? 0);
  const numbers = [Number(limit), number('deadband'), number('onDelayMs'), number('offDelayMs')];
  if (!numbers.every(Number.isFinite)) return null;
  const condition = { type: 'limit' as const, kind, limit: Number(limit), deadband: number('deadband') };
  return { condition, enabledWhen: null, onDelayMs: number('onDelayMs'), offDelayMs: number('offDelayMs') };
}

const isLimitKind = (text: string | null): text is LimitKind =>
  (limitKinds as readonly (string | null)[]).includes(text);

/** Where an alarm is tried on history. `draft`: as it stands in a form; left out: as in force. */
export function backtestAddress(alarm: string, draft?: Omit<TriedDefinition, 'enabledWhen'> | null): string {
  const search = new URLSearchParams({ alarm });
  if (draft?.condition.type === 'limit') {
    search.set('kind', draft.condition.kind);
    search.set('limit', String(draft.condition.limit));
    search.set('deadband', String(draft.condition.deadband ?? 0));
    search.set('onDelayMs', String(draft.onDelayMs));
    search.set('offDelayMs', String(draft.offDelayMs));
  }
  return `/backtest?${search}`;
}

/** The two largest parts of a span: days and hours, hours and minutes, minutes and seconds. */
export function spanParts(ms: number): { unit: 'd' | 'h' | 'min' | 's'; count: number }[] {
  const s = Math.round(ms / 1000);
  const all = [
    { unit: 'd' as const, count: Math.floor(s / 86_400) },
    { unit: 'h' as const, count: Math.floor((s % 86_400) / 3600) },
    { unit: 'min' as const, count: Math.floor((s % 3600) / 60) },
    { unit: 's' as const, count: s % 60 },
  ];
  const first = all.findIndex(({ count }) => count > 0);
  if (first === -1) return [{ unit: 's', count: 0 }];
  return all.slice(first, first + 2).filter(({ count }, i) => i === 0 || count > 0);
}
