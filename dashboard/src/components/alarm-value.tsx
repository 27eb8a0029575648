import type { Alarm, Point, PointValue } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { useSitePoints } from '../api/queries.ts';
import { showValue } from '../format/value.ts';
import { usePreferences } from '../state/preferences.ts';
import { pointsById } from '../state/site.ts';

const plain = { kind: 'number', unit: 'none', symbol: '', precision: 1, states: null } as const;

/** The value of an alarm in the unit of its point; all rows of a site share one answer of the server. */
export function AlarmValue({ alarm, value }: { alarm: Alarm; value: PointValue }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const points = useSitePoints(alarm.equipment?.split('/')[0]).data ?? noPoints;
  const point = pointsById(points).get(alarm.source);
  // Of a gateway or a device there is no value to show: the alarm itself says it.
  if (value === null || (point === undefined && typeof value === 'boolean')) return <>–</>;
  const shown = showValue(point ?? plain, value, { yes: t('value.yes'), no: t('value.no'), language });
  return (
    <span className="num whitespace-nowrap">
      {shown.text} <span className="text-xs text-faint">{shown.symbol}</span>
    </span>
  );
}

const noPoints: readonly Point[] = [];
