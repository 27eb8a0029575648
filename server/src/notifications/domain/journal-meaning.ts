import { type AlarmJournalEntry, type AlarmPriority, type AlarmState, priorityNumber } from '@plantroom/contracts';

export interface JournalMeaning {
  /** `call`: somebody has to answer. `tell`: late news of what is over: told, nobody has to answer. `end`: nobody has to any more. */
  act: 'call' | 'tell' | 'end' | 'none';
  /** The condition is gone, whether the alarm is held or not. */
  returned: boolean;
}

/** What those who are to be told have heard of an alarm and not answered yet. */
export interface Called {
  /** The highest at which they were called. */
  priority: AlarmPriority;
  /** When the condition was gone the last time; null: it has not been since. */
  returnedMs: number | null;
  /** A step is still to come, which tells it once more by itself. */
  climbing: boolean;
}

/** What comes back sooner than this after it has returned is the same trouble to whoever was told, however often it does. */
const comesBackMs = 180_000;

const setAside: readonly AlarmState[] = ['SHLVD', 'DSUPR', 'OOSRV'];
const answered: readonly AlarmState[] = ['NORM', 'ACKED', 'LATCHED-ACK'];
const nothing: JournalMeaning = { act: 'none', returned: false };

/**
 * What a line of the journal means for those who are to be told; by states, not by acts, so that every way into a state counts alike.
 * `called`: for what they were called already and have not answered; null: nobody was.
 */
export function meaningOf(
  entry: Pick<AlarmJournalEntry, 'action' | 'stateBefore' | 'stateAfter' | 'historical' | 'priority' | 'recordedMs'> &
    Partial<Pick<AlarmJournalEntry, 'details'>>,
  { lifeSafety, called }: { lifeSafety: boolean; called: Called | null },
): JournalMeaning {
  const { action, stateBefore: before, stateAfter: after } = entry;
  // Raised in a test mode: shown, and told to nobody.
  if (entry.details?.test !== undefined) return nothing;
  if (entry.historical) {
    const raised = action === 'activated' || action === 'reactivated';
    return raised && lifeSafety ? { act: 'tell', returned: false } : nothing;
  }
  if (after === 'UNACK' || (after === 'LATCHED-UNACK' && setAside.includes(before))) {
    const again =
      called === null ||
      priorityNumber[entry.priority] < priorityNumber[called.priority] ||
      (action === 'reactivated' && isNews(entry.recordedMs, { lifeSafety, called }));
    return again ? { act: 'call', returned: false } : nothing;
  }
  const returned = action === 'returned' || action === 'latched';
  const ends = answered.includes(after) || setAside.includes(after);
  return { act: ends ? 'end' : 'none', returned };
}

/** Nobody has answered, it has returned and is here again: days may lie between. About life it is always news. */
function isNews(
  atMs: number,
  { lifeSafety, called: { climbing, returnedMs } }: { lifeSafety: boolean; called: Called },
): boolean {
  return lifeSafety || (!climbing && returnedMs !== null && atMs - returnedMs >= comesBackMs);
}
