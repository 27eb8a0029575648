import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { countByPriority } from '../format/alarm-look.ts';
import { useAlarms } from '../live/use-live.ts';
import { AlarmShape } from './alarm-shape.tsx';
import { HiddenTotal } from './hidden-counts.tsx';

/** Open alarms by priority; a click leads to the list. Zero is grey: nothing to see. */
export function AlarmCounts() {
  const { t } = useTranslation();
  const counts = countByPriority(useAlarms());
  return (
    <nav className="flex items-center gap-1" aria-label={t('alarms.counts')} data-testid="alarm-counts">
      {counts.map(({ priority, total, unacked }) => (
        <Link
          key={priority}
          to={`/alarms?priority=${priority}`}
          className={`num inline-flex min-h-9 items-center gap-1 rounded px-1.5 hover:bg-raised ${total === 0 ? 'text-faint grayscale [&>svg]:opacity-40' : 'font-semibold'}`}
          title={t('alarms.countTitle', { priority: t(`priority.${priority}`), total, unacked })}
          data-priority={priority}
          data-total={total}
        >
          <AlarmShape priority={priority} state={total === 0 ? 'NORM' : unacked > 0 ? 'UNACK' : 'ACKED'} />
          {total}
        </Link>
      ))}
      <HiddenTotal />
    </nav>
  );
}
