import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { RejectionLog } from './rejection-log.ts';

test('a reason is told at once and then every ten minutes with all that has come together; another reason is told at once', () => {
  const clock = new VirtualClock();
  const told: object[] = [];
  const log = new RejectionLog(clock, { ...silentLogger, error: (about: object) => told.push(about) });
  const conflict = (count: number) => ({
    why: `field type conflict dropped=${count}`,
    count,
    lines: ['a', 'b', 'c', 'd'],
  });
  for (let second = 0; second < 700; second++) {
    log.tell(conflict(4 + (second % 2)));
    if (second === 5) log.tell({ why: 'points beyond retention policy dropped=1', count: 1, lines: [] });
    clock.advance(1000);
  }
  expect(told).toEqual([
    { why: 'field type conflict dropped=4', count: 4, lines: ['a', 'b', 'c'] },
    { why: 'points beyond retention policy dropped=1', count: 1, lines: [] },
    { why: 'field type conflict dropped=4', count: 300 * 5 + 299 * 4 + 4, lines: ['a', 'b', 'c'] },
  ]);
});
