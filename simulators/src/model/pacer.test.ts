import { type Clock, VirtualClock } from '@plantroom/contracts';
import { describe, expect, it } from 'vitest';
import { FaultBoard } from '../faults/fault-board.ts';
import { newBuilding } from './building.ts';
import { BuildingRunner } from './building-runner.ts';
import { demoBuilding } from './building-spec.ts';
import { BuildingTime } from './building-time.ts';
import { Pacer } from './pacer.ts';

/** A Tuesday, 08:00 in Shanghai. */
const startMs = Date.UTC(2026, 2, 3, 0);
const spec = demoBuilding([]);

function paced(clock: Clock, offsetMs = 0) {
  const time = new BuildingTime(clock, offsetMs);
  const building = newBuilding(spec, 7, time.nowMs());
  const runner = new BuildingRunner({ spec, building, faults: new FaultBoard(new Map()), clock: time });
  return { time, runner, pacer: new Pacer({ runner, time, clock }) };
}

describe('a building whose time is accelerated', () => {
  it.each([10, 60, 600])('goes %i times as far in a second, in steps as long as ever', (rate) => {
    const clock = new VirtualClock(startMs);
    const { runner, pacer } = paced(clock);
    pacer.setRate(rate);
    pacer.start();
    clock.advance(2000);
    expect(runner.building.timeMs - startMs).toBeGreaterThanOrEqual(2000 * rate - 200 - 20 * rate);
    expect(runner.building.timeMs - startMs).toBeLessThanOrEqual(2000 * rate);
    expect(runner.revision).toBe((runner.building.timeMs - startMs) / 200);
    pacer.stop();
  });

  it('runs the same course as one in real time', () => {
    const slow = new VirtualClock(startMs);
    const real = paced(slow);
    real.pacer.start();
    slow.advance(60_000);
    const quick = new VirtualClock(startMs);
    const accelerated = paced(quick);
    accelerated.pacer.setRate(60);
    accelerated.pacer.start();
    while (accelerated.runner.building.timeMs < startMs + 60_000) quick.advance(20);
    expect(accelerated.runner.building.timeMs).toBeLessThan(startMs + 62_000);
    const most = accelerated.runner.revision - real.runner.revision;
    expect(most).toBeLessThan(10);
    slow.advance(most * 200);
    expect(real.runner.building).toEqual(accelerated.runner.building);
  });

  it('stands still at rate 0, and goes on with the clock from where it stood', () => {
    const clock = new VirtualClock(startMs);
    const { time, runner, pacer } = paced(clock);
    pacer.start();
    clock.advance(1000);
    pacer.setRate(0);
    const { timeMs } = runner.building;
    clock.advance(60_000);
    expect([runner.building.timeMs, time.nowMs()]).toEqual([timeMs, startMs + 1000]);
    pacer.setRate(1);
    clock.advance(1000);
    expect(runner.building.timeMs).toBe(timeMs + 1000);
    expect(time.offsetMs).toBe(-60_000);
  });

  it('has a calendar of its own, which a later start goes on with', () => {
    const { time } = paced(new VirtualClock(startMs), 86_400_000);
    expect(time.nowMs()).toBe(startMs + 86_400_000);
  });

  it('says when the processor cannot keep up, and lets go of what is behind', () => {
    const base = new VirtualClock(startMs);
    let usedMs = 0;
    /** Each look at the clock in a turn costs a millisecond: a step takes as long. */
    const clock: Clock = {
      nowMs: () => base.nowMs(),
      monotonicMs: () => base.monotonicMs() + usedMs++,
      after: (delayMs, call) => base.after(delayMs, call),
    };
    const { pacer } = paced(clock);
    pacer.setRate(3600);
    pacer.start();
    base.advance(10_000);
    const { rate, achieved, behind } = pacer.pace();
    expect([rate, behind]).toEqual([3600, true]);
    expect(achieved).toBeGreaterThan(1);
    expect(achieved).toBeLessThan(1000);
  });

  it.each([-1, 3601, Number.NaN])('refuses a rate of %d', (rate) => {
    const { pacer } = paced(new VirtualClock(startMs));
    expect(() => pacer.setRate(rate)).toThrow(/RATE_INVALID|allowed: 0 \(pause\) to 3600/);
  });
});
