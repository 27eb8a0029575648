import type { AlarmSetting, Backtest } from '@plantroom/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { putLimit } from '../../api/actions.ts';
import { applyOverride } from '../../api/backtests.ts';
import type { TriedDefinition } from '../../format/backtest-draft.ts';
import { ReasonField } from '../form-fields.tsx';
import { useProblemText } from '../states.tsx';

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
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const problemText = useProblemText(problem);
  const apply = async (): Promise<void> => {
    setIsBusy(true);
    setProblem(null);
    try {
      if (setting !== null) {
        const override = { ...setting.override, ...tried, reason: reason.trim() };
        await applyOverride(alarm, override, backtest.id);
      } else if (tried.condition.type === 'limit') {
        const { kind, limit, deadband = 0 } = tried.condition;
        const { onDelayMs, offDelayMs } = tried;
        const rest = { priority: 'medium' as const, opensOrder: false, enabled: true, reason: reason.trim() };
        const body = { kind, limit, deadband, onDelayMs, offDelayMs, ...rest };
        await putLimit(alarm.split('#')[0] ?? '', { ...body, backtest: backtest.id });
      }
      for (const key of ['equipment', 'points', 'alarm-settings']) {
        await client.invalidateQueries({ queryKey: [key] });
      }
      setReason('');
      setIsBusy(false);
      onApplied();
    } catch (error) {
      setProblem(error);
      setIsBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void apply();
  };
  return (
    <form className="space-y-2" onSubmit={submit} data-testid="backtest-apply">
      <ReasonField label={t('limit.reason')} value={reason} onChange={setReason} testId="backtest-reason" />
      {problem !== null && (
        <p role="alert" className="font-medium">
          {problemText}
        </p>
      )}
      <button
        type="submit"
        className="button button-main w-full"
        disabled={isBusy || !isCurrent || reason.trim() === ''}
        data-testid="backtest-apply-button"
      >
        {t('backtest.apply')}
      </button>
    </form>
  );
}
