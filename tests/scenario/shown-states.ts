import type { AlarmJournalEntry, AlarmState } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import type { ExpectedState } from './file/schema.ts';

/** Pure. The states that the journal says an alarm had at a server time; what it does not name has always been normal. */
export function stateComplaints(
  expected: readonly ExpectedState[],
  { journal, zeroMs }: { journal: readonly AlarmJournalEntry[]; zeroMs: number },
): string[] {
  return expected.flatMap(({ at, alarm, state }) => {
    const atMs = zeroMs + parseDuration(at);
    const last = journal.findLast((entry) => entry.recordedMs <= atMs && withoutSite(entry.alarm) === alarm);
    const seen: AlarmState = last?.stateAfter ?? 'NORM';
    return seen === state ? [] : [`${alarm} was to be ${state} at ${at}; it was ${seen}`];
  });
}

const withoutSite = (alarm: string): string => alarm.slice(alarm.indexOf('/') + 1);
