import type { AlarmKpiReport } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { dateTime } from '../format/time.ts';
import { useDurationText } from '../format/use-kpi-text.ts';
import { useLocalText } from '../state/i18n.ts';
import { useEquipmentIndex } from '../state/site.ts';
import { AlarmShape } from './alarm-shape.tsx';
import { Empty } from './states.tsx';

const cell = 'px-2 py-1.5 text-left align-top';

/** The alarms that take most of the operator's time; each leads to its equipment, whose page has its definition. */
export function BadActors({ report }: { report: AlarmKpiReport }) {
  const { t } = useTranslation();
  const duration = useDurationText();
  if (report.badActors.length === 0) return <Empty title={t('kpiPage.noAlarms')} hint={t('kpiPage.noAlarmsHint')} />;
  return (
    <div className="overflow-x-auto">
      <table className="w-full" data-testid="bad-actors">
        <thead className="text-xs text-faint">
          <tr>
            <th className={cell}>{t('kpiPage.alarm')}</th>
            {(['count', 'share', 'chattering', 'fleeting', 'median'] as const).map((column) => (
              <th key={column} className={`${cell} text-right`}>
                {t(`kpiPage.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.badActors.map((each) => (
            <tr key={each.alarm} className="border-t border-line">
              <td className={cell}>
                <Subject alarm={each.alarm} equipment={each.equipment} name={each.name} />
              </td>
              {[
                each.count,
                `${(each.share * 100).toFixed(1)} %`,
                each.chattering,
                each.fleeting,
                duration(each.medianMs),
              ].map((value, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the columns never move
                <td key={column} className={`${cell} num whitespace-nowrap text-right`}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What has been active for more than a day, longest first. */
export function StaleAlarms({ report, timeZone }: { report: AlarmKpiReport; timeZone: string }) {
  const { t } = useTranslation();
  const duration = useDurationText();
  if (report.stale.length === 0) return <p className="text-dim">{t('kpiPage.noStale')}</p>;
  return (
    <ul data-testid="stale">
      {report.stale.map((each) => (
        <li
          key={`${each.alarm} ${each.sinceMs}`}
          className="grid grid-cols-[1.75rem_minmax(0,1fr)_auto] items-start gap-x-2 border-t border-line py-1.5 first:border-t-0"
        >
          <AlarmShape priority={each.priority} />
          <Subject alarm={each.alarm} equipment={each.equipment} name={each.name} />
          <span className="num text-right text-xs text-dim">
            {duration((each.returnedMs ?? report.toMs) - each.sinceMs)}
            <span className="block text-faint">
              {each.returnedMs === null
                ? t('kpiPage.since', { time: dateTime(each.sinceMs, timeZone) })
                : t('kpiPage.until', { time: dateTime(each.returnedMs, timeZone) })}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Subject({
  alarm,
  equipment,
  name,
}: Pick<AlarmKpiReport['badActors'][number], 'alarm' | 'equipment' | 'name'>) {
  const text = useLocalText();
  const unit = useEquipmentIndex().get(equipment ?? '');
  const point = alarm.split('#')[0] ?? alarm;
  return (
    <span className="min-w-0">
      <span className="block">{name === null ? alarm : text(name)}</span>
      {unit === undefined ? (
        <span className="text-xs text-faint">{point}</span>
      ) : (
        <Link className="link text-xs" to={`/equipment/${unit.id}?point=${encodeURIComponent(point)}`}>
          {text(unit.name)}
        </Link>
      )}
    </span>
  );
}
