import { type Clock, type Logger, type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Outbox, StoredLane } from './outbox.ts';
import type { OutboxOptions } from './outbox-options.ts';

type Open = (options: OutboxOptions) => Outbox;

export function reading(point: string, wireTimeMs: number, value: Reading['value'] = 1): Reading {
  return { point: `tower/pump-1/${point}`, value, quality: 'good', wireTimeMs };
}

export function outboxOptions(more: Partial<OutboxOptions> & { clock: Clock; logger?: Logger }): OutboxOptions {
  return { uplinks: ['influx', 'sparkplug'], logger: silentLogger, ...more };
}

const both = ['influx', 'sparkplug'];

/** Every outbox keeps to this, whatever it stores in. */
export function outboxContract(name: string, open: Open): void {
  describe(`outbox contract: ${name}`, () => {
    const clock = new VirtualClock();
    const startMs = clock.nowMs();
    let outbox: Outbox;
    const fill = (lane: StoredLane, count: number, each = 10): void => {
      for (let i = 0; i < count; i += each)
        outbox.append(
          lane,
          Array.from({ length: each }, (_, k) => reading(`p${k}`, startMs + (i / each) * 1000, i + k + 0.1)),
        );
    };

    beforeEach(() => {
      outbox = open(outboxOptions({ clock }));
    });
    afterEach(() => outbox.close());

    test('what was appended is read back unchanged and in order', () => {
      const readings: Reading[] = [
        reading('flow', startMs, 12.5),
        { point: 'tower/pump-1/run', value: true, quality: 'uncertain', reason: 'stale', wireTimeMs: startMs + 1 },
        { point: 'tower/pump-1/flow', value: null, quality: 'bad', reason: 'comm-lost', wireTimeMs: startMs + 2 },
        { ...reading('serial', startMs + 3, '机房 42'), deviceTimeMs: startMs - 500 },
      ];
      expect(outbox.append('live', readings)).toBe(4);
      expect(outbox.peek('influx', 'live', 100)).toEqual({ lane: 'live', from: 0, to: 4, readings });
    });

    test('peek moves nothing, commit moves one cursor of one lane', () => {
      fill('live', 30);
      fill('safety', 10);
      expect(outbox.peek('influx', 'live', 25)).toMatchObject({ from: 0, to: 25 });
      expect(outbox.peek('influx', 'live', 25)).toMatchObject({ from: 0, to: 25 });
      outbox.commit('influx', 'live', 25);
      expect(outbox.peek('influx', 'live', 25)).toMatchObject({ from: 25, to: 30 });
      expect(outbox.peek('sparkplug', 'live', 25)).toMatchObject({ from: 0, to: 25 });
      expect(outbox.peek('influx', 'safety', 25)).toMatchObject({ from: 0, to: 10 });
      outbox.commit('influx', 'live', 30);
      expect(outbox.peek('influx', 'live', 25)).toBeUndefined();
    });

    test('a cursor never goes back and never ahead of what was appended', () => {
      fill('live', 10);
      outbox.commit('influx', 'live', 8);
      outbox.commit('influx', 'live', 3);
      expect(outbox.committed('influx', 'live')).toBe(8);
      expect(() => outbox.commit('influx', 'live', 11)).toThrow(/up to 11, but only 10/);
    });

    test('an uplink that nobody named is refused', () => {
      expect(() => outbox.peek('kafka', 'live', 1)).toThrow(/"kafka".*influx, sparkplug/);
    });

    test('read begins where one asks, also in the middle of a batch', () => {
      fill('live', 20);
      expect(outbox.read('live', 7, 5)).toMatchObject({ from: 7, to: 12 });
      expect(outbox.read('live', 20, 5)).toBeUndefined();
    });

    test('what every uplink has committed is deleted within a second, positions go on', () => {
      fill('live', 1000);
      const full = outbox.stats().bytes;
      for (const uplink of ['influx', 'sparkplug']) outbox.commit(uplink, 'live', 1000);
      clock.advance(1000);
      fill('live', 10);
      expect(outbox.stats().bytes).toBeLessThan(full / 10);
      expect(outbox.position('live')).toBe(1010);
      expect(outbox.read('live', 0, 5)).toMatchObject({ from: 1000, to: 1005 });
    });

    test('listeners hear of each append by its lane until they leave', () => {
      const heard: string[] = [];
      const leave = outbox.onAppend((lane) => heard.push(lane));
      fill('safety', 10);
      fill('live', 10);
      leave();
      fill('live', 10);
      expect(heard).toEqual(['safety', 'live']);
    });

    test('stats count what was produced and what each uplink still has to send', () => {
      fill('live', 20);
      outbox.commit('influx', 'live', 15);
      expect(outbox.stats()).toMatchObject({
        produced: { live: 20, safety: 0 },
        pending: { influx: { live: 5 }, sparkplug: { live: 20 } },
        dropped: { live: 0, safety: 0 },
      });
    });

    test('room that committed readings take is given back before anything is thinned', () => {
      outbox.close();
      outbox = open(outboxOptions({ clock, maxBytes: 40_000 }));
      for (let i = 0; i < 100; i++) {
        fill('live', 100);
        for (const uplink of ['influx', 'sparkplug']) outbox.commit(uplink, 'live', outbox.position('live'));
      }
      expect(outbox.stats().dropped.live).toBe(0);
    });

    test('a slice goes on from what was read back to what was just appended', () => {
      fill('live', 20);
      outbox.append(
        'live',
        Array.from({ length: 140_000 }, (_, i) => reading('flow', startMs + 60_000 + i, i)),
      );
      fill('live', 20);
      const first = outbox.read('live', 5, 140_030);
      expect(first).toMatchObject({ from: 5, to: 140_035 });
      expect(first?.readings.slice(15, 140_015).map(({ value }) => value)).toEqual(
        Array.from({ length: 140_000 }, (_, i) => i),
      );
      expect(outbox.read('live', 140_035, 100)).toMatchObject({ from: 140_035, to: 140_040 });
    });

    test('when full, the oldest telemetry is thinned to the last of each point and minute, and the hole is told', () => {
      outbox.close();
      outbox = open(outboxOptions({ clock, maxBytes: 40_000 }));
      fill('safety', 20);
      fill('live', 12_000);
      const { bytes, dropped } = outbox.stats();
      expect(bytes).toBeLessThanOrEqual(40_000);
      expect(dropped.safety).toBe(0);
      const first = outbox.peek('influx', 'live', 10);
      // The tenth point of the first minute: its last reading is that of second 59.
      expect(first?.readings.map((r) => r.wireTimeMs)).toEqual(Array(10).fill(startMs + 59_000));
      expect(first?.from).toBe(590);
      expect(outbox.peek('influx', 'safety', 100)?.readings).toHaveLength(20);
      const [hole] = outbox.holes();
      expect(hole).toMatchObject({ lane: 'live', fromMs: startMs, count: dropped.live });
      expect(countOf(outbox, 'live') + dropped.live).toBe(12_000);
    });

    test('when thinning does not suffice, telemetry goes before any safety reading', () => {
      outbox.close();
      outbox = open(outboxOptions({ clock, maxBytes: 8_000 }));
      fill('safety', 100);
      for (let minute = 0; minute < 500; minute++)
        outbox.append('live', [reading('flow', startMs + minute * 60_000, minute + 0.1)]);
      const { bytes, dropped } = outbox.stats();
      expect(bytes).toBeLessThanOrEqual(8_000);
      expect(dropped).toMatchObject({ safety: 0 });
      expect(countOf(outbox, 'safety')).toBe(100);
      expect(countOf(outbox, 'live') + dropped.live).toBe(500);
      expect(outbox.peek('influx', 'live', 1)?.readings[0]?.wireTimeMs).toBeGreaterThan(startMs);
    });

    test('what is older than the age limit goes, one batch an append', () => {
      outbox.close();
      outbox = open(outboxOptions({ clock, maxAgeMs: 3_600_000 }));
      outbox.append('live', [reading('flow', startMs)]);
      outbox.append('live', [reading('flow', startMs + 1000)]);
      clock.advance(7_200_000);
      outbox.append('live', [reading('flow', clock.nowMs())]);
      expect(outbox.peek('influx', 'live', 10)?.readings).toHaveLength(2);
      outbox.append('live', [reading('flow', clock.nowMs() + 1)]);
      expect(outbox.peek('influx', 'live', 10)?.readings).toHaveLength(2);
      expect(outbox.holes()).toMatchObject([
        { fromMs: startMs, toMs: startMs + 1000, count: 2, reason: 'outdated', first: 0, next: 2, uplinks: both },
      ]);
    });

    test('the age limit holds for the safety lane too', () => {
      outbox.close();
      outbox = open(outboxOptions({ clock, maxAgeMs: 3_600_000 }));
      outbox.append('safety', [reading('smoke', clock.nowMs(), true)]);
      clock.advance(7_200_000);
      outbox.append('live', [reading('flow', clock.nowMs())]);
      expect(outbox.peek('influx', 'safety', 10)).toBeUndefined();
      expect(outbox.holes()).toMatchObject([{ lane: 'safety', reason: 'outdated', count: 1 }]);
    });

    test('a hole names the uplinks that miss something, and counts only what somebody misses', () => {
      outbox.close();
      outbox = open(outboxOptions({ clock, maxBytes: 40_000 }));
      fill('live', 1000);
      outbox.commit('influx', 'live', 1000);
      outbox.commit('sparkplug', 'live', 300);
      fill('live', 6000);
      const holes = outbox.holes();
      expect(holes[0]).toMatchObject({ reason: 'thinned', uplinks: ['sparkplug'] });
      expect(holes[0]?.count).toBeLessThanOrEqual((holes[0]?.next ?? 0) - 300);
      expect(countOf(outbox, 'live', 300) + outbox.stats().dropped.live).toBe(6700);
      expect(outbox.peek('influx', 'live', 10)?.from).toBeGreaterThanOrEqual(1000);
    });

    test('an uplink that has passed what is thinned goes on without missing anything', () => {
      outbox.close();
      outbox = open(outboxOptions({ clock, maxBytes: 40_000 }));
      const taken: unknown[] = [];
      for (let i = 0; i < 120; i++) {
        outbox.append(
          'live',
          Array.from({ length: 100 }, (_, k) => reading(`p${k % 10}`, startMs + i * 10_000 + k, i + k + 0.1)),
        );
        for (let slice = outbox.peek('influx', 'live', 70); slice; slice = outbox.peek('influx', 'live', 70)) {
          expect(slice.from).toBe(taken.length);
          taken.push(...slice.readings);
          outbox.commit('influx', 'live', slice.to);
        }
      }
      expect(taken).toHaveLength(12_000);
      expect(outbox.stats().dropped.live).toBeGreaterThan(0);
      expect(outbox.holes().every(({ uplinks }) => uplinks.join() === 'sparkplug')).toBe(true);
    });

    test('safety readings alone are bounded too: the oldest go, the newest batch stays', () => {
      outbox.close();
      outbox = open(outboxOptions({ clock, maxBytes: 8_000 }));
      fill('live', 20);
      fill('safety', 2_000);
      const { bytes, dropped } = outbox.stats();
      expect(bytes).toBeLessThanOrEqual(8_000);
      expect(dropped.safety).toBeGreaterThan(0);
      expect(outbox.holes().find(({ lane }) => lane === 'safety')).toMatchObject({ reason: 'dropped', first: 0 });
      expect(countOf(outbox, 'safety') + dropped.safety).toBe(2_000);
    });

    test('an append larger than the outbox may be is taken, and told like any other', () => {
      outbox.close();
      outbox = open(outboxOptions({ clock, maxBytes: 100_000 }));
      const many = Array.from({ length: 45_000 }, (_, i) => reading(`p${i % 50}`, startMs + i, i + 0.1));
      expect(outbox.append('live', many)).toBe(45_000);
      expect(countOf(outbox, 'live') + outbox.stats().dropped.live).toBe(45_000);
    });

    test('readings that never reached it are a hole for every uplink', () => {
      fill('live', 10);
      for (const uplink of both) outbox.commit(uplink, 'live', 10);
      const { revision } = outbox.stats();
      outbox.lost('live', { fromMs: 5, toMs: 9, count: 3, reason: 'not-stored' });
      outbox.lost('live', { fromMs: 9, toMs: 12, count: 4, reason: 'not-stored' });
      expect(outbox.holes()).toMatchObject([
        { lane: 'live', first: 10, next: 10, fromMs: 5, toMs: 12, count: 7, reason: 'not-stored', uplinks: both },
      ]);
      expect(outbox.stats().revision).toBeGreaterThan(revision);
      expect(outbox.revision).toBe(outbox.stats().revision);
    });
  });
}

function countOf(outbox: Outbox, lane: StoredLane, begin = 0): number {
  let count = 0;
  let from = begin;
  for (;;) {
    const slice = outbox.read(lane, from, 1000);
    if (slice === undefined) return count;
    count += slice.readings.length;
    from = slice.to;
  }
}
