import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { alarmSource } from '../format/alarm-source.ts';
import { useAlarms } from '../live/use-live.ts';
import { useLocalText } from '../state/i18n.ts';
import { useEquipmentIndex } from '../state/site.ts';
import { ShapeOf } from './alarm-shape.tsx';
import { StateText } from './state-text.tsx';

/** What another alarm is called and where; its id when it does not stand any more. */
export function useAlarmTitle(): (id: string) => string {
  const { t } = useTranslation();
  const text = useLocalText();
  const alarms = useAlarms();
  const equipment = useEquipmentIndex();
  return (id) => {
    const alarm = alarms.find((each) => each.id === id);
    if (alarm === undefined) return id;
    const unit = equipment.get(alarm.equipment ?? '');
    const where = unit === undefined ? alarmSource(alarm) : text(unit.name);
    return t('alarms.nameAt', { name: text(alarm.guidance.name), where });
  };
}

/** Leads to another alarm, whatever hides it. */
export function AlarmLink({ id }: { id: string }) {
  const title = useAlarmTitle();
  const alarm = useAlarms().find((each) => each.id === id);
  return (
    <Link
      className="link flex min-h-11 min-w-0 items-center gap-2 py-1 lg:min-h-8"
      to={`/alarms?state=all&alarm=${encodeURIComponent(id)}`}
      data-testid="alarm-link"
      data-alarm={id}
    >
      {alarm !== undefined && <ShapeOf alarm={alarm} size={18} />}
      <span className="min-w-0 flex-1 break-words">{title(id)}</span>
      {alarm !== undefined && (
        <span className="shrink-0 text-xs text-dim">
          <StateText alarm={alarm} />
        </span>
      )}
    </Link>
  );
}
