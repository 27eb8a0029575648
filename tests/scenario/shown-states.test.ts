import type { AlarmJournalEntry, AlarmState } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { stateComplaints } from './shown-states.ts';

const zeroMs = 5_000_000;
const entry = (alarm: string, s: number, stateAfter: AlarmState): AlarmJournalEntry => ({
  seq: s + 1,
  alarm: `demo/${alarm}`,
  occurrence: null,
  action: 'activated',
  stateBefore: 'NORM',
  stateAfter,
  priority: 'high',
  atMs: zeroMs,
  recordedMs: zeroMs + s * 1000,
  historical: false,
  user: null,
  comment: null,
  details: null,
  value: null,
});
const journal = [entry('p/x#h', 10, 'UNACK'), entry('p/y#h', 15, 'ACKED'), entry('p/x#h', 20, 'SHLVD')];

test('a state is that of the last entry of the alarm until then, by server time', () => {
  const states = [
    { at: '9s', alarm: 'p/x#h', state: 'NORM' },
    { at: '10s', alarm: 'p/x#h', state: 'UNACK' },
    { at: '19s', alarm: 'p/x#h', state: 'UNACK' },
    { at: '20s', alarm: 'p/x#h', state: 'SHLVD' },
    { at: '1h', alarm: 'p/z#h', state: 'NORM' },
  ] as const;
  expect(stateComplaints(states, { journal, zeroMs })).toEqual([]);
});

test('another state is told with what it was to be and what it was', () => {
  expect(stateComplaints([{ at: '25s', alarm: 'p/x#h', state: 'ACKED' }], { journal, zeroMs })).toEqual([
    'p/x#h was to be ACKED at 25s; it was SHLVD',
  ]);
});
