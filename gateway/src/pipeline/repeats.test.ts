import { heartbeatMs, type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import { beforeEach, expect, test } from 'vitest';
import { openMemoryOutbox } from '../outbox/memory-outbox.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { testBinding, testDevice } from '../test-helpers/devices.ts';
import { Pipeline } from './pipeline.ts';
import { pointTable } from './point-table.ts';

let decodes: number;
const flow = testBinding('flow', {
  deadband: 1,
  decode(raw) {
    decodes += 1;
    return { value: (raw as ArrayLike<number>)[0] ?? 0, quality: 'good' };
  },
});
const energy = testBinding('energy', { kind: 'counter' });
const table = pointTable('tower', [testDevice('drive', [flow, energy], { silenceMs: 60_000 })]);

let clock: VirtualClock;
let startMs: number;
let outbox: Outbox;
let pipeline: Pipeline;

beforeEach(() => {
  decodes = 0;
  clock = new VirtualClock();
  startMs = clock.nowMs();
  outbox = openMemoryOutbox({ uplinks: ['influx'], clock, logger: silentLogger });
  pipeline = new Pipeline({ table, outbox, clock, logger: silentLogger });
  pipeline.start();
});

function poll(binding: typeof flow, words: readonly number[]): void {
  pipeline.raw('drive', binding, words, clock.nowMs());
  pipeline.settled('drive', clock.nowMs());
}

function stored(): unknown[] {
  pipeline.settled('drive', clock.nowMs());
  clock.advance(200);
  const readings: Reading[] = outbox.read('live', 0, 10_000)?.readings ?? [];
  return readings.map((r) => [r.point.split('/').at(-1), r.value, r.reason ?? r.quality]);
}

test('the very same words are a sign of life, decoded once, and told again at the heartbeat', () => {
  const words = [12];
  for (let ms = 0; ms < heartbeatMs; ms += 1000) {
    poll(flow, words);
    clock.advance(1000);
  }
  expect(decodes).toBe(1);
  expect(pipeline.stats().raw).toBe(heartbeatMs / 1000);
  poll(flow, words);
  expect(decodes).toBe(2);
  expect(stored()).toEqual([
    ['flow', 12, 'good'],
    // The other point of the device has never been heard.
    ['energy', null, 'comm-lost'],
    ['flow', 12, 'good'],
  ]);
  expect(outbox.read('live', 0, 10)?.readings.at(-1)?.wireTimeMs).toBe(startMs + heartbeatMs);
});

test('a value within the deadband that comes again counts its heartbeat from what was sent', () => {
  const near = [12.5];
  poll(flow, [12]);
  clock.advance(heartbeatMs / 2);
  for (const _ of [1, 2]) pipeline.raw('drive', flow, near, clock.nowMs());
  expect(decodes).toBe(2);
  clock.advance(1000);
  poll(flow, near);
  clock.advance(heartbeatMs / 2 - 1000);
  poll(flow, near);
  expect(decodes).toBeGreaterThan(2);
  expect(pipeline.last(0)).toMatchObject({ value: 12.5, wireTimeMs: startMs + heartbeatMs });
});

test('words that come again after the point was stale or lost bring it back', () => {
  const words = [12];
  poll(flow, words);
  poll(energy, [1]);
  clock.advance(4000);
  poll(flow, words);
  clock.advance(70_000);
  poll(flow, words);
  expect(stored().filter((row) => (row as string[])[0] === 'flow')).toEqual([
    ['flow', 12, 'good'],
    ['flow', 12, 'stale'],
    ['flow', 12, 'good'],
    ['flow', 12, 'stale'],
    ['flow', null, 'comm-lost'],
    ['flow', 12, 'good'],
  ]);
});

test('a counter that fell is confirmed by the very same words', () => {
  const low = [3];
  poll(energy, [100]);
  poll(energy, low);
  poll(energy, low);
  expect(stored()).toEqual([
    ['energy', 100, 'good'],
    ['energy', 3, 'good'],
  ]);
  expect(pipeline.stats().counters).toEqual({ wraps: 0, resets: 1, glitches: 0 });
});

test('whoever listens to a point hears the very same words each time', () => {
  const words = [12];
  const heard: unknown[] = [];
  poll(flow, words);
  const end = pipeline.onLive('tower/pump-1/flow', ({ value }) => void heard.push(value));
  poll(flow, words);
  poll(flow, words);
  end();
  poll(flow, words);
  expect(heard).toEqual([12, 12]);
});

test('after a reload what comes again is looked at anew', () => {
  const words = [12];
  poll(flow, words);
  pipeline.change(pointTable('tower', [testDevice('drive', [flow, energy])], [], { former: table }));
  poll(flow, words);
  expect(decodes).toBe(2);
});
