import type { JournalDetails, Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { useSitePoints } from '../api/queries.ts';
import { dateTime } from '../format/time.ts';
import { liveStore } from '../live/live.ts';
import { useLocalText } from '../state/i18n.ts';
import { pointsById, useEquipmentIndex, useSite } from '../state/site.ts';

const noPoints: readonly Point[] = [];
const testModeId = /^test-\d+$/;

/** What an entry of the journal says beside its comment, in words; empty: nothing. */
export function useDetailsText(timeZone: string): (details: JournalDetails | null) => string {
  const { t } = useTranslation();
  const text = useLocalText();
  const index = useEquipmentIndex();
  const points = useSitePoints(useSite()?.id).data ?? noPoints;
  /** What another alarm is called and where; of one that does not stand any more, its point. */
  const nameOf = (id: string): string => {
    if (testModeId.test(id)) return t('journalDetail.test', { id });
    const [source = ''] = id.split('#');
    const equipment = index.get(source.split('/').slice(0, 2).join('/'));
    const standing = liveStore.alarms().find((alarm) => alarm.id === id);
    const name = standing?.guidance.name ?? pointsById(points).get(source)?.name;
    if (name === undefined || equipment === undefined) return id;
    return t('alarms.nameAt', { name: text(name), where: text(equipment.name) });
  };
  return (details) => {
    if (details === null) return '';
    const { mode, untilMs, cause, firstOut, approver, workOrder, reviewMs, priorityBefore, withdrawn, flood } = details;
    const parts = [
      mode === 'one-shot' ? t('journalDetail.oneShot') : '',
      untilMs === undefined ? '' : t('journalDetail.until', { time: dateTime(untilMs, timeZone) }),
      cause === undefined ? '' : t('journalDetail.cause', { cause: nameOf(cause) }),
      firstOut === undefined ? '' : t('journalDetail.firstOut', { first: nameOf(firstOut) }),
      workOrder === undefined ? '' : t('journalDetail.workOrder', { order: workOrder }),
      approver === undefined ? '' : t('journalDetail.approver', { user: approver }),
      reviewMs === undefined ? '' : t('journalDetail.review', { time: dateTime(reviewMs, timeZone) }),
      priorityBefore === undefined
        ? ''
        : t('journalDetail.priorityBefore', { priority: t(`priority.${priorityBefore}`) }),
      details.test === undefined ? '' : t('journalDetail.test', { id: details.test }),
      flood === undefined ? '' : t('journalDetail.flood', { count: flood.alarms, peak: flood.peak }),
      withdrawn === true ? t('journalDetail.withdrawn') : '',
    ];
    return parts.filter((part) => part !== '').join(' · ');
  };
}
