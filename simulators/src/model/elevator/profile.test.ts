import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machines } from './machine.ts';
import { brakingM, courseAt, runS } from './profile.ts';

const kinds = fc.constantFrom(machines.passenger, machines.goods);

describe('a run from rest to rest', () => {
  it('never goes back, ends where it should, and keeps speed, acceleration and jerk within the limits', () => {
    fc.assert(
      fc.property(kinds, fc.double({ min: 0.01, max: 50, noNaN: true }), (machine, distanceM) => {
        const { ratedSpeedMs: ratedMs, accelerationMs2, jerkMs3 } = machine;
        const run = { ratedMs, limits: machine };
        const totalS = runS(distanceM, ratedMs, machine);
        const dt = totalS / 400;
        let before = courseAt(distanceM, 0, run);
        for (let i = 1; i <= 400; i++) {
          const now = courseAt(distanceM, i * dt, run);
          expect(now.wayM).toBeGreaterThanOrEqual(before.wayM - 1e-9);
          expect(now.speedMs).toBeLessThanOrEqual(ratedMs + 1e-9);
          expect(Math.abs(now.accelerationMs2)).toBeLessThanOrEqual(accelerationMs2 + 1e-9);
          expect(Math.abs(now.accelerationMs2 - before.accelerationMs2)).toBeLessThanOrEqual(jerkMs3 * dt + 1e-6);
          // Way is the integral of speed: off by no more than the trapezoid's own error.
          const mean = (now.speedMs + before.speedMs) / 2;
          expect(Math.abs(now.wayM - before.wayM - mean * dt)).toBeLessThanOrEqual(jerkMs3 * dt ** 3 + 1e-9);
          before = now;
        }
        expect(before.wayM).toBeCloseTo(distanceM, 6);
        expect(before.speedMs).toBeCloseTo(0, 6);
      }),
      { numRuns: 60 },
    );
  });

  it('takes one storey without reaching the rated speed, and reaches it on two', () => {
    const { passenger } = machines;
    const run = { ratedMs: passenger.ratedSpeedMs, limits: passenger };
    const peak = (distanceM: number): number =>
      courseAt(distanceM, runS(distanceM, run.ratedMs, passenger) / 2, run).speedMs;
    expect(peak(3.6)).toBeLessThan(1.75);
    expect(peak(7.2)).toBeCloseTo(1.75, 9);
    // v/2 · (v/a + a/j) = 0.875 · (2.1875 + 0.8)
    expect(brakingM(1.75, passenger)).toBeCloseTo(2.614, 3);
  });
});
