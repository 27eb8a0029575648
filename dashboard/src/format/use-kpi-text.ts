import type { AlarmKpi } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';

/** `aim`: a target, which is told in as few digits as it has. */
type Kind = 'value' | 'aim';

/** A figure of a report in words: numbers, shares in per cent, durations in the largest unit that says something. */
export function useKpiText(): (unit: AlarmKpi['unit'], value: number, kind?: Kind) => string {
  const duration = useDurationText();
  return (unit, value, kind = 'value') => {
    if (unit === 'ms') return duration(value);
    if (unit === 'share') return `${rounded(value * 100, kind)} %`;
    return rounded(value, kind);
  };
}

function rounded(value: number, kind: Kind): string {
  if (kind === 'aim' || Number.isInteger(value)) return String(Math.round(value * 100) / 100);
  return value.toFixed(value < 10 ? 2 : 1);
}

/** 45 s, 12.5 min, 3.4 h, 2.0 d. */
export function useDurationText(): (ms: number) => string {
  const { t } = useTranslation();
  return (ms) => {
    const seconds = ms / 1000;
    if (seconds < 90)
      return t('duration.seconds', { value: seconds > 0 && seconds < 10 ? seconds.toFixed(1) : Math.round(seconds) });
    if (seconds < 5_400) return t('duration.minutes', { value: (seconds / 60).toFixed(1) });
    if (seconds < 172_800) return t('duration.hours', { value: (seconds / 3_600).toFixed(1) });
    return t('duration.days', { value: (seconds / 86_400).toFixed(1) });
  };
}
