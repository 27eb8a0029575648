import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** Why there are no data, in words; a reason that a newer server tells is named as it is. */
export function useHoleWords(): (reason: string) => string {
  const { t } = useTranslation();
  return useCallback((reason: string) => t(`hole.${reason}`, { defaultValue: t('hole.other', { reason }) }), [t]);
}
