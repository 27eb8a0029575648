import { useTranslation } from 'react-i18next';
import { spanParts } from '../../format/backtest-draft.ts';

/** Words of a span of time, ms. */
export function useSpan(): (ms: number) => string {
  const { t } = useTranslation();
  return (ms) =>
    spanParts(ms)
      .map(({ unit, count }) => t(`backtest.span.${unit}`, { count }))
      .join(' ');
}
