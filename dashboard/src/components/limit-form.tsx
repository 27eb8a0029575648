import { type AlarmPriority, type LimitKind, limitKinds, type Point, type PointLimit } from '@plantroom/contracts';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { deleteLimit, putLimit } from '../api/actions.ts';
import { useRefreshDefinitions } from '../api/queries.ts';
import { backtestAddress, type TriedDefinition } from '../format/backtest-draft.ts';
import { displayUnit } from '../format/value.ts';
import { useRequest } from '../state/use-request.ts';
import { DelayFields, PriorityField } from './alarm-fields.tsx';
import { CheckField, ReasonField } from './form-fields.tsx';
import { NumberField } from './number-field.tsx';
import { Problem } from './states.tsx';

interface Draft {
  kind: LimitKind;
  limit: string;
  deadband: string;
  onDelayS: string;
  offDelayS: string;
  priority: AlarmPriority;
  opensOrder: boolean;
  enabled: boolean;
  reason: string;
}

/** What is set now, in the unit of the screen; a kind that has no limit yet starts from careful defaults. */
export function draftOf(point: Point, kind: LimitKind): Draft {
  const held = point.limits.find((limit) => limit.kind === kind);
  const { factor } = displayUnit(point);
  const shown = (value: number) => String(Number((value * factor).toPrecision(9)));
  return {
    kind,
    limit: held === undefined ? '' : shown(held.limit),
    deadband: held === undefined ? '0' : shown(held.deadband),
    onDelayS: String((held?.onDelayMs ?? 10_000) / 1000),
    offDelayS: String((held?.offDelayMs ?? 10_000) / 1000),
    priority: held?.priority ?? (kind.length === 2 ? 'high' : 'medium'),
    opensOrder: held?.opensOrder ?? false,
    enabled: held?.enabled ?? true,
    reason: '',
  };
}

/** Null: a number is missing or senseless; the form says which by its own validity. */
export function limitOf(point: Point, draft: Draft): PointLimit | null {
  const { factor } = displayUnit(point);
  const limit = Number(draft.limit) / factor;
  const deadband = Number(draft.deadband) / factor;
  const onDelayMs = Math.round(Number(draft.onDelayS) * 1000);
  const offDelayMs = Math.round(Number(draft.offDelayS) * 1000);
  const reason = draft.reason.trim();
  if (draft.limit.trim() === '' || reason === '') return null;
  if (![limit, deadband, onDelayMs, offDelayMs].every(Number.isFinite)) return null;
  if (deadband < 0 || onDelayMs < 0 || offDelayMs < 0) return null;
  return {
    kind: draft.kind,
    limit: Number(limit.toPrecision(12)),
    deadband: Number(deadband.toPrecision(12)),
    onDelayMs,
    offDelayMs,
    priority: draft.priority,
    opensOrder: draft.opensOrder,
    enabled: draft.enabled,
    reason,
  };
}

/** What would be tried on history: a reason is not needed for that. */
function definitionOf(point: Point, draft: Draft): Omit<TriedDefinition, 'enabledWhen'> | null {
  const wanted = limitOf(point, { ...draft, reason: '-' });
  if (wanted === null) return null;
  const { kind, limit, deadband = 0, onDelayMs = 0, offDelayMs = 0 } = wanted;
  return { condition: { type: 'limit', kind, limit, deadband }, onDelayMs, offDelayMs };
}

export function LimitForm({ point }: { point: Point }) {
  const { t } = useTranslation();
  const refresh = useRefreshDefinitions();
  const [draft, setDraft] = useState(() => draftOf(point, point.limits[0]?.kind ?? 'H'));
  const [saved, setSaved] = useState(false);
  const { busy, problem, run } = useRequest();
  const { symbol } = displayUnit(point);
  const held = point.limits.find((limit) => limit.kind === draft.kind);
  const wanted = limitOf(point, draft);
  const tried = definitionOf(point, draft);
  const change = (part: Partial<Draft>) => {
    setSaved(false);
    setDraft({ ...draft, ...part });
  };
  const save = (act: () => Promise<unknown>) => {
    setSaved(false);
    void run(async () => {
      await act();
      await refresh();
      setSaved(true);
      setDraft((now) => ({ ...now, reason: '' }));
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wanted !== null) save(() => putLimit(point.id, wanted));
  };
  return (
    <form className="space-y-3" onSubmit={submit} data-testid="limit-form" data-point={point.id}>
      <div className="flex gap-1" role="radiogroup" aria-label={t('limit.kind')}>
        {limitKinds.map((kind) => (
          <label
            key={kind}
            className={`button flex-1 cursor-pointer px-2 has-[:focus-visible]:outline ${draft.kind === kind ? 'button-main' : ''}`}
            title={t(`limitKind.${kind}`)}
            data-testid={`limit-kind-${kind}`}
          >
            <input
              type="radio"
              name="kind"
              className="sr-only"
              checked={draft.kind === kind}
              onChange={() => {
                setSaved(false);
                setDraft(draftOf(point, kind));
              }}
            />
            {kind}
          </label>
        ))}
      </div>
      <p className="text-xs text-faint">
        {t(`limitKind.${draft.kind}`)} · {held === undefined ? t('limit.unset') : t(`origin.${held.origin}`)}
      </p>
      <div className="grid grid-cols-2 gap-3">
        <NumberField
          label={t('limit.limit', { unit: symbol })}
          value={draft.limit}
          onChange={(limit) => change({ limit })}
          required
          testId="limit-value"
        />
        <NumberField
          label={t('limit.deadband', { unit: symbol })}
          value={draft.deadband}
          onChange={(deadband) => change({ deadband })}
          min={0}
          testId="limit-deadband"
        />
        <DelayFields onDelayS={draft.onDelayS} offDelayS={draft.offDelayS} onChange={change} form="limit" />
      </div>
      <PriorityField value={draft.priority} onChange={(priority) => change({ priority })} testId="limit-priority" />
      <CheckField
        label={t('limit.opensOrder')}
        checked={draft.opensOrder}
        onChange={(opensOrder) => change({ opensOrder })}
        testId="limit-opens-order"
      />
      <CheckField
        label={t('limit.enabled')}
        checked={draft.enabled}
        onChange={(enabled) => change({ enabled })}
        testId="limit-enabled"
      />
      <ReasonField
        label={t('limit.reason')}
        value={draft.reason}
        onChange={(reason) => change({ reason })}
        testId="limit-reason"
      />
      <Problem error={problem} />
      {saved && <p role="status">{t('limit.saved')}</p>}
      <div className="flex gap-2">
        <button
          type="submit"
          className="button button-main flex-1"
          disabled={busy || wanted === null}
          data-testid="limit-save"
        >
          {t('limit.save')}
        </button>
        {held !== undefined && held.origin === 'site' && (
          <button
            type="button"
            className="button"
            disabled={busy || draft.reason.trim() === ''}
            onClick={() => save(() => deleteLimit(point.id, draft.kind, draft.reason.trim()))}
            data-testid="limit-delete"
          >
            {t('limit.delete')}
          </button>
        )}
      </div>
      {tried !== null && (
        <Link
          className="button w-full"
          to={backtestAddress(held?.alarm ?? `${point.id}#${draft.kind}`, tried)}
          data-testid="limit-backtest"
        >
          {t('backtest.open')}
        </Link>
      )}
    </form>
  );
}
