import { type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import type { DerivedBinding } from '@plantroom/device-profiles';
import { beforeEach, expect, test } from 'vitest';
import { openMemoryOutbox } from '../outbox/memory-outbox.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { testBinding, testDevice } from '../test-helpers/devices.ts';
import { Pipeline } from './pipeline.ts';
import { type PointTable, pointTable } from './point-table.ts';

const flow = testBinding('flow', { deadband: 5 });
const hours = testBinding('hours', { kind: 'counter', unit: 'h' });
const head = testBinding('head');
const before = pointTable('tower', [testDevice('old', [head]), testDevice('drive', [flow, hours])]);
// `old` is gone, a new device stands before `drive`: every place in the table is another.
const pressure = testBinding('pressure');
const first = testDevice('first', [pressure, testBinding('speed')]);

let clock: VirtualClock;
let outbox: Outbox;
let pipeline: Pipeline;
let states: string[];
const stored = (): Reading[] => outbox.read('live', 0, 10_000)?.readings ?? [];
const summary = (): unknown[] => stored().map((r) => [r.point.split('/').at(-1), r.value, r.reason ?? r.quality]);
const say = (binding: typeof flow, value: number): void => {
  pipeline.raw('drive', binding, [value], clock.nowMs());
  pipeline.settled('drive', clock.nowMs());
};
const change = (table: PointTable): void => pipeline.change(table);

beforeEach(() => {
  clock = new VirtualClock();
  outbox = openMemoryOutbox({ uplinks: ['influx'], clock, logger: silentLogger });
  pipeline = new Pipeline({ table: before, outbox, clock, logger: silentLogger });
  states = [];
  pipeline.onDevice((device, state) => states.push(`${device} ${state}`));
  pipeline.start();
});

const after = (drive = testDevice('drive', [flow, hours])): PointTable =>
  pointTable('tower', [first, drive], [], { former: before });

test('a point that stays goes on where it stood: last value, deadband, counter, wire time; a new one is new', () => {
  say(flow, 100);
  say(hours, 50);
  say(hours, 3);
  const table = after();
  change(table);
  expect(pipeline.last(table.byId.get('tower/pump-1/flow')!.index)).toMatchObject({ value: 100 });
  expect(pipeline.last(table.byId.get('tower/pump-1/pressure')!.index)).toBeUndefined();

  // Less than the deadband from what was reported before the reload.
  say(flow, 104);
  // Confirms the fall of before the reload; had it been forgotten, 3 or 4 would have been believed at once.
  say(hours, 4);
  say(flow, 105);
  expect(summary()).toEqual([
    ['flow', 100, 'good'],
    ['hours', 50, 'good'],
    ['hours', 4, 'good'],
    ['flow', 105, 'good'],
  ]);
  expect(pipeline.stats().counters).toEqual({ wraps: 0, resets: 1, glitches: 0 });
  const times = stored().flatMap((r) => (r.point.endsWith('flow') ? [r.wireTimeMs] : []));
  expect(times[1]).toBeGreaterThan(times[0]!);
});

test("what waits for its append is appended before the change, and bindings of before are nobody's", () => {
  pipeline.raw('old', head, [12], clock.nowMs());
  change(after());
  expect(summary()).toEqual([['head', 12, 'good']]);
  pipeline.raw('old', head, [13], clock.nowMs());
  pipeline.settled('old', clock.nowMs());
  clock.advance(200);
  expect(stored()).toHaveLength(1);
  expect(pipeline.stats().unknown).toBe(1);
});

test('silence goes on counting for what stays, and begins for what is new', () => {
  say(flow, 100);
  clock.advance(2000);
  const table = after();
  change(table);
  expect(pipeline.deviceState(table.deviceIndex.get('drive')!)).toBe('online');
  expect(pipeline.deviceState(table.deviceIndex.get('first')!)).toBe('unknown');
  clock.advance(1500);
  // 3 s after its last value, not after the change.
  expect(summary()).toContainEqual(['flow', null, 'comm-lost']);
  expect(states).toEqual(['drive online', 'drive offline']);
  clock.advance(1500);
  expect(states).toEqual(['drive online', 'drive offline', 'first offline']);
  expect(states.filter((state) => state.startsWith('old'))).toEqual([]);
});

test('a device that only lost points are left of is offline', () => {
  say(flow, 100);
  clock.advance(2500);
  say(hours, 1);
  clock.advance(1500);
  expect(summary().at(-1)).toEqual(['flow', null, 'comm-lost']);
  const ofDrive = (): string[] => states.filter((state) => state.startsWith('drive'));
  expect(ofDrive()).toEqual(['drive online']);
  change(after(testDevice('drive', [flow])));
  expect(ofDrive()).toEqual(['drive online', 'drive offline']);
});

test('a point that means something else now keeps its times and nothing besides', () => {
  say(flow, 100);
  const inBar = testBinding('flow', { deadband: 5, unit: 'bar' });
  const table = after(testDevice('drive', [inBar, hours]));
  change(table);
  expect(pipeline.last(table.byId.get('tower/pump-1/flow')!.index)).toBeUndefined();
  say(inBar, 101);
  expect(summary()).toEqual([
    ['flow', 100, 'good'],
    ['flow', 101, 'good'],
  ]);
  expect(stored()[1]!.wireTimeMs).toBeGreaterThan(stored()[0]!.wireTimeMs);
});

test('derived points go on, and a new one is computed with the next poll of an input', () => {
  const mean = (point: string): DerivedBinding => {
    const { poll: _, write: _write, at: _at, decode: _decode, ...bound } = testBinding(point);
    const decode = (inputs: readonly { value: unknown }[]) =>
      ({ value: inputs.reduce((sum, { value }) => sum + Number(value), 0), quality: 'good' }) as const;
    return { ...bound, at: { protocol: 'derived', inputs: ['flow', 'hours'] }, decode };
  };
  const drive = testDevice('drive', [flow, hours]);
  const one = pointTable('tower', [drive], [mean('both')]);
  pipeline = new Pipeline({ table: one, outbox, clock, logger: silentLogger });
  say(hours, 1);
  say(flow, 100);
  // Heard, and its poll has not ended yet.
  pipeline.raw('drive', flow, [110], clock.nowMs());
  pipeline.change(pointTable('tower', [first, drive], [mean('both'), mean('again')], { former: one }));
  pipeline.settled('drive', clock.nowMs());
  expect(summary().slice(-2)).toEqual([
    ['flow', 110, 'good'],
    ['both', 111, 'good'],
  ]);
  say(flow, 120);
  expect(summary().slice(-3)).toEqual([
    ['flow', 120, 'good'],
    ['both', 121, 'good'],
    ['again', 121, 'good'],
  ]);
});

test('a listener for live values hears its point after the change too', () => {
  const heard: unknown[] = [];
  const stop = pipeline.onLive('tower/pump-1/flow', ({ value }) => heard.push(value));
  say(flow, 1);
  change(after());
  say(flow, 2);
  stop();
  say(flow, 3);
  expect(heard).toEqual([1, 2]);
});

test('aliases stay with their points and are never given to another', () => {
  const table = after();
  for (const { id, alias } of before.points) {
    const now = table.byId.get(id)?.alias;
    if (now !== undefined) expect(now).toBe(alias);
  }
  const third = pointTable('tower', [testDevice('old', [head]), testDevice('drive', [flow, hours])], [], {
    former: table,
  });
  const used = new Set([...before.points, ...table.points].map(({ alias }) => alias));
  expect(used.has(third.byId.get('tower/pump-1/head')!.alias)).toBe(false);
  expect(third.byId.get('tower/pump-1/flow')!.alias).toBe(before.byId.get('tower/pump-1/flow')!.alias);
});
