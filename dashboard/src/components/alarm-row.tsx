import type { Alarm } from '@plantroom/contracts';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { alarmSource } from '../format/alarm-source.ts';
import { dateTime } from '../format/time.ts';
import { useAge } from '../format/use-age.ts';
import { useLocalText } from '../state/i18n.ts';
import { useEquipmentIndex } from '../state/site.ts';
import { useAlarmTitle } from './alarm-link.tsx';
import { ShapeOf } from './alarm-shape.tsx';
import { AlarmValue } from './alarm-value.tsx';
import { StateText } from './state-text.tsx';

interface Props {
  alarm: Alarm;
  timeZone: string;
  selected: boolean;
  checked: boolean;
  onSelect: (id: string) => void;
  onCheck: (id: string) => void;
  /** It stands under the alarm that came first; left out: it stands by itself. */
  isUnder?: boolean;
}

export const AlarmRow = memo(function AlarmRow(props: Props) {
  const { alarm, timeZone, selected, checked, onSelect, onCheck, isUnder = false } = props;
  const [cause] = alarm.suppressedBy;
  const { t } = useTranslation();
  const text = useLocalText();
  const equipment = useEquipmentIndex().get(alarm.equipment ?? '');
  const where = equipment === undefined ? alarmSource(alarm) : text(equipment.name);
  return (
    <li
      data-testid="alarm-row"
      data-alarm={alarm.id}
      data-state={alarm.state}
      data-priority={alarm.priority}
      data-under={isUnder}
      className={`grid ${isUnder ? 'pl-6' : ''} grid-cols-[2.75rem_minmax(0,1fr)] items-center border-t border-line lg:grid-cols-[2.25rem_minmax(0,1fr)] ${selected ? 'bg-raised shadow-[inset_3px_0_0_rgb(var(--ink))]' : ''}`}
    >
      <label className="grid min-h-11 cursor-pointer place-items-center lg:min-h-9">
        <input
          type="checkbox"
          className="h-4 w-4 accent-[rgb(var(--dim))]"
          checked={checked}
          onChange={() => onCheck(alarm.id)}
          aria-label={t('alarms.check', { name: text(alarm.guidance.name) })}
        />
      </label>
      <button
        type="button"
        className="grid min-h-11 w-full grid-cols-[2em_minmax(0,1fr)_auto] items-center gap-x-3 pr-3 text-left hover:bg-raised lg:min-h-9 lg:grid-cols-[2em_minmax(0,2.2fr)_minmax(0,1.6fr)_minmax(9.5em,1fr)_10em_5em_6em]"
        onClick={() => onSelect(alarm.id)}
        aria-pressed={selected}
      >
        <ShapeOf alarm={alarm} size={22} />
        <span className="min-w-0">
          <span
            className={`block truncate ${alarm.state === 'UNACK' || alarm.state === 'LATCHED-UNACK' ? 'font-semibold' : ''}`}
          >
            {alarm.lifeSafety && (
              <b className="mr-1.5 rounded bg-p1 px-1 text-xs text-[rgb(var(--on-alarm))]">{t('lifeSafety.short')}</b>
            )}
            {text(alarm.guidance.name)}
            {alarm.count > 1 && (
              <span
                className="num ml-2 rounded bg-raised px-1 text-xs font-normal text-dim"
                title={t('alarms.countLong', { count: alarm.count })}
              >
                ×{alarm.count}
              </span>
            )}
          </span>
          {!isUnder && cause !== undefined && <CauseLine cause={cause} />}
          <span className="block truncate text-xs text-dim lg:hidden">
            {where} · <StateText alarm={alarm} />
          </span>
        </span>
        <span className="hidden truncate text-dim lg:block">{where}</span>
        <span className="hidden lg:block">
          <StateText alarm={alarm} />
        </span>
        <span className="num hidden text-dim lg:block">
          {alarm.onsetMs === null ? '–' : dateTime(alarm.onsetMs, timeZone)}
        </span>
        <span className="num text-right text-dim">{alarm.onsetMs === null ? '–' : <AgeOf ms={alarm.onsetMs} />}</span>
        <span className="hidden text-right lg:block">
          <AlarmValue alarm={alarm} value={alarm.lastValue} />
        </span>
      </button>
    </li>
  );
});

/** Shown where the cause does not stand right above. */
function CauseLine({ cause }: { cause: string }) {
  const { t } = useTranslation();
  return (
    <span className="block truncate text-xs text-dim" data-testid="caused-by">
      {t('alarms.causedBy', { cause: useAlarmTitle()(cause) })}
    </span>
  );
}

function AgeOf({ ms }: { ms: number }) {
  return <>{useAge(ms)}</>;
}
