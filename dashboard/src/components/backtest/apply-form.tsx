import type { AlarmSetting, Backtest } from '@plantroom/contracts';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { putLimit } from '../../api/actions.ts';
import { applyOverride } from '../../api/backtests.ts';
import { useRefreshDefinitions } from '../../api/queries.ts';
import { overrideOf, type TriedDefinition } from '../../format/backtest-draft.ts';
import { useRequest } from '../../state/use-request.ts';
import { ReasonField } from '../form-fields.tsx';
import { Problem } from '../states.tsx';

interface Props {
  alarm: string;
  /** Null: there is no such alarm yet; it is set as a limit of its point. */
  setting: AlarmSetting | null;
  tried: TriedDefinition;
  backtest: Backtest;
  /** The figures on the screen are of what is tried. */
  isCurrent: boolean;
  onApplied: () => void;
}

/** Puts what was tried in force, with a reason; the audit names the backtest. */
export function ApplyForm({ alarm, setting, tried, backtest, isCurrent, onApplied }: Props) {
  const { t } = useTranslation();
  const refresh = useRefreshDefinitions();
  const [reason, setReason] = useState('');
  const { busy, problem, run } = useRequest();
  const apply = async (): Promise<void> => {
    if (setting !== null) {
      const override = { ...overrideOf(setting, tried), reason: reason.trim() };
      await applyOverride(alarm, override, backtest.id);
    } else if (tried.condition.type === 'limit') {
      const { kind, limit, deadband = 0 } = tried.condition;
      const { onDelayMs, offDelayMs } = tried;
      const rest = { priority: 'medium' as const, opensOrder: false, enabled: true, reason: reason.trim() };
      const body = { kind, limit, deadband, onDelayMs, offDelayMs, ...rest };
      await putLimit(alarm.split('#')[0] ?? '', { ...body, backtest: backtest.id });
    }
    await refresh();
    setReason('');
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void run(apply).then((isDone) => {
      if (isDone) onApplied();
    });
  };
  return (
    <form className="space-y-2" onSubmit={submit} data-testid="backtest-apply">
      <ReasonField label={t('limit.reason')} value={reason} onChange={setReason} testId="backtest-reason" />
      <Problem error={problem} />
      <button
        type="submit"
        className="button button-main w-full"
        disabled={busy || !isCurrent || reason.trim() === ''}
        data-testid="backtest-apply-button"
      >
        {t('backtest.apply')}
      </button>
    </form>
  );
}
