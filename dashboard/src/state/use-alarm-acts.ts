import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AlarmAct, actOnAlarms } from '../api/alarm-acts.ts';

export type ActOnAlarms = (ids: readonly string[], act: AlarmAct) => Promise<boolean>;

export interface AlarmActs {
  busy: boolean;
  /** What the server answered when it did not do all of it. */
  problem: unknown;
  clear: () => void;
  /** True: done for all of them. */
  act: ActOnAlarms;
}

/** Does what a person does to alarms, one act at a time, and says which of them were refused and why. */
export function useAlarmActs(): AlarmActs {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const act: ActOnAlarms = async (ids, what) => {
    if (ids.length === 0) return false;
    setBusy(true);
    setProblem(null);
    try {
      const { refused } = await actOnAlarms(ids, what);
      const codes = [...new Set(refused.map(({ code }) => code))].map((code) => t(`alarmRefusal.${code}`));
      if (refused.length > 0)
        setProblem(new Error(t('alarms.refused', { count: refused.length, codes: codes.join(t('alarms.and')) })));
      await Promise.all(
        [['journal-pages'], ...ids.map((id) => ['alarm', id])].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      );
      return refused.length === 0;
    } catch (error) {
      setProblem(error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, clear: () => setProblem(null), act };
}
