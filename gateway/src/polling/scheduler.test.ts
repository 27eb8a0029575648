import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { LineScheduler, type PollOutcome, type PollTask } from './scheduler.ts';

interface Line {
  clock: VirtualClock;
  scheduler: LineScheduler<PollTask>;
  polled: { key: string; atMs: number }[];
  /** Moves the time in steps of one millisecond, letting promises settle between them. */
  run(ms: number): Promise<void>;
  countOf(unit: string): number;
}

/** A line on which a poll of a unit takes `tookMs(unit)` and ends as `outcome(unit)`. */
function line(
  tasks: PollTask[],
  { tookMs, outcome }: { tookMs: (unit: string) => number; outcome?: (unit: string, atMs: number) => PollOutcome },
): Line {
  const clock = new VirtualClock();
  const polled: Line['polled'] = [];
  let busy = false;
  const scheduler = new LineScheduler({
    tasks,
    clock,
    logger: silentLogger,
    poll: (task) => {
      expect(busy).toBe(false);
      busy = true;
      polled.push({ key: task.key, atMs: clock.monotonicMs() });
      return new Promise((resolve) => {
        clock.after(tookMs(task.unit), () => {
          busy = false;
          resolve(outcome?.(task.unit, clock.monotonicMs()) ?? 'answered');
        });
      });
    },
  });
  return {
    clock,
    scheduler,
    polled,
    async run(ms) {
      for (let i = 0; i < ms; i++) {
        clock.advance(1);
        for (let turn = 0; turn < 4; turn++) await Promise.resolve();
      }
    },
    countOf: (unit) => polled.filter((p) => p.key.startsWith(`${unit}/`)).length,
  };
}

const task = (unit: string, periodMs = 1000): PollTask => ({ key: `${unit}/normal`, unit, periodMs });

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

  test('a line that is too slow is shared fairly and counts what it could not keep', async () => {
    const it = line([task('a', 100), task('b', 100), task('c', 1000)], { tookMs: () => 100 });
    it.scheduler.start();
    await it.run(10_000);
    expect(it.countOf('c')).toBeGreaterThanOrEqual(9);
    expect(Math.abs(it.countOf('a') - it.countOf('b'))).toBeLessThanOrEqual(2);
    expect(it.scheduler.stats().overruns).toBeGreaterThan(90);
  });

  test('one dead unit of fifty costs the others less than a twentieth of their polls', async () => {
    const tasks = Array.from({ length: 50 }, (_, i) => task(`u${i}`));
    const it = line(tasks, {
      tookMs: (unit) => (unit === 'u7' ? 1000 : 15),
      outcome: (unit) => (unit === 'u7' ? 'silent' : 'answered'),
    });
    it.scheduler.start();
    await it.run(120_000);
    const others = tasks.filter((t) => t.unit !== 'u7').map((t) => it.countOf(t.unit));
    expect(Math.min(...others) / 120).toBeGreaterThanOrEqual(0.95);
    expect(it.scheduler.stats().openUnits).toEqual(['u7']);
    expect(it.scheduler.stats().skipped).toBeGreaterThan(80);
  });

  test('a unit that comes back is found by the probe and polled as before', async () => {
    let dead = true;
    const it = line([task('a')], { tookMs: () => 10, outcome: () => (dead ? 'silent' : 'answered') });
    it.scheduler.start();
    await it.run(5000);
    expect(it.countOf('a')).toBe(3);
    dead = false;
    await it.run(10_000);
    expect(it.scheduler.stats().openUnits).toEqual([]);
    const before = it.countOf('a');
    await it.run(10_000);
    expect(it.countOf('a') - before).toBe(10);
  });

  test('a missing connection says nothing about the unit', async () => {
    const it = line([task('a')], { tookMs: () => 1, outcome: () => 'unsent' });
    it.scheduler.start();
    await it.run(10_000);
    expect(it.countOf('a')).toBe(10);
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
