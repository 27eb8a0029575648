import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import type { PollTask } from './poll-queue.ts';
import { LineScheduler, type PollHow, type PollOutcome } from './scheduler.ts';

interface Line {
  clock: VirtualClock;
  scheduler: LineScheduler<PollTask>;
  polled: { key: string; atMs: number; how: PollHow }[];
  units: string[];
  /** Moves the time in steps of one millisecond, letting promises settle between them. */
  run(ms: number): Promise<void>;
  countOf(unit: string): number;
}

/** A line on which a poll of a unit takes `tookMs(unit)` and ends as `outcome(unit)`; a silent one takes as long as it is waited for. */
function line(
  tasks: PollTask[],
  { tookMs, outcome }: { tookMs: (unit: string) => number; outcome?: (unit: string, atMs: number) => PollOutcome },
): Line {
  const clock = new VirtualClock();
  const polled: Line['polled'] = [];
  const units: string[] = [];
  let busy = false;
  const scheduler = new LineScheduler({
    tasks,
    clock,
    logger: silentLogger,
    onUnit: (unit, state) => units.push(`${unit} ${state}`),
    poll: (task, how) => {
      expect(busy).toBe(false);
      busy = true;
      polled.push({ key: task.key, atMs: clock.monotonicMs(), how });
      return new Promise((resolve) => {
        const ends = outcome?.(task.unit, clock.monotonicMs()) ?? 'answered';
        clock.after(ends === 'silent' ? (how.probeMs ?? task.timeoutMs) : tookMs(task.unit), () => {
          busy = false;
          resolve({ outcome: ends });
        });
      });
    },
  });
  return {
    clock,
    scheduler,
    polled,
    units,
    async run(ms) {
      for (let i = 0; i < ms; i++) {
        clock.advance(1);
        for (let turn = 0; turn < 4; turn++) await Promise.resolve();
      }
    },
    countOf: (unit) => polled.filter((p) => p.key.startsWith(`${unit}/`)).length,
  };
}

const task = (unit: string, periodMs = 1000, slowestMs: number | undefined = undefined): PollTask => ({
  key: `${unit}/normal`,
  unit,
  periodMs,
  timeoutMs: 1000,
  slowestMs,
});

describe('line scheduler', () => {
  test('polls each task once a period, never two at a time', async () => {
    const it = line([task('a'), task('b'), task('c', 2000)], { tookMs: () => 20 });
    it.scheduler.start();
    await it.run(10_000);
    expect([it.countOf('a'), it.countOf('b')]).toEqual([10, 10]);
    expect(it.countOf('c')).toBeGreaterThanOrEqual(5);
    expect(it.countOf('c')).toBeLessThanOrEqual(6);
    expect(it.scheduler.stats().overruns).toBe(0);
  });

  test('polls everything within the first second, however long its period', async () => {
    const it = line([task('a', 60_000), task('b', 3_600_000)], { tookMs: () => 20 });
    it.scheduler.start();
    await it.run(1100);
    expect([it.countOf('a'), it.countOf('b')]).toEqual([1, 1]);
  });

  test('places tasks apart within the period', async () => {
    const it = line(
      Array.from({ length: 20 }, (_, i) => task(`u${i}`)),
      { tookMs: () => 1 },
    );
    it.scheduler.start();
    await it.run(1000);
    expect(new Set(it.polled.map((p) => p.atMs)).size).toBeGreaterThan(15);
  });

  test('on a line that is too slow every poll keeps the same share of its rate, and what was not kept is counted', async () => {
    const it = line([task('a', 100), task('b', 100), task('c', 1000)], { tookMs: () => 100 });
    it.scheduler.start();
    await it.run(10_000);
    const shares = [it.countOf('a') / 100, it.countOf('b') / 100, it.countOf('c') / 10];
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.45);
    expect(Math.max(...shares)).toBeLessThanOrEqual(0.55);
    expect(it.scheduler.stats().overruns).toBeGreaterThan(90);
  });

  describe.each([
    ['a line with no idle time', 19.9],
    ['a line with idle time', 15],
  ])('fifty units on %s', (_, tookMs) => {
    const took = Math.round(tookMs * 10) / 10;
    const healthy = (dead: Set<string>, runMs: number) => async () => {
      const tasks = Array.from({ length: 50 }, (_, i) => task(`u${i}`, 1000, took));
      const it = line(tasks, {
        tookMs: () => took,
        outcome: (unit) => (dead.has(unit) ? 'silent' : 'answered'),
      });
      it.scheduler.start();
      await it.run(runMs);
      const others = tasks.filter((t) => !dead.has(t.unit)).map((t) => it.countOf(t.unit));
      return { it, least: Math.min(...others) / (runMs / 1000) };
    };

    test('one that is dead costs the others less than five percent of their rate', async () => {
      const { it, least } = await healthy(new Set(['u7']), 120_000)();
      expect(it.scheduler.stats().openUnits).toEqual(['u7']);
      expect(least).toBeGreaterThanOrEqual(0.95);
      expect(it.units).toEqual(['u7 silent']);
    });

    test('two that are dead cost the others less than ten percent', async () => {
      const { it, least } = await healthy(new Set(['u7', 'u31']), 120_000)();
      expect(it.scheduler.stats().openUnits.sort()).toEqual(['u31', 'u7']);
      expect(least).toBeGreaterThanOrEqual(0.9);
    });

    test.each([1, 2])(
      'with %i dead, each is back within two periods of its recovery, whenever that is',
      async (count) => {
        const dead = new Set(['u7', 'u31'].slice(0, count));
        const tasks = Array.from({ length: 50 }, (_, i) => task(`u${i}`, 1000, took));
        const it = line(tasks, {
          tookMs: () => took,
          outcome: (unit) => (dead.has(unit) ? 'silent' : 'answered'),
        });
        it.scheduler.start();
        for (const afterMs of [8000, 8333, 8777, 9111]) {
          dead.add('u7');
          await it.run(afterMs);
          expect(it.scheduler.isSilent('u7')).toBe(true);
          dead.delete('u7');
          await it.run(2000);
          expect(it.scheduler.isSilent('u7')).toBe(false);
        }
      },
    );
  });

  test('a unit that comes back is polled as before, all of its polls at once', async () => {
    let dead = true;
    const slow = { ...task('a', 60_000, 10), key: 'a/slow' };
    const it = line([task('a', 1000, 10), slow], { tookMs: () => 10, outcome: () => (dead ? 'silent' : 'answered') });
    it.scheduler.start();
    await it.run(6000);
    expect(it.units).toEqual(['a silent']);
    dead = false;
    const slowBefore = it.polled.filter((p) => p.key === 'a/slow').length;
    await it.run(2000);
    expect(it.units).toEqual(['a silent', 'a answers']);
    expect(it.polled.filter((p) => p.key === 'a/slow').length).toBe(slowBefore + 1);
    const before = it.polled.filter((p) => p.key === 'a/normal').length;
    await it.run(10_000);
    expect(it.polled.filter((p) => p.key === 'a/normal').length - before).toBe(10);
  });

  test('after the first silence a unit whose answers are known is waited for only as long as they need', async () => {
    const it = line([task('a', 1000, 20), task('b')], {
      tookMs: () => 10,
      outcome: (unit) => (unit === 'a' ? 'silent' : 'answered'),
    });
    it.scheduler.start();
    await it.run(8000);
    const waits = it.polled.filter((p) => p.key === 'a/normal').map((p) => p.how.probeMs);
    expect(waits[0]).toBeUndefined();
    expect(waits.length).toBeGreaterThan(5);
    expect(Math.max(...waits.slice(1).map(Number))).toBeLessThanOrEqual(250);
  });

  test('a unit that has become slower than ever is still found, by a probe of full length now and then', async () => {
    const tasks = Array.from({ length: 50 }, (_, i) => task(`u${i}`, 1000, 19));
    const it = line(tasks, { tookMs: () => 19, outcome: (unit) => (unit === 'u7' ? 'silent' : 'answered') });
    it.scheduler.start();
    await it.run(200_000);
    expect(it.polled.filter((p) => p.key === 'u7/normal' && p.how.probeMs === 1000).length).toBeGreaterThanOrEqual(1);
  });

  test('where all were silent, the first that answers has all the others asked at once', async () => {
    let dead = true;
    const tasks = Array.from({ length: 10 }, (_, i) => task(`u${i}`, 1000));
    const it = line(tasks, { tookMs: () => 10, outcome: () => (dead ? 'silent' : 'answered') });
    it.scheduler.start();
    await it.run(200_000);
    expect(it.scheduler.stats().openUnits.length).toBe(10);
    dead = false;
    await it.run(60_000);
    const firstMs = it.polled.findLast((p) => p.how.probeMs !== undefined)?.atMs ?? 0;
    expect(it.scheduler.stats().openUnits).toEqual([]);
    const probes = it.polled.filter((p) => p.atMs > 200_000 && p.how.probeMs !== undefined).map((p) => p.atMs);
    expect(firstMs - (probes[0] ?? 0)).toBeLessThan(2000);
  });

  test('a busy device is asked again after its delay, and others meanwhile', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const scheduler = new LineScheduler({
      tasks: [task('a'), task('b', 100)],
      clock,
      logger: silentLogger,
      poll: ({ unit }, { again }) => {
        if (unit === 'a' || seen.at(-1)?.startsWith('a') === true) seen.push(`${unit}${again ? ' again' : ''}`);
        return Promise.resolve(
          unit === 'a' && !again ? { outcome: 'answered', againMs: 250 } : { outcome: 'answered' },
        );
      },
    });
    scheduler.start();
    for (let i = 0; i < 3000; i++) {
      clock.advance(1);
      for (let turn = 0; turn < 4; turn++) await Promise.resolve();
    }
    await scheduler.stop();
    expect(seen.slice(0, 4)).toEqual(['a', 'b', 'a again', 'b']);
  });

  test('an answer to something else brings a silent unit back', async () => {
    const it = line([task('a', 60_000, 10)], {
      tookMs: () => 10,
      outcome: (_, atMs) => (atMs < 185_000 ? 'silent' : 'answered'),
    });
    it.scheduler.start();
    await it.run(184_000);
    expect(it.scheduler.isSilent('a')).toBe(true);
    await it.run(1500);
    const before = it.polled.length;
    it.scheduler.heard('a');
    await it.run(20);
    expect([it.scheduler.isSilent('a'), it.polled.length - before]).toEqual([false, 1]);
  });

  test('a missing connection says nothing about the unit', async () => {
    const it = line([task('a')], { tookMs: () => 1, outcome: () => 'unsent' });
    it.scheduler.start();
    await it.run(10_000);
    expect(it.countOf('a')).toBe(10);
  });

  test('what could not be asked for want of a connection is asked as soon as there is one, and once', async () => {
    let connected = false;
    const it = line([task('a', 60_000), task('b', 60_000)], {
      tookMs: () => 1,
      outcome: () => (connected ? 'answered' : 'unsent'),
    });
    it.scheduler.start();
    await it.run(2000);
    expect([it.countOf('a'), it.countOf('b')]).toEqual([1, 1]);
    connected = true;
    it.scheduler.lineOpened();
    await it.run(10);
    expect([it.countOf('a'), it.countOf('b')]).toEqual([2, 2]);
    it.scheduler.lineOpened();
    await it.run(10);
    expect([it.countOf('a'), it.countOf('b')]).toEqual([2, 2]);
  });

  test('a silent unit is probed as soon as there is a new connection', async () => {
    let dead = true;
    const it = line([task('a', 60_000, 10)], { tookMs: () => 1, outcome: () => (dead ? 'silent' : 'answered') });
    it.scheduler.start();
    await it.run(200_000);
    expect(it.scheduler.isSilent('a')).toBe(true);
    dead = false;
    it.scheduler.lineOpened();
    await it.run(1010);
    expect(it.scheduler.isSilent('a')).toBe(false);
  });

  test('stops after the poll that runs', async () => {
    const it = line([task('a', 100)], { tookMs: () => 50 });
    it.scheduler.start();
    await it.run(1000);
    const stopped = it.scheduler.stop();
    await it.run(1000);
    await stopped;
    const before = it.polled.length;
    await it.run(1000);
    expect(it.polled.length).toBe(before);
  });
});
