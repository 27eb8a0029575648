import { useTranslation } from 'react-i18next';
import { useAlarmOf } from '../api/journal.ts';
import { useAlarms } from '../live/use-live.ts';
import { useAlarmActs } from '../state/use-alarm-acts.ts';
import { AlarmDrawer } from './alarm-drawer.tsx';
import { Drawer } from './drawer.tsx';
import { ErrorState, Skeleton } from './states.tsx';

interface Props {
  id: string;
  equipment: string | null;
  timeZone: string;
  onClose: () => void;
}

/** Entries of the journal about a flood or a test mode. */
const ofNoAlarm = /#(flood\/.+|test-mode)$/;

/** The drawer of an alarm by its id, whether it stands or is normal. */
export function AlarmPanel({ id, equipment, timeZone, onClose }: Props) {
  const { t } = useTranslation();
  const standing = useAlarms().find((alarm) => alarm.id === id);
  const asked = useAlarmOf(standing === undefined ? id : null, equipment);
  const { busy, problem, act } = useAlarmActs();
  const alarm = standing ?? asked.data;
  if (alarm === undefined || alarm === null) {
    return (
      <Drawer title={id} onClose={onClose} testId="alarm-drawer">
        {alarm === null ? (
          <p className="text-dim">{t(ofNoAlarm.test(id) ? 'journal.ofNoAlarm' : 'journal.alarmGone')}</p>
        ) : asked.isError ? (
          <ErrorState what={t('journal.alarmFailed')} error={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <Skeleton rows={6} />
        )}
      </Drawer>
    );
  }
  return (
    <AlarmDrawer
      alarm={alarm}
      timeZone={timeZone}
      busy={busy}
      problem={problem}
      onAct={(what) => act([id], what)}
      onClose={onClose}
    />
  );
}
