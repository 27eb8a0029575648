import type { Alarm } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { afterFirst, suppressedBy } from '../format/alarm-groups.ts';
import { useAlarms } from '../live/use-live.ts';
import { AlarmLink } from './alarm-link.tsx';

/** More than these are shown on demand. */
const shortList = 5;

/** In the drawer: what came first, what came behind, and what the alarm suppresses. */
export function AlarmFollowers({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation();
  const alarms = useAlarms();
  const suppressed = suppressedBy(alarm.id, alarms);
  const after = afterFirst(alarm.id, alarms);
  const first = alarm.suppressedBy.length === 0 ? alarm.firstOut : null;
  if (suppressed.length + after.length === 0 && first === null) return null;
  return (
    <section className="space-y-2" data-testid="alarm-followers">
      {first !== null && (
        <div>
          <h3 className="text-xs text-faint">{t('alarms.firstOut')}</h3>
          <AlarmLink id={first} />
        </div>
      )}
      <List title={t('alarms.after', { count: after.length })} alarms={after} />
      <List title={t('alarms.suppresses', { count: suppressed.length })} alarms={suppressed} />
    </section>
  );
}

function List({ title, alarms }: { title: string; alarms: readonly Alarm[] }) {
  const { t } = useTranslation();
  const [whole, setWhole] = useState(false);
  if (alarms.length === 0) return null;
  const shown = whole ? alarms : alarms.slice(0, shortList);
  return (
    <div>
      <h3 className="text-xs text-faint">{title}</h3>
      <ul>
        {shown.map(({ id }) => (
          <li key={id}>
            <AlarmLink id={id} />
          </li>
        ))}
      </ul>
      {shown.length < alarms.length && (
        <button type="button" className="button w-full" onClick={() => setWhole(true)}>
          {t('alarms.more', { count: alarms.length - shown.length })}
        </button>
      )}
    </div>
  );
}
