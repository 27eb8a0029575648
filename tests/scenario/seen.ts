import type { AlarmJournalEntry } from '@plantroom/contracts';
import type { Database } from '../../server/src/repositories/database.ts';
import { readJournal } from '../../server/src/repositories/journal-repository.ts';
import { listOrders } from '../../server/src/repositories/work-order-repository.ts';
import type { SeenAlarm, SeenOrder } from './judge.ts';

interface Place {
  /** UTC ms of the start of the scenario. */
  zeroMs: number;
  site: string;
}

export interface Journalled {
  alarms: SeenAlarm[];
  orders: SeenOrder[];
  /** Everything, oldest first. */
  journal: AlarmJournalEntry[];
}

/** What the server has written down of alarms and orders. */
export async function whatCame({ db }: Database, { zeroMs, site }: Place): Promise<Journalled> {
  const journal: AlarmJournalEntry[] = [];
  for (let after: string | undefined; ; ) {
    const page = await readJournal(db, { limit: 1000, ...(after === undefined ? {} : { after }) });
    journal.push(...page.items);
    if (page.next === null) break;
    after = page.next;
  }
  journal.reverse();
  const orders: SeenOrder[] = [];
  for (let after: string | undefined; ; ) {
    const page = await listOrders(db, { limit: 200, ...(after === undefined ? {} : { after }) });
    for (const { id, equipment, failureMode, openedMs, closedMs, reopenedCount, state } of page.items)
      orders.push({
        id,
        equipment: equipment.slice(site.length + 1),
        failureMode,
        openedMs: openedMs - zeroMs,
        closedMs: closedMs === null ? null : closedMs - zeroMs,
        reopened: reopenedCount,
        state,
      });
    if (page.next === null) break;
    after = page.next;
  }
  orders.reverse();
  return { alarms: activations(journal, { zeroMs, site }), orders, journal };
}

/** Pure: activations with their ends, by the time at which they happened; what late data corrects counts as corrected. */
export function activations(journal: readonly AlarmJournalEntry[], { zeroMs, site }: Place): SeenAlarm[] {
  const alarms: SeenAlarm[] = [];
  const standing = new Map<string, SeenAlarm>();
  const causes = new Map<string, string>();
  for (const { action, alarm, atMs, historical, stateAfter, details } of journal) {
    const name = alarm.slice(site.length + 1);
    if (action === 'suppressed') causes.set(name, details?.cause?.slice(site.length + 1) ?? '');
    // What is told afterwards and what goes on at present are two stories.
    const key = `${historical ? 'then' : 'now'} ${name}`;
    // What a test mode leaves standing is real from then on.
    const isLeft = action === 'test-ended' && details?.test === undefined && stateAfter === 'UNACK';
    if (action === 'activated' || action === 'reactivated' || isLeft) {
      const seen: SeenAlarm = { alarm: name, atMs: atMs - zeroMs, returnedMs: null, historical };
      if (action === 'reactivated') seen.again = true;
      if (details?.test !== undefined) seen.test = true;
      if (stateAfter === 'DSUPR' && !historical) seen.suppressedBy = causes.get(name) ?? '';
      alarms.push(seen);
      standing.set(key, seen);
    } else if (action === 'returned' || action === 'latched') {
      const seen = standing.get(key);
      if (seen !== undefined && seen.returnedMs === null) seen.returnedMs = atMs - zeroMs;
    } else if (action === 'corrected') {
      const seen = standing.get(key);
      if (seen !== undefined && atMs - zeroMs < seen.atMs) seen.atMs = atMs - zeroMs;
      else if (seen !== undefined && seen.returnedMs !== null)
        seen.returnedMs = Math.min(seen.returnedMs, atMs - zeroMs);
    } else if (action === 'unsuppressed' && (stateAfter === 'UNACK' || stateAfter === 'LATCHED-UNACK')) {
      const seen = standing.get(key);
      if (seen !== undefined) seen.shownMs = atMs - zeroMs;
    }
  }
  return alarms.sort((a, b) => a.atMs - b.atMs);
}
