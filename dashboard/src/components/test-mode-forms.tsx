import { type EquipmentDetail, maxTestModeMs, type TestMode } from '@plantroom/contracts';
import { type FormEvent, type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestModeAct } from '../api/test-modes.ts';
import { liveStore } from '../live/live.ts';
import { useLocalText } from '../state/i18n.ts';
import { useEquipmentIndex } from '../state/site.ts';

const hourMs = 3_600_000;
const hours = [1, 2, 4, maxTestModeMs / hourMs];
/** An end at the very limit would be beyond it by the time the server hears of it. */
const endIn = (count: number): number => liveStore.serverNow() + count * hourMs - 5_000;

interface Props {
  busy: boolean;
  onAct: (act: TestModeAct) => void;
  onCancel: () => void;
}

/** What, why and for how long; parts and neighbours of the equipment are offered, and none is taken along by itself. */
export function RequestTestForm({ detail, busy, onAct, onCancel }: Props & { detail: EquipmentDetail }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const index = useEquipmentIndex();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState('');
  const [workOrder, setWorkOrder] = useState('');
  const [count, setCount] = useState(2);
  const related = useMemo(
    () =>
      [...index.values()].filter(
        ({ id, parent }) =>
          id !== detail.id &&
          (id === detail.parent || parent === detail.id || (detail.parent !== null && parent === detail.parent)),
      ),
    [index, detail],
  );
  const toggle = (id: string) =>
    setChosen((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const equipment = [detail.id, ...chosen];
    const order = workOrder.trim() === '' ? {} : { workOrder: workOrder.trim() };
    onAct({ kind: 'request', equipment, reason: reason.trim(), untilMs: endIn(count), ...order });
  };
  return (
    <Form onSubmit={submit} onCancel={onCancel} label={t('testMode.ask')} busy={busy || reason.trim() === ''}>
      {related.length > 0 && (
        <fieldset>
          <legend className="text-xs text-dim">{t('testMode.also')}</legend>
          <div className="mt-1 flex max-h-40 flex-wrap gap-x-4 overflow-y-auto">
            {related.map(({ id, name }) => (
              <label key={id} className="flex min-h-touch cursor-pointer items-center gap-2 md:min-h-9">
                <input
                  type="checkbox"
                  className="h-4 w-4 accent-[rgb(var(--dim))]"
                  checked={chosen.has(id)}
                  onChange={() => toggle(id)}
                />
                {text(name)}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <Hours value={count} onChange={setCount} />
      <label className="block">
        <span className="text-xs text-dim">{t('testMode.workOrder')}</span>
        <input
          className="field mt-1"
          maxLength={100}
          value={workOrder}
          onChange={(event) => setWorkOrder(event.target.value)}
        />
      </label>
      <Reason value={reason} onChange={setReason} />
    </Form>
  );
}

export function ExtendTestForm({ mode, busy, onAct, onCancel }: Props & { mode: TestMode }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [count, setCount] = useState(2);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAct({ kind: 'extend', id: mode.id, untilMs: endIn(count), reason: reason.trim() });
  };
  return (
    <Form onSubmit={submit} onCancel={onCancel} label={t('testMode.extend')} busy={busy || reason.trim() === ''}>
      <Hours value={count} onChange={setCount} />
      <Reason value={reason} onChange={setReason} />
    </Form>
  );
}

function Hours({ value, onChange }: { value: number; onChange: (count: number) => void }) {
  const { t } = useTranslation();
  return (
    <fieldset>
      <legend className="text-xs text-dim">{t('testMode.fromNow')}</legend>
      <div className="mt-1 flex flex-wrap gap-2">
        {hours.map((count) => (
          <button
            key={count}
            type="button"
            className={`button ${value === count ? 'button-main' : ''}`}
            aria-pressed={value === count}
            onClick={() => onChange(count)}
          >
            {t('age.hours', { count })}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

function Reason({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <label className="block">
      <span className="text-xs text-dim">{t('testMode.reason')}</span>
      <textarea
        className="field mt-1"
        rows={2}
        required
        maxLength={1000}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        data-testid="test-reason"
      />
    </label>
  );
}

function Form({
  onSubmit,
  onCancel,
  label,
  busy,
  children,
}: {
  onSubmit: (event: FormEvent) => void;
  onCancel: () => void;
  label: string;
  busy: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <form className="mt-3 space-y-3 rounded border border-line bg-canvas p-3" onSubmit={onSubmit}>
      {children}
      <div className="flex gap-2">
        <button type="submit" className="button button-main" disabled={busy} data-testid="test-submit">
          {label}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          {t('action.cancel')}
        </button>
      </div>
    </form>
  );
}
