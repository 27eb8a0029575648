import type { Point, PointValue } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { showValue } from '../format/value.ts';
import { usePreferences } from '../state/preferences.ts';

/** Values of a point as text with their unit. */
export function useShown(point: Point): (value: PointValue) => string {
  const { t } = useTranslation();
  const { language } = usePreferences();
  return (value) => {
    const { text, symbol } = showValue(point, value, { yes: t('value.yes'), no: t('value.no'), language });
    return symbol === '' ? text : `${text} ${symbol}`;
  };
}
