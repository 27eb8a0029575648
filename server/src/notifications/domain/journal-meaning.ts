import { type AlarmJournalEntry, type AlarmPriority, type AlarmState, priorityNumber } from '@plantroom/contracts';

export interface JournalMeaning {
  /** `call`: somebody has to answer. `tell`: late news of what is over: told, nobody has to answer. `end`: nobody has to any more. */
  act: 'call' | 'tell' | 'end' | 'none';
  /** The condition is gone, whether the alarm is held or not. */
  returned: boolean;
}

const setAside: readonly AlarmState[] = ['SHLVD', 'DSUPR', 'OOSRV'];
const answered: readonly AlarmState[] = ['NORM', 'ACKED', 'LATCHED-ACK'];
const nothing: JournalMeaning = { act: 'none', returned: false };

/**
 * What a line of the journal means for those who are to be told; by states, not by acts, so that every way into a state counts alike.
 * `calledAt`: the priority at which they were called for it already; null: nobody was.
 */
export function meaningOf(
  entry: Pick<AlarmJournalEntry, 'action' | 'stateBefore' | 'stateAfter' | 'historical' | 'priority'> &
    Partial<Pick<AlarmJournalEntry, 'details'>>,
  { lifeSafety, calledAt }: { lifeSafety: boolean; calledAt: AlarmPriority | null },
): JournalMeaning {
  const { action, stateBefore: before, stateAfter: after } = entry;
  // Raised in a test mode: shown, and told to nobody.
  if (entry.details?.test !== undefined) return nothing;
  if (entry.historical) {
    const raised = action === 'activated' || action === 'reactivated';
    return raised && lifeSafety ? { act: 'tell', returned: false } : nothing;
  }
  if (after === 'UNACK' || (after === 'LATCHED-UNACK' && setAside.includes(before))) {
    const again = calledAt === null || priorityNumber[entry.priority] < priorityNumber[calledAt];
    return again ? { act: 'call', returned: false } : nothing;
  }
  const returned = action === 'returned' || action === 'latched';
  const ends = answered.includes(after) || setAside.includes(after);
  return { act: ends ? 'end' : 'none', returned };
}
