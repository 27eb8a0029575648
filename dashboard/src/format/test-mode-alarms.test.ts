import type { JournalRow } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { testedAlarms } from './test-mode-alarms.ts';

let seq = 0;
const row = (alarm: string, action: JournalRow['action'], atMs: number, details: object = { test: 'test-1' }) =>
  ({
    seq: ++seq,
    alarm,
    equipment: 'hq/z',
    name: { zh: '火警', en: 'Fire' },
    priority: 'critical',
    lifeSafety: true,
    action,
    atMs,
    details,
  }) as JournalRow;

test('each alarm once, by its first raise, with how often it came and whether it was real in the end', () => {
  const rows = [
    row('hq/z#test-mode', 'test-started', 1),
    row('hq/z/b#b', 'activated', 20),
    row('hq/z/a#a', 'activated', 10),
    row('hq/z/a#a', 'returned', 15),
    row('hq/z/a#a', 'reactivated', 30),
    row('hq/z/a#a', 'test-ended', 40, { cause: 'test-1' }),
    row('hq/z/b#b', 'test-ended', 40),
    row('hq/z#test-mode', 'test-ended', 40),
  ];
  // The server tells the newest first.
  expect(
    testedAlarms(rows.reverse()).map(({ alarm, raises, firstMs, isReal }) => [alarm, raises, firstMs, isReal]),
  ).toEqual([
    ['hq/z/a#a', 2, 10, true],
    ['hq/z/b#b', 1, 20, false],
  ]);
  expect(testedAlarms([])).toEqual([]);
});
