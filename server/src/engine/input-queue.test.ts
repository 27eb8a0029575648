import type { Reading } from '@plantroom/contracts';
import { expect, test, vi } from 'vitest';
import { InputQueue } from './input-queue.ts';

const reading = (point: string, wireTimeMs: number): Reading => ({ point, value: 1, quality: 'good', wireTimeMs });

test('over its bound the queue keeps life safety one by one and the rest as points to look at; it says so once', () => {
  const onOverflow = vi.fn();
  const queue = new InputQueue({ maxReadings: 2, isLifeSafety: (point) => point === 'hq/fire/alarm', onOverflow });
  const push = (...readings: Reading[]) => queue.push({ type: 'readings', gateway: 'hq/g', readings });
  push(reading('hq/a/x', 1), reading('hq/a/x', 2));
  push(reading('hq/a/x', 3), reading('hq/fire/alarm', 3));
  push(reading('hq/a/x', 4));
  queue.push({ type: 'watermark', gateway: 'hq/g', atMs: 4 });
  expect(queue.stats()).toEqual({ waiting: 3, waitingReadings: 3, condensed: 2 });
  expect(onOverflow).toHaveBeenCalledTimes(1);
  expect([queue.shift(), queue.shift(), queue.shift(), queue.shift(), queue.shift()]).toMatchObject([
    { type: 'readings', readings: [{ wireTimeMs: 1 }, { wireTimeMs: 2 }] },
    { type: 'readings', readings: [{ point: 'hq/fire/alarm' }] },
    { type: 'watermark' },
    { type: 'refresh', points: ['hq/a/x'] },
    undefined,
  ]);
  expect(queue.empty).toBe(true);
});
