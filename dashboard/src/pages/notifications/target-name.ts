import type { PolicyTarget } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { useNotificationList } from '../../api/notifications.ts';

/** What a target is called; its id while it is not known. */
export function useTargetName(): (target: PolicyTarget) => string {
  const { t } = useTranslation();
  const lists = {
    person: useNotificationList('people').data ?? [],
    roster: useNotificationList('rosters').data ?? [],
    channel: useNotificationList('channels').data ?? [],
  };
  return (target) =>
    target.type === 'role'
      ? t(`notify.role.${target.id}`)
      : (lists[target.type].find(({ id }) => id === target.id)?.name ?? target.id);
}
