import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { acknowledgeAlarms, resetAlarms } from '../api/actions.ts';
import { useAlarmOf } from '../api/journal.ts';
import { useAlarms } from '../live/use-live.ts';
import { AlarmDrawer } from './alarm-drawer.tsx';
import { Drawer } from './drawer.tsx';
import { ErrorState, Skeleton } from './states.tsx';

interface Props {
  id: string;
  equipment: string | null;
  timeZone: string;
  onClose: () => void;
}

/** The drawer of an alarm by its id, whether it stands or is normal. */
export function AlarmPanel({ id, equipment, timeZone, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const standing = useAlarms().find((alarm) => alarm.id === id);
  const asked = useAlarmOf(standing === undefined ? id : null, equipment);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const alarm = standing ?? asked.data;
  const act = async (how: typeof acknowledgeAlarms, comment: string) => {
    setBusy(true);
    setProblem(null);
    try {
      const { refused } = await how([id], comment);
      const [first] = refused;
      if (first !== undefined) setProblem(new Error(t('alarms.refused', { count: 1, codes: first.code })));
      await queries.invalidateQueries({ queryKey: ['journal-pages'] });
      await queries.invalidateQueries({ queryKey: ['alarm', id] });
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  if (alarm === undefined || alarm === null) {
    return (
      <Drawer title={id} onClose={onClose} testId="alarm-drawer">
        {alarm === null ? (
          <p className="text-dim">{t('journal.alarmGone')}</p>
        ) : asked.isError ? (
          <ErrorState what={t('journal.alarmFailed')} error={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <Skeleton rows={6} />
        )}
      </Drawer>
    );
  }
  return problem !== null ? (
    <Drawer title={id} onClose={() => setProblem(null)} testId="alarm-drawer">
      <ErrorState what={t('journal.actFailed')} error={problem} onRetry={() => setProblem(null)} />
    </Drawer>
  ) : (
    <AlarmDrawer
      alarm={alarm}
      timeZone={timeZone}
      busy={busy}
      onAcknowledge={(comment) => void act(acknowledgeAlarms, comment)}
      onReset={(comment) => void act(resetAlarms, comment)}
      onClose={onClose}
    />
  );
}
