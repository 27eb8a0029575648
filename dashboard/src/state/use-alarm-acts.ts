import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type AlarmAct, actOnAlarms } from '../api/alarm-acts.ts';
import { useRequest } from './use-request.ts';

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
  const { busy, problem, clear, run } = useRequest();
  const act: ActOnAlarms = async (ids, what) => {
    if (ids.length === 0) return false;
    return await run(async () => {
      const { refused } = await actOnAlarms(ids, what);
      await Promise.all(
        [['journal-pages'], ...ids.map((id) => ['alarm', id])].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      );
      if (refused.length === 0) return;
      const codes = [...new Set(refused.map(({ code }) => code))].map((code) => t(`alarmRefusal.${code}`));
      throw new Error(t('alarms.refused', { count: refused.length, codes: codes.join(t('alarms.and')) }));
    });
  };
  return { busy, problem, clear, act };
}
