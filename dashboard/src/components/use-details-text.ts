import type { JournalDetails } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../format/time.ts';

/** What an entry of the journal says beside its comment, in words; empty: nothing. */
export function useDetailsText(timeZone: string): (details: JournalDetails | null) => string {
  const { t } = useTranslation();
  return (details) => {
    if (details === null) return '';
    const { mode, untilMs, cause, firstOut, approver, workOrder, reviewMs, priorityBefore, withdrawn, flood } = details;
    const parts = [
      mode === 'one-shot' ? t('journalDetail.oneShot') : '',
      untilMs === undefined ? '' : t('journalDetail.until', { time: dateTime(untilMs, timeZone) }),
      cause === undefined ? '' : t('journalDetail.cause', { cause }),
      firstOut === undefined ? '' : t('journalDetail.firstOut', { first: firstOut }),
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
