import type { AlarmJournalEntry } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { activations } from './seen.ts';

const entry = (action: AlarmJournalEntry['action'], atMs: number, of: Partial<AlarmJournalEntry> = {}) =>
  ({ action, alarm: 'demo/p/x#h', atMs: 1000 + atMs, historical: false, ...of }) as AlarmJournalEntry;
const place = { zeroMs: 1000, site: 'demo' };

test('each activation is one, with the first return behind it; what came back within its occurrence is marked', () => {
  const journal = [entry('activated', 5), entry('acknowledged', 6), entry('returned', 7), entry('reactivated', 8)];
  expect(activations(journal, place)).toEqual([
    { alarm: 'p/x#h', atMs: 5, returnedMs: 7, historical: false },
    { alarm: 'p/x#h', atMs: 8, returnedMs: null, historical: false, again: true },
  ]);
});

test('what is told afterwards does not end what stands now, and stands where it happened', () => {
  const journal = [
    entry('activated', 50),
    entry('activated', 10, { historical: true }),
    entry('returned', 20, { historical: true }),
  ];
  expect(activations(journal, place)).toEqual([
    { alarm: 'p/x#h', atMs: 10, returnedMs: 20, historical: true },
    { alarm: 'p/x#h', atMs: 50, returnedMs: null, historical: false },
  ]);
});

test('a latched alarm has returned when its condition has', () => {
  const journal = [entry('activated', 5), entry('latched', 9), entry('reset', 12)];
  expect(activations(journal, place)[0]?.returnedMs).toBe(9);
});

test('what suppressed an alarm when it came, and when it was shown after all', () => {
  const journal = [
    entry('suppressed', 4, { stateAfter: 'DSUPR', details: { cause: 'demo/q/y#z' } }),
    entry('activated', 5, { stateAfter: 'DSUPR' }),
    entry('unsuppressed', 90, { stateAfter: 'UNACK', details: { cause: 'demo/q/y#z' } }),
  ];
  expect(activations(journal, place)).toEqual([
    { alarm: 'p/x#h', atMs: 5, returnedMs: null, historical: false, suppressedBy: 'q/y#z', shownMs: 90 },
  ]);
});

test('what was raised in a test mode is a test; what that leaves standing comes again as real', () => {
  const journal = [
    entry('activated', 10, { details: { test: 'test-1' } }),
    entry('test-ended', 10, { details: { cause: 'test-1' }, stateAfter: 'UNACK' }),
    entry('returned', 90, {}),
  ];
  expect(activations(journal, place)).toEqual([
    { alarm: 'p/x#h', atMs: 10, returnedMs: null, historical: false, test: true },
    { alarm: 'p/x#h', atMs: 10, returnedMs: 90, historical: false },
  ]);
});

test('what late data corrects counts from when it happened, and until then', () => {
  const raised = [entry('activated', 50), entry('corrected', 20), entry('returned', 90)];
  expect(activations(raised, place)).toEqual([{ alarm: 'p/x#h', atMs: 20, returnedMs: 90, historical: false }]);
  const returned = [entry('activated', 50), entry('returned', 90), entry('corrected', 80)];
  expect(activations(returned, place)).toEqual([{ alarm: 'p/x#h', atMs: 50, returnedMs: 80, historical: false }]);
});
