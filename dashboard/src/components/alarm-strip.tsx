import type { Alarm } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { compareAlarms, isAnnounced, shownState } from '../format/alarm-look.ts';
import { alarmSource } from '../format/alarm-source.ts';
import { useAge } from '../format/use-age.ts';
import { useLocalText } from '../state/i18n.ts';
import { useEquipmentIndex } from '../state/site.ts';
import { ShapeOf } from './alarm-shape.tsx';

const most = 5;

/** The worst few alarms of what the page shows, each one click from its guidance. */
export function AlarmStrip({ alarms }: { alarms: readonly Alarm[] }) {
  const { t } = useTranslation();
  const open = alarms.filter(isAnnounced).sort(compareAlarms);
  if (open.length === 0) return null;
  return (
    <ul className="divide-y divide-line rounded border border-line bg-panel">
      {open.slice(0, most).map((alarm) => (
        <AlarmLine key={alarm.id} alarm={alarm} />
      ))}
      {open.length > most && (
        <li className="px-3 py-1 text-xs text-dim">{t('alarms.more', { count: open.length - most })}</li>
      )}
    </ul>
  );
}

export function AlarmLine({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const equipment = useEquipmentIndex().get(alarm.equipment ?? '');
  return (
    <li data-testid="alarm-line" data-alarm={alarm.id} data-state={alarm.state}>
      <Link
        to={`/alarms?alarm=${encodeURIComponent(alarm.id)}`}
        className="flex min-h-9 flex-wrap items-center gap-x-3 px-3 py-1 hover:bg-raised"
      >
        <ShapeOf alarm={alarm} />
        <span className="font-medium">{text(alarm.guidance.name)}</span>
        <span className="text-dim">{equipment === undefined ? alarmSource(alarm) : text(equipment.name)}</span>
        <span className="ml-auto text-xs text-dim">
          {t(`alarmState.${shownState(alarm)}`)}
          {alarm.onsetMs !== null && <LineAge ms={alarm.onsetMs} />}
        </span>
      </Link>
    </li>
  );
}

function LineAge({ ms }: { ms: number }) {
  return <span className="num"> · {useAge(ms)}</span>;
}
