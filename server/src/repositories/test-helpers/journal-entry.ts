import type { JournalWrite } from '../journal-repository.ts';

/** An alarm that was raised, told of as it happened. Left out: its equipment is that of its id. */
export function journalEntry(
  alarm: string,
  recordedMs: number,
  { atMs = recordedMs, ...more }: Partial<JournalWrite> = {},
): JournalWrite {
  return {
    alarm,
    equipment: alarm.split('/').slice(0, 2).join('/'),
    name: { zh: '旧名', en: 'Old name' },
    lifeSafety: false,
    occurrence: null,
    action: 'activated',
    stateBefore: 'NORM',
    stateAfter: 'UNACK',
    priority: 'high',
    atMs,
    recordedMs,
    historical: false,
    user: null,
    comment: null,
    details: null,
    value: true,
    ...more,
  };
}
