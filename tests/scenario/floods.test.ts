import type { AlarmJournalEntry } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import type { ExpectedFlood } from './file/schema.ts';
import { floodComplaints } from './floods.ts';

const zeroMs = 5_000_000;
const entry = (action: 'flood-began' | 'flood-ended', s: number, alarms: number): AlarmJournalEntry => ({
  seq: s + 1,
  alarm: 'demo/positions#flood/desk',
  occurrence: 'demo/desk/1',
  action,
  stateBefore: 'NORM',
  stateAfter: 'NORM',
  priority: 'high',
  atMs: zeroMs + s * 1000,
  recordedMs: zeroMs + s * 1000,
  historical: false,
  user: null,
  comment: null,
  details: {
    flood: {
      position: 'desk',
      beganMs: zeroMs + 60_000,
      alarms,
      lifeSafety: 0,
      critical: 0,
      rate: 11,
      peak: 11,
      first: { alarm: 'demo/p/x#h', equipment: 'demo/p', atMs: zeroMs },
      systems: [],
      equipment: [],
    },
  },
  value: null,
});
const journal = [entry('flood-began', 60, 11), entry('flood-ended', 700, 14)];
const sound: ExpectedFlood = {
  position: 'desk',
  after: '50s',
  before: '70s',
  alarms: 14,
  ends: { after: '690s', before: '710s' },
};
const complaints = (over: Partial<ExpectedFlood>, lines = journal) =>
  floodComplaints([{ ...sound, ...over }], { journal: lines, zeroMs });

test('a flood that begins, ends and counts as expected is no complaint', () => {
  expect(complaints({})).toEqual([]);
});

test('one that is early, late, of another count or another position is', () => {
  expect(complaints({ after: '61s' })).toHaveLength(2);
  expect(complaints({ before: '59s' })).toHaveLength(2);
  expect(complaints({ position: 'plant' })).toHaveLength(2);
  expect(complaints({ alarms: 13 })).toEqual(['the flood at desk was to be 13 alarms; it was 14']);
  expect(complaints({ ends: { after: '690s', before: '699s' } })).toEqual([
    expect.stringContaining('was to end between 690s and 699s; it ended at 0 h 11 min 40.0 s'),
  ]);
});

test('one that should go on and ends, or should end and goes on, is', () => {
  const { ends: _, ...open } = sound;
  expect(floodComplaints([open], { journal, zeroMs })).toEqual([expect.stringContaining('it was to go on')]);
  expect(complaints({ alarms: 11 }, journal.slice(0, 1))).toEqual([expect.stringContaining('it goes on')]);
});

test('one that nobody expected is', () => {
  expect(floodComplaints([], { journal, zeroMs })).toEqual([expect.stringContaining('nobody expected it')]);
});
