import { useTranslation } from 'react-i18next';
import { useNow } from '../live/use-now.ts';
import { age } from './time.ts';

/** "3 min", counted against the server's clock. */
export function useAge(ms: number): string {
  const { t } = useTranslation();
  const now = useNow(1000);
  const { unit, count } = age(now - ms);
  return t(`age.${unit}`, { count });
}
