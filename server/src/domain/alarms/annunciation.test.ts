import { type AlarmState, alarmStates, type JournalRow, journalActions } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { asMet, isAnnunciation } from './annunciation.ts';

type Entry = Parameters<typeof isAnnunciation>[0];
const entry = (over: Partial<Entry>): Entry => ({
  action: 'activated',
  stateBefore: 'NORM',
  stateAfter: 'UNACK',
  historical: false,
  details: null,
  ...over,
});

test('an alarm is annunciated when it is raised, comes back, or is left standing by a test, and by nothing else', () => {
  const told = journalActions.filter((action) => isAnnunciation(entry({ action })));
  expect(told).toEqual(['activated', 'reactivated', 'test-ended'] satisfies JournalRow['action'][]);
});

test('what hides it hides it from the count', () => {
  const hidden = alarmStates.filter((stateAfter) => !isAnnunciation(entry({ stateAfter })));
  expect(hidden).toEqual(['SHLVD', 'DSUPR', 'OOSRV'] satisfies AlarmState[]);
});

test('late data that was over, tests and what is said of floods themselves are met by nobody', () => {
  const figures = { position: 'desk', beganMs: 1, alarms: 11, lifeSafety: 0, critical: 0, rate: 11, peak: 11 };
  const first = { alarm: 'a', equipment: null, atMs: 1 };
  for (const over of [
    { historical: true },
    { details: { test: 'test-1' } },
    { details: { flood: { ...figures, first, systems: [], equipment: [] } } },
  ] satisfies Partial<Entry>[]) {
    expect(asMet(entry(over))).toBeNull();
    expect(isAnnunciation(entry(over))).toBe(false);
  }
});
