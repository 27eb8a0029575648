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
  if (value === null) return <>–</>;
  const point = pointsById(points).get(alarm.source);
  const shown = showValue(point ?? plain, value, { yes: t('value.yes'), no: t('value.no'), language });
  return (
    <span className="num whitespace-nowrap">
      {shown.text} <span className="text-xs text-faint">{shown.symbol}</span>
    </span>
  );
}

const noPoints: readonly Point[] = [];
