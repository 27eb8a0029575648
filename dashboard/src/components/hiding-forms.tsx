import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AlarmAct, useAlarmRules } from '../api/alarm-acts.ts';
import { useSession } from '../api/queries.ts';
import { shelvingChoices } from '../format/alarm-hiding.ts';
import { age } from '../format/time.ts';
import { zonedInput, zonedInputMs } from '../format/zoned-input.ts';
import { liveStore } from '../live/live.ts';
import { ErrorState, Skeleton } from './states.tsx';

interface Props {
  busy: boolean;
  /** How many alarms it is about. */
  count: number;
  onAct: (act: AlarmAct) => void;
  onCancel: () => void;
}

const hourMs = 3_600_000;

/** For how long, or until the condition has returned, and why. */
export function ShelveForm({ busy, count, onAct, onCancel }: Props) {
  const { t } = useTranslation();
  const rules = useAlarmRules();
  const [chosen, setChosen] = useState('1');
  const [reason, setReason] = useState('');
  if (rules.data === undefined) return <Rules query={rules} />;
  const choices = shelvingChoices(rules.data.maxShelvingMs);
  const longestMs = rules.data.maxShelvingMs;
  const text = (ms: number) => {
    const { unit, count: many } = age(ms);
    return t(`age.${unit}`, { count: many });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isOnce = chosen === 'once';
    const durationMs = isOnce ? longestMs : (choices[Number(chosen)] ?? longestMs);
    onAct({ kind: 'shelve', mode: isOnce ? 'one-shot' : 'timed', durationMs, reason: reason.trim() });
  };
  const options = [
    ...choices.map((ms, at) => ({
      value: String(at),
      label: ms === longestMs ? t('hiding.longest', { time: text(ms) }) : text(ms),
    })),
    { value: 'once', label: t('hiding.untilReturned', { time: text(longestMs) }) },
  ];
  return (
    <Form onSubmit={submit} testId="shelve-form">
      <fieldset className="space-y-1">
        <legend className="text-xs text-dim">{t('hiding.howLong')}</legend>
        <div className="flex flex-wrap gap-2">
          {options.map(({ value, label }) => (
            <label
              key={value}
              className={`button cursor-pointer whitespace-normal text-left ${chosen === value ? 'button-main' : ''}`}
            >
              <input
                type="radio"
                className="sr-only"
                name="shelve-for"
                value={value}
                checked={chosen === value}
                onChange={() => setChosen(value)}
                data-testid={`shelve-for-${value}`}
              />
              {label}
            </label>
          ))}
        </div>
      </fieldset>
      <ReasonField value={reason} onChange={setReason} />
      <Buttons
        label={count === 1 ? t('alarmActs.shelveThis') : t('alarmActs.shelve', { count })}
        busy={busy || reason.trim() === ''}
        onCancel={onCancel}
      />
    </Form>
  );
}

/** Authorised maintenance: it lasts until somebody ends it. */
export function ServiceForm({ busy, count, timeZone, onAct, onCancel }: Props & { timeZone: string }) {
  const { t } = useTranslation();
  const rules = useAlarmRules();
  const user = useSession().data?.username;
  const [approver, setApprover] = useState('');
  const [password, setPassword] = useState('');
  const [workOrder, setWorkOrder] = useState('');
  const [review, setReview] = useState(() => zonedInput(liveStore.serverNow() + 24 * hourMs, timeZone));
  const [reason, setReason] = useState('');
  if (rules.data === undefined) return <Rules query={rules} />;
  const { approvers } = rules.data;
  const reviewMs = zonedInputMs(review, timeZone);
  const named = approver === '' && approvers.length === 1 ? (approvers[0] ?? '') : approver;
  const isOwn = named === user;
  const needed = [reason, workOrder, named, ...(isOwn ? [] : [password])];
  const isComplete = needed.every((text) => text.trim() !== '') && reviewMs !== null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reviewMs === null) return;
    onAct({
      kind: 'out-of-service',
      approver: named,
      password: isOwn ? '' : password,
      workOrder: workOrder.trim(),
      reviewMs,
      reason: reason.trim(),
    });
  };
  return (
    <Form onSubmit={submit} testId="service-form">
      <p className="text-dim">{t('hiding.serviceHint')}</p>
      <div className="grid gap-2 sm:grid-cols-2 md:max-w-3xl">
        <Labelled label={t('hiding.workOrder')}>
          <input
            className="field mt-1"
            required
            maxLength={100}
            value={workOrder}
            onChange={(event) => setWorkOrder(event.target.value)}
            data-testid="service-order"
          />
        </Labelled>
        <Labelled label={t('hiding.approver')}>
          <select
            className="field mt-1"
            required
            value={named}
            onChange={(event) => setApprover(event.target.value)}
            data-testid="service-approver"
          >
            {named === '' && <option value="">{t('hiding.choose')}</option>}
            {approvers.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </Labelled>
        {named !== '' && !isOwn && (
          <Labelled label={t('hiding.signature', { user: named })}>
            <input
              className="field mt-1"
              type="password"
              required
              maxLength={200}
              autoComplete="off"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              data-testid="service-password"
            />
          </Labelled>
        )}
        <Labelled label={t('hiding.review')}>
          <input
            type="datetime-local"
            className="field num mt-1"
            required
            value={review}
            onChange={(event) => setReview(event.target.value)}
            data-testid="service-review"
          />
        </Labelled>
      </div>
      <ReasonField value={reason} onChange={setReason} />
      <Buttons
        label={count === 1 ? t('alarmActs.outThis') : t('alarmActs.outOfService', { count })}
        busy={busy || !isComplete}
        onCancel={onCancel}
      />
    </Form>
  );
}

function Rules({ query }: { query: ReturnType<typeof useAlarmRules> }) {
  const { t } = useTranslation();
  return query.isError ? (
    <ErrorState what={t('hiding.rulesFailed')} error={query.error} onRetry={() => void query.refetch()} />
  ) : (
    <Skeleton rows={3} />
  );
}

function Form({
  onSubmit,
  testId,
  children,
}: {
  onSubmit: (event: FormEvent) => void;
  testId: string;
  children: ReactNode;
}) {
  return (
    <form className="space-y-3 rounded border border-line bg-canvas p-3" onSubmit={onSubmit} data-testid={testId}>
      {children}
    </form>
  );
}

function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the field is among the children
    <label className="block">
      <span className="text-xs text-dim">{label}</span>
      {children}
    </label>
  );
}

function ReasonField({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <Labelled label={t('hiding.reasonNeeded')}>
      <textarea
        className="field mt-1 md:max-w-3xl"
        rows={2}
        required
        maxLength={1000}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        data-testid="hiding-reason"
      />
    </Labelled>
  );
}

function Buttons({ label, busy, onCancel }: { label: string; busy: boolean; onCancel: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="flex gap-2">
      <button
        type="submit"
        className="button button-main flex-1 sm:flex-none"
        disabled={busy}
        data-testid="hiding-submit"
      >
        {label}
      </button>
      <button type="button" className="button" onClick={onCancel}>
        {t('action.cancel')}
      </button>
    </div>
  );
}
