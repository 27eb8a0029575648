import { type AlarmCondition, type BacktestChange, type LimitKind, limitKinds } from '@plantroom/contracts';

/** What is tried, as it stands in the fields: numbers in the unit of the screen, delays in seconds. */
export interface BacktestDraft {
  limit: string;
  deadband: string;
  onDelayS: string;
  offDelayS: string;
}

export interface TriedDefinition {
  condition: AlarmCondition;
  onDelayMs: number;
  offDelayMs: number;
}

const shown = (value: number): string => String(Number(value.toPrecision(9)));

export function draftOf({ condition, onDelayMs, offDelayMs }: TriedDefinition, factor: number): BacktestDraft {
  const isLimit = condition.type === 'limit';
  return {
    limit: isLimit ? shown(condition.limit * factor) : '',
    deadband: isLimit ? shown((condition.deadband ?? 0) * factor) : '',
    onDelayS: shown(onDelayMs / 1000),
    offDelayS: shown(offDelayMs / 1000),
  };
}

/** Null: a number is missing or senseless. */
export function triedOf(base: TriedDefinition, draft: BacktestDraft, factor: number): TriedDefinition | null {
  const onDelayMs = Math.round(Number(draft.onDelayS) * 1000);
  const offDelayMs = Math.round(Number(draft.offDelayS) * 1000);
  const isEmpty = draft.onDelayS.trim() === '' || draft.offDelayS.trim() === '';
  if (isEmpty || ![onDelayMs, offDelayMs].every((ms) => Number.isFinite(ms) && ms >= 0)) return null;
  if (base.condition.type !== 'limit') return { condition: base.condition, onDelayMs, offDelayMs };
  const limit = Number((Number(draft.limit) / factor).toPrecision(12));
  const deadband = Number((Number(draft.deadband) / factor).toPrecision(12));
  if (draft.limit.trim() === '' || ![limit, deadband].every(Number.isFinite) || deadband < 0) return null;
  return { condition: { ...base.condition, limit, deadband }, onDelayMs, offDelayMs };
}

/** None: nothing is changed. */
export function changesOf(alarm: string, base: TriedDefinition | null, tried: TriedDefinition): BacktestChange[] {
  if (base !== null && isSameDefinition(base, tried)) return [];
  return [{ alarm, condition: tried.condition, onDelayMs: tried.onDelayMs, offDelayMs: tried.offDelayMs }];
}

export function isSameDefinition(a: TriedDefinition, b: TriedDefinition): boolean {
  const { condition: x } = a;
  const { condition: y } = b;
  const isSame =
    x.type === 'limit' && y.type === 'limit'
      ? x.kind === y.kind && x.limit === y.limit && (x.deadband ?? 0) === (y.deadband ?? 0)
      : JSON.stringify(x) === JSON.stringify(y);
  return isSame && a.onDelayMs === b.onDelayMs && a.offDelayMs === b.offDelayMs;
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
  return { condition, onDelayMs: number('onDelayMs'), offDelayMs: number('offDelayMs') };
}

const isLimitKind = (text: string | null): text is LimitKind =>
  (limitKinds as readonly (string | null)[]).includes(text);

/** Where an alarm is tried on history. `draft`: as it stands in a form; left out: as in force. */
export function backtestAddress(alarm: string, draft?: TriedDefinition | null): string {
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
