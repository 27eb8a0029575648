import type { AlarmJournalEntry } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import type { ExpectedFlood } from './file/schema.ts';
import { clock } from './judge.ts';

interface SeenFlood {
  position: string;
  beganMs: number;
  endedMs: number | null;
  alarms: number;
}

/** Pure. The floods that the journal tells of, by server time: each that was expected came and went in its time, and no other did. */
export function floodComplaints(
  expected: readonly ExpectedFlood[],
  { journal, zeroMs }: { journal: readonly AlarmJournalEntry[]; zeroMs: number },
): string[] {
  const left = floodsIn(journal, zeroMs);
  const complaints: string[] = [];
  for (const { position, after, before, ends, alarms } of expected) {
    const what = `the flood at ${position}`;
    const isIt = (one: SeenFlood): boolean => one.position === position && isWithin(one.beganMs, { after, before });
    const at = left.findIndex(isIt);
    const [found] = at === -1 ? [] : left.splice(at, 1);
    if (found === undefined) {
      const others = left.filter((one) => one.position === position).map(({ beganMs }) => clock(beganMs));
      const instead = others.length === 0 ? 'it did not' : `it did at ${others.join(', ')}`;
      complaints.push(`${what} was to begin between ${after} and ${before}; ${instead}`);
      continue;
    }
    if (found.alarms !== alarms) complaints.push(`${what} was to be ${alarms} alarms; it was ${found.alarms}`);
    const { endedMs } = found;
    if (ends === undefined) {
      if (endedMs !== null) complaints.push(`${what} ended at ${clock(endedMs)}; it was to go on`);
    } else if (endedMs === null || !isWithin(endedMs, ends)) {
      const instead = endedMs === null ? 'it goes on' : `it ended at ${clock(endedMs)}`;
      complaints.push(`${what} was to end between ${ends.after} and ${ends.before}; ${instead}`);
    }
  }
  for (const { position, beganMs } of left)
    complaints.push(`a flood at ${position} began at ${clock(beganMs)}; nobody expected it`);
  return complaints;
}

function floodsIn(journal: readonly AlarmJournalEntry[], zeroMs: number): SeenFlood[] {
  const floods = new Map<string, SeenFlood>();
  for (const { occurrence, action, atMs, details } of journal) {
    const { flood } = details ?? {};
    if (flood === undefined) continue;
    const endedMs = action === 'flood-ended' ? atMs - zeroMs : null;
    const { position, beganMs, alarms } = flood;
    floods.set(occurrence ?? '', { position, beganMs: beganMs - zeroMs, endedMs, alarms });
  }
  return [...floods.values()];
}

function isWithin(atMs: number, { after, before }: { after: string; before: string }): boolean {
  return atMs >= parseDuration(after) && atMs <= parseDuration(before);
}
