import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WireTimes } from './wire-times.ts';

/** Of a node that reports what it has sent. */
function vouchedFor(): WireTimes {
  const times = new WireTimes();
  times.isVouchedFor = true;
  return times;
}

/** Times that a stream lets through, of those that arrive. */
const passed = (times: WireTimes, arriving: readonly number[]): number[] =>
  arriving.filter((timeMs) => times.arrive(timeMs) !== 'duplicate');

describe('the wire times seen of a point', () => {
  test('any times in any order are let through once each', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 400 }), (arriving) => {
        const unique = [...new Set(arriving)];
        expect(passed(vouchedFor(), arriving)).toEqual(unique);
        const torn = vouchedFor();
        expect(
          arriving.filter((timeMs, i) => {
            if (i % 7 === 0) torn.tear();
            return torn.arrive(timeMs) !== 'duplicate';
          }),
        ).toEqual(unique);
      }),
    );
  });

  test('what was vouched for is an interval: anything of it that comes again is a duplicate, whatever its length', () => {
    const times = vouchedFor();
    for (let second = 0; second < 100_000; second++) {
      times.arrive(second * 1000);
      times.seal();
    }
    expect([0, 1, 50_000_000, 99_999_000].map((timeMs) => times.arrive(timeMs))).toEqual(
      Array.from({ length: 4 }, () => 'duplicate'),
    );
    expect(times.arrive(100_000_000)).toBe('new');
  });

  test('a birth in front of a backlog does not swallow what lies between', () => {
    const times = vouchedFor();
    times.arrive(10);
    times.seal();
    expect(times.arriveByBirth(100)).toBe('new');
    expect(passed(times, [20, 30, 100, 110])).toEqual([20, 30, 110]);
    times.seal();
    expect(passed(times, [10, 20, 25, 30, 100, 110, 120])).toEqual([120]);
  });

  test('a birth is news once more after the host has degraded the point, and only if it is not behind', () => {
    const times = vouchedFor();
    times.arrive(10);
    expect(times.arriveByBirth(10)).toBe('duplicate');
    times.degraded = true;
    expect(times.arriveByBirth(5)).toBe('late');
    expect(times.arriveByBirth(10)).toBe('new');
    expect(times.arriveByBirth(10)).toBe('duplicate');
  });

  test('whatever is lost, replayed from where all was there and lost again, each reading passes exactly once', () => {
    const step = fc.record({
      sent: fc.integer({ min: 0, max: 12 }),
      lost: fc.array(fc.integer({ min: 0, max: 11 }), { maxLength: 4 }),
      /** A report may be lost as well; the next one then tells of both stretches. */
      reported: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const times = vouchedFor();
        const count = new Map<number, number>();
        let at = 0;
        let complete = 0;
        let isWhole = true;
        let furthest = 0;
        const run = (sent: number, lost: readonly number[], reported: boolean): void => {
          for (let i = 0; i < sent; i++, at++) {
            if (lost.includes(i)) isWhole = false;
            // Positions and times of one point go up together.
            else if (times.arrive(at * 10) !== 'duplicate') count.set(at, (count.get(at) ?? 0) + 1);
          }
          furthest = Math.max(furthest, at);
          if (!reported) return;
          if (isWhole) {
            times.seal();
            complete = at;
          } else {
            times.tear();
            at = complete;
          }
          isWhole = true;
        };
        for (const { sent, lost, reported } of steps) run(sent, lost, reported);
        run(0, [], true);
        run(Math.max(0, furthest - at), [], true);
        expect([...count.values()].every((n) => n === 1)).toBe(true);
        expect(count.size).toBe(furthest);
      }),
    );
  });

  test('of a node that never reports the latest are remembered and what was late: each passes, at most twice', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 400 }), (arriving) => {
        const through = passed(new WireTimes(), arriving);
        for (const timeMs of new Set(arriving)) {
          const count = through.filter((each) => each === timeMs).length;
          expect(count).toBeGreaterThanOrEqual(1);
          expect(count).toBeLessThanOrEqual(2);
        }
      }),
    );
    const times = new WireTimes();
    for (let at = 0; at < 100_000; at++) times.arrive(at);
    expect(passed(times, [99_999, 99_990, 99_970])).toEqual([]);
  });
});

describe('live data ahead of a backlog', () => {
  test('what lies between the two is not taken for seen, and once they meet all of it is', () => {
    const times = vouchedFor();
    times.arrive(10);
    times.seal();
    expect(passed(times, [500, 510])).toEqual([500, 510]);
    times.seal({ isAhead: true });
    expect(passed(times, [20, 30])).toEqual([20, 30]);
    times.seal();
    expect(passed(times, [520])).toEqual([520]);
    times.seal({ isAhead: true });
    expect(passed(times, [40, 490])).toEqual([40, 490]);
    times.seal();
    times.join();
    expect(passed(times, [10, 20, 25, 300, 500, 520, 530])).toEqual([530]);
    times.seal();
    expect(times.arrive(525)).toBe('duplicate');
  });

  test('a birth that comes late does not stand for the reading that it repeats', () => {
    const times = vouchedFor();
    times.arrive(20);
    expect(times.arriveByBirth(15)).toBe('late');
    expect(times.arrive(15)).toBe('late');
    expect(times.arrive(15)).toBe('duplicate');
  });
});
