import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { compareAlarms, isAnnounced, needsAck } from '../format/alarm-look.ts';
import { alarmSource } from '../format/alarm-source.ts';
import { useAge } from '../format/use-age.ts';
import { useAlarms } from '../live/use-live.ts';
import { useLocalText } from '../state/i18n.ts';
import { useEquipmentIndex } from '../state/site.ts';
import { ShapeOf } from './alarm-shape.tsx';

/** Fire, entrapment, gas: across the top of every page until it is over and acknowledged. */
export function LifeSafetyBand() {
  const { t } = useTranslation();
  const text = useLocalText();
  const equipment = useEquipmentIndex();
  const alarms = useAlarms()
    .filter((alarm) => alarm.lifeSafety && isAnnounced(alarm))
    .sort(compareAlarms);
  if (alarms.length === 0) return null;
  return (
    <div className="border-b-2 border-p1 bg-p1/20" role="alert" data-testid="life-safety-band">
      {alarms.slice(0, 3).map((alarm) => {
        const unit = alarm.equipment === null ? undefined : equipment.get(alarm.equipment);
        return (
          <Link
            key={alarm.id}
            to={`/alarms?alarm=${encodeURIComponent(alarm.id)}`}
            className="flex min-h-touch flex-wrap items-center gap-x-3 px-4 py-1 text-lg font-bold hover:bg-p1/30"
            data-alarm={alarm.id}
          >
            <ShapeOf alarm={alarm} size={28} />
            <span className="rounded bg-p1 px-2 text-base text-[rgb(var(--on-alarm))]">
              {t(
                unit?.system === 'elevators'
                  ? 'lifeSafety.entrapment'
                  : unit?.system === 'fire'
                    ? 'lifeSafety.fire'
                    : 'lifeSafety.other',
              )}
            </span>
            <span className="min-w-0 max-w-full break-words">
              {unit === undefined ? alarmSource(alarm) : text(unit.name)} · {text(alarm.guidance.name)}
            </span>
            <span className="ml-auto whitespace-nowrap text-base font-normal">
              {needsAck(alarm) ? t('lifeSafety.unacked') : t(`alarmState.${alarm.state}`)}
              {alarm.onsetMs !== null && <OnsetAge ms={alarm.onsetMs} />}
            </span>
          </Link>
        );
      })}
      {alarms.length > 3 && (
        <Link to="/alarms" className="block px-4 pb-1 text-sm font-semibold">
          {t('lifeSafety.more', { count: alarms.length - 3 })}
        </Link>
      )}
    </div>
  );
}

function OnsetAge({ ms }: { ms: number }) {
  return <span className="num"> · {useAge(ms)}</span>;
}
