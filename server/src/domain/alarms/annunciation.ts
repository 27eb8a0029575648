import type { AlarmState, JournalRow } from '@plantroom/contracts';

type Told = Pick<JournalRow, 'action' | 'stateBefore' | 'stateAfter' | 'historical' | 'details'>;

const hidden: readonly AlarmState[] = ['SHLVD', 'DSUPR', 'OOSRV'];

/**
 * Pure: an entry as operators have met it; null: they have not. What was over when it was found changed no state and was told to nobody, nor
 * was a test; what a test has left standing is told then, as if it had been raised.
 */
export function asMet<T extends Told>(entry: T): T | null {
  if (entry.historical || entry.details?.test !== undefined || entry.details?.flood !== undefined) return null;
  if (entry.action !== 'test-ended') return entry;
  return { ...entry, action: 'activated', stateBefore: 'NORM' };
}

/** Pure: told to the operator: raised or brought back, by live data, no test, and hidden by nobody. */
export function isAnnunciation(entry: Told): boolean {
  const met = asMet(entry);
  return (
    met !== null && (met.action === 'activated' || met.action === 'reactivated') && !hidden.includes(met.stateAfter)
  );
}
