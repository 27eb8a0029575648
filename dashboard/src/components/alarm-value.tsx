import type { Alarm, EquipmentDetail, Point, PointValue } from '@plantroom/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keys, useEquipment } from '../api/queries.ts';
import { showValue } from '../format/value.ts';
import { usePreferences } from '../state/preferences.ts';

/** The value of an alarm in the unit of its point, when the point is known already; lists do not fetch for it. */
export function AlarmValue({ alarm, value }: { alarm: Alarm; value: PointValue }) {
  const detail = useQueryClient().getQueryData<EquipmentDetail>(keys.equipmentDetail(alarm.equipment ?? ''));
  return <PointText point={detail?.points.find((each) => each.id === alarm.source)} value={value} />;
}

/** The same, fetching what it needs. */
export function AlarmValueFetched({ alarm, value }: { alarm: Alarm & { equipment: string }; value: PointValue }) {
  const detail = useEquipment(alarm.equipment).data;
  return <PointText point={detail?.points.find((each) => each.id === alarm.source)} value={value} />;
}

function PointText({ point, value }: { point: Point | undefined; value: PointValue }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  if (value === null) return <>–</>;
  const words = { yes: t('value.yes'), no: t('value.no'), language };
  const plain = { kind: 'number', unit: 'none', symbol: '', precision: 1, states: null } as const;
  const shown = showValue(point ?? plain, value, words);
  return (
    <span className="num whitespace-nowrap">
      {shown.text} <span className="text-xs text-faint">{shown.symbol}</span>
    </span>
  );
}
