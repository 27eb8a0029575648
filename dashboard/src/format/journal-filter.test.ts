import { describe, expect, test } from 'vitest';
import { journalFilterFrom, journalSearch, togglePriority } from './journal-filter.ts';
import { zonedInput, zonedInputMs } from './zoned-input.ts';

const from = (text: string) => journalFilterFrom(new URLSearchParams(text));

describe('the filter of the journal in the address', () => {
  test('comes back as the server takes it', () => {
    const filter = from(
      'q=+%E5%8A%A0%E5%8E%8B+low&system=water&priority=low&priority=critical&action=reset&lifeSafety=1&historical=without&clock=happened&from=5&to=7&of=hq/p/x%23low',
    );
    expect(filter).toEqual({
      q: '加压 low',
      system: 'water',
      priority: ['critical', 'low'],
      action: 'reset',
      lifeSafety: true,
      historical: false,
      clock: 'happened',
      from: 5,
      to: 7,
      alarm: 'hq/p/x#low',
    });
    expect(journalSearch(filter).getAll('priority')).toEqual(['critical', 'low']);
    expect(journalSearch(filter).get('historical')).toBe('false');
  });

  test('what nobody knows is left out', () => {
    expect(
      from('system=moon&priority=huge&action=exploded&clock=mine&from=soon&to=-1&q=++&historical=with&lifeSafety=0'),
    ).toEqual({});
  });

  test('a priority is chosen and given up again', () => {
    expect(togglePriority(['low'], 'critical')).toEqual(['critical', 'low']);
    expect(togglePriority(['critical', 'low'], 'critical')).toEqual(['low']);
  });
});

test('a field for date and time shows the clock of the site', () => {
  const ms = Date.UTC(2026, 10, 23, 6, 5);
  expect(zonedInput(ms, 'Asia/Shanghai')).toBe('2026-11-23T14:05');
  expect(zonedInputMs('2026-11-23T14:05', 'Asia/Shanghai')).toBe(ms);
  expect(zonedInputMs('', 'Asia/Shanghai')).toBeNull();
});
