import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planProbe, probeShare, type SilentUnit, savedAfter } from './probe-budget.ts';

const unit = (some: Partial<SilentUnit> = {}): SilentUnit => ({
  periodMs: 1000,
  timeoutMs: 1000,
  slowestMs: 20,
  heldMs: 0,
  ...some,
});

describe('probe budget', () => {
  test('on a line without idle time one silent unit of fifty is probed about once a period', () => {
    const plan = planProbe(unit(), probeShare(0.98, 1));
    expect(plan.timeoutMs).toBe(50);
    expect(plan.intervalMs).toBeLessThanOrEqual(1300);
  });

  test('so are two of fifty', () => {
    const plan = planProbe(unit(), probeShare(0.96, 2) / 2);
    expect(plan.timeoutMs).toBe(50);
    expect(plan.intervalMs).toBeLessThanOrEqual(1300);
  });

  test('an idle line waits longer for an answer, though never longer than is comfortable for the others', () => {
    expect(planProbe(unit(), probeShare(0.1, 1))).toEqual({ timeoutMs: 250, intervalMs: 1000 });
  });

  test('a unit of a line on which nothing has ever answered gets the whole of its time-out', () => {
    expect(planProbe(unit({ slowestMs: undefined }), probeShare(0, 1)).timeoutMs).toBe(1000);
  });

  test('a gateway that waits by itself is paid for with rarer probes, and waited for', () => {
    const plan = planProbe(unit({ heldMs: 2000 }), probeShare(0.9, 1));
    expect(plan.timeoutMs).toBe(1000);
    expect(plan.intervalMs).toBeGreaterThan(15_000);
  });

  test('what probes cost stays within the share, and no probe is longer than the time-out of the unit', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 10, max: 60_000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.option(fc.integer({ min: 0, max: 5000 }), { nil: undefined }),
        (load, silent, periodMs, timeoutMs, slowestMs) => {
          const own = probeShare(load, silent) / silent;
          const plan = planProbe({ periodMs, timeoutMs, slowestMs, heldMs: 0 }, own);
          const saved = savedAfter(0, { elapsedMs: plan.intervalMs, ownShare: own });
          const isFull = plan.timeoutMs >= timeoutMs;
          expect(plan.timeoutMs).toBeLessThanOrEqual(timeoutMs);
          expect(plan.timeoutMs + (isFull ? 0 : saved)).toBeLessThanOrEqual(plan.intervalMs * own * 1.000001);
          expect(plan.intervalMs).toBeGreaterThanOrEqual(periodMs);
        },
      ),
    );
  });
});
