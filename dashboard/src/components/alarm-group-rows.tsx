import type { Alarm } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlarmGroup } from '../format/alarm-groups.ts';
import { AlarmRow } from './alarm-row.tsx';
import { Icon } from './icons.tsx';

interface Props {
  group: AlarmGroup;
  timeZone: string;
  selected: string | null;
  checked: ReadonlySet<string>;
  onSelect: (id: string) => void;
  onCheck: (id: string) => void;
}

/** One line of the list that opens: the alarm that came first, with what came behind it and what it suppresses. */
export function AlarmGroupRows({ group, ...rest }: Props) {
  const { t } = useTranslation();
  const [choice, setChoice] = useState<boolean | null>(null);
  const { alarm, after, suppressed } = group;
  const [behind, hidden] = [after.length, suppressed.length];
  // By itself what is announced is in sight, and what is suppressed is not.
  const isOpen = hidden > 0 ? choice === true : choice !== false;
  const words = [
    behind > 0 ? t('alarms.after', { count: behind }) : '',
    hidden > 0 ? t('alarms.suppresses', { count: hidden }) : '',
  ].filter((each) => each !== '');
  const row = (one: Alarm, isUnder: boolean) => (
    <AlarmRow
      key={one.id}
      alarm={one}
      timeZone={rest.timeZone}
      selected={one.id === rest.selected}
      checked={rest.checked.has(one.id)}
      onSelect={rest.onSelect}
      onCheck={rest.onCheck}
      isUnder={isUnder}
    />
  );
  return (
    <>
      {row(alarm, false)}
      {words.length > 0 && (
        <li>
          <button
            type="button"
            className="flex min-h-11 w-full items-center gap-2 px-3 pl-11 text-left text-xs text-dim hover:bg-raised lg:min-h-7"
            aria-expanded={isOpen}
            onClick={() => setChoice(!isOpen)}
            data-testid="alarm-group"
            data-alarm={alarm.id}
            data-after={behind}
            data-suppressed={hidden}
          >
            <Icon name="chevron" className={`h-4 w-4 shrink-0 ${isOpen ? 'rotate-90' : ''}`} />
            <b className="shrink-0 rounded border border-edge px-1 font-semibold">{t('alarms.firstMark')}</b>
            <span className="min-w-0 truncate">{words.join(' · ')}</span>
          </button>
        </li>
      )}
      {choice !== false && after.map((one) => row(one, true))}
      {choice === true && suppressed.map((one) => row(one, true))}
    </>
  );
}
