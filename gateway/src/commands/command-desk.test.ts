import { type CommandOutcome, type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import type { EncodedWrite, PointBinding } from '@plantroom/device-profiles';
import { beforeEach, expect, test } from 'vitest';
import type { WriteResult } from '../drivers/driver.ts';
import { pointTable } from '../pipeline/point-table.ts';
import { testBinding, testDevice } from '../test-helpers/devices.ts';
import { CommandDesk } from './command-desk.ts';
import type { DeviceCommand } from './device-command.ts';

/** One register, tenths, 12 to 30. */
const write: NonNullable<PointBinding['write']> = {
  encode: (value) =>
    typeof value === 'number' && value >= 12 && value <= 30
      ? { request: { protocol: 'modbus', table: 'holding', address: 7, words: [value * 10], single: true } }
      : { refused: `${String(value)} cannot be written; allowed: 12 to 30` },
  agrees: (wanted, readBack) => wanted === readBack,
  settleMs: 1000,
};
const setpoint = testBinding('setpoint', { class: 'ahu', equipment: 'ahu-1', write });
const other = testBinding('other', { class: 'ahu', equipment: 'ahu-1', write });
const reading = testBinding('temperature', { class: 'ahu', equipment: 'ahu-1' });
// By hand: no catalogue lets these through.
const lift = testBinding('run', { class: 'elevator', equipment: 'lift-1', write });
const panel = testBinding('reset', { class: 'fire-panel', equipment: 'panel-1', write });
const table = pointTable('hq', [testDevice('unit', [setpoint, other, reading]), testDevice('life', [lift, panel])]);

let clock: VirtualClock;
let desk: CommandDesk;
let writes: EncodedWrite[];
let answer: (result: WriteResult) => void;
let outcomes: CommandOutcome[];
const live = new Map<string, (reading: Reading) => void>();

beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 0, 1) - 1);
  writes = [];
  outcomes = [];
  live.clear();
  desk = new CommandDesk({
    table,
    writableClasses: new Set(['ahu']),
    write: (_device, _binding, request) => {
      writes.push(request);
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
    onLive: (point, call) => {
      live.set(point, call);
      return () => live.delete(point);
    },
    clock,
    logger: silentLogger,
  });
  desk.onOutcome((outcome) => outcomes.push(outcome));
  // What was sent in the millisecond of its opening was meant for the desk before it.
  clock.advance(1);
});

const command = (more: Partial<DeviceCommand> = {}): DeviceCommand => ({
  id: 'c1',
  device: 'unit',
  alias: 0,
  name: undefined,
  point: undefined,
  value: 21,
  sentMs: clock.nowMs(),
  retained: false,
  ...more,
});
const turn = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};
const reads = (value: Reading['value'], index = 0): void => {
  const point = table.points[index]!.id;
  live.get(point)?.({ point, value, quality: value === null ? 'bad' : 'good', wireTimeMs: clock.nowMs() });
};
const states = (): string[] => outcomes.map(({ state }) => state);

test('a command is written once, accepted, and verified by the first value that agrees', async () => {
  desk.take(command());
  expect(writes).toEqual([{ protocol: 'modbus', table: 'holding', address: 7, words: [210], single: true }]);
  // A poll that was under way tells the old value.
  reads(21);
  answer({ kind: 'done' });
  await turn();
  expect(outcomes).toMatchObject([{ id: 'c1', point: 'hq/ahu-1/setpoint', state: 'accepted', withinMs: 11_000 }]);
  reads(19);
  reads(null);
  await turn();
  expect(states()).toEqual(['accepted']);
  reads(21);
  await turn();
  expect(outcomes.at(-1)).toMatchObject({ state: 'verified', readBack: 21, reason: null });
  expect(desk.last?.state).toBe('verified');
  expect(live.size).toBe(0);
  expect(desk.stats()).toMatchObject({ running: 0, taken: 1, verified: 1 });
});

test('a value that differs to the end is unverified and told; nothing read back is timed out', async () => {
  desk.take(command());
  answer({ kind: 'done' });
  await turn();
  reads(19);
  clock.advance(10_999);
  await turn();
  expect(states()).toEqual(['accepted']);
  clock.advance(1);
  await turn();
  expect(outcomes.at(-1)).toMatchObject({ state: 'unverified', reason: 'read-back-differs', readBack: 19 });
  desk.take(command({ id: 'c2' }));
  answer({ kind: 'done' });
  await turn();
  clock.advance(11_000);
  await turn();
  expect(outcomes.at(-1)).toMatchObject({ id: 'c2', state: 'timed-out', reason: 'no-read-back', readBack: null });
});

test('an exception of the device is a failure in words; a missing answer is judged by what is read next', async () => {
  desk.take(command());
  answer({ kind: 'failed', failure: { kind: 'exception', code: 3 } });
  await turn();
  expect(outcomes).toMatchObject([
    { state: 'failed', reason: 'device-refused', message: expect.stringContaining('exception 3') },
  ]);
  desk.take(command({ id: 'c2' }));
  answer({ kind: 'failed', failure: { kind: 'timeout' } });
  await turn();
  reads(21);
  await turn();
  expect(outcomes.at(-1)).toMatchObject({ id: 'c2', state: 'verified', readBack: 21 });
  desk.take(command({ id: 'c3' }));
  answer({ kind: 'failed', failure: { kind: 'timeout' } });
  await turn();
  clock.advance(11_000);
  await turn();
  expect(outcomes.at(-1)).toMatchObject({ id: 'c3', state: 'failed', reason: 'no-answer' });
});

test('the same id again is told the same end and written once; while it runs it is told nothing more', async () => {
  desk.take(command());
  desk.take(command());
  expect(outcomes).toEqual([]);
  answer({ kind: 'done' });
  await turn();
  reads(21);
  await turn();
  desk.take(command());
  expect(states()).toEqual(['accepted', 'verified', 'verified']);
  expect(writes).toHaveLength(1);
});

test('a point takes one command at a time, another point takes its own', () => {
  desk.take(command());
  desk.take(command({ id: 'c2', value: 22 }));
  expect(outcomes).toMatchObject([{ id: 'c2', state: 'refused', reason: 'busy' }]);
  desk.take(command({ id: 'c3', alias: 1 }));
  expect(writes).toHaveLength(2);
});

test('a line that hangs is told of in time and keeps its point until it has answered', async () => {
  desk.take(command());
  clock.advance(30_000);
  await turn();
  expect(outcomes).toMatchObject([{ state: 'timed-out', reason: 'no-answer' }]);
  desk.take(command({ id: 'c2' }));
  expect(outcomes.at(-1)).toMatchObject({ id: 'c2', reason: 'busy' });
  answer({ kind: 'done' });
  await turn();
  desk.take(command({ id: 'c3' }));
  expect(writes).toHaveLength(2);
});

test.each<[string, Partial<DeviceCommand>, string]>([
  ['an unknown device', { device: 'nothing' }, 'unknown-point'],
  ['an unknown alias', { alias: 99 }, 'unknown-point'],
  ['an unknown name', { alias: undefined, name: 'ahu-1/nothing' }, 'unknown-point'],
  ['an alias of another device', { device: 'life', alias: 0 }, 'unknown-point'],
  ['an alias that means another point than the host does', { point: 'hq/ahu-1/other' }, 'unknown-point'],
  ['a point that is only read', { alias: 2 }, 'not-writable'],
  ['a lift, by alias', { device: 'life', alias: 3 }, 'read-only-class'],
  ['a lift, by name', { device: 'life', alias: undefined, name: 'lift-1/run' }, 'read-only-class'],
  ['a fire panel, by alias', { device: 'life', alias: 4 }, 'read-only-class'],
  ['a fire panel through another device', { device: 'unit', alias: 4 }, 'unknown-point'],
  ['a text for a number', { value: '21' }, 'wrong-type'],
  ['a truth value for a number', { value: true }, 'wrong-type'],
  ['no value', { value: null }, 'wrong-type'],
  ['NaN', { value: Number.NaN }, 'wrong-type'],
  ['what the profile does not allow', { value: 31 }, 'not-allowed'],
  ['a retained command', { retained: true }, 'stale'],
  ['a command without a time', { sentMs: undefined }, 'stale'],
  ['an old command', { sentMs: Date.UTC(2026, 0, 1) - 30_001 }, 'stale'],
  ['a command from before the start', { sentMs: Date.UTC(2026, 0, 1) - 1 }, 'stale'],
  ['a command from the future', { sentMs: Date.UTC(2026, 0, 1) + 30_001 }, 'stale'],
])('%s is refused in words and nothing is written', (_what, more, reason) => {
  desk.take(command(more));
  expect(outcomes).toMatchObject([{ id: 'c1', state: 'refused', reason, message: expect.stringMatching(/./) }]);
  expect(writes).toEqual([]);
  expect(desk.stats()).toMatchObject({ refused: 1, taken: 0 });
});

test('a command by name works as one by alias, and one without an id is known by its time', () => {
  desk.take(command({ id: undefined, alias: undefined, name: 'ahu-1/setpoint' }));
  desk.take(command({ id: undefined, alias: undefined, name: 'ahu-1/setpoint' }));
  expect(writes).toHaveLength(1);
  expect(outcomes).toEqual([]);
});

test('a desk without writable classes writes nothing, and its points are not announced as writable', () => {
  const none = new CommandDesk({
    table,
    writableClasses: new Set(),
    write: () => Promise.reject(new Error('no write may come here')),
    onLive: () => () => undefined,
    clock,
    logger: silentLogger,
  });
  none.onOutcome((outcome) => outcomes.push(outcome));
  none.take(command());
  expect(outcomes).toMatchObject([{ reason: 'read-only-class' }]);
  expect(none.anyWritable).toBe(false);
  expect(table.points.map((point) => desk.writable(point))).toEqual([true, true, false, false, false]);
});

test('a stop ends what is waiting with what was read so far and takes no more', async () => {
  desk.take(command());
  answer({ kind: 'done' });
  await turn();
  reads(19);
  await desk.stop();
  expect(outcomes.at(-1)).toMatchObject({ state: 'unverified', readBack: 19 });
  desk.take(command({ id: 'c2', alias: 1 }));
  expect(outcomes.at(-1)).toMatchObject({ id: 'c2', state: 'refused' });
});

test('a reload that takes the point out, or its right to be written, ends what waits for its read-back and says so', async () => {
  desk.take(command({ id: 'gone' }));
  answer({ kind: 'done' });
  desk.take(command({ id: 'kept', alias: 1 }));
  answer({ kind: 'done' });
  await turn();
  const bare = testBinding('setpoint', { class: 'ahu', equipment: 'ahu-1' });
  const next = pointTable('hq', [testDevice('unit', [other, bare])], [], { former: table });
  desk.change({ table: next, writableClasses: new Set(['ahu']) });
  await turn();
  const ends = outcomes.filter(({ state }) => state !== 'accepted');
  expect(ends).toMatchObject([
    {
      id: 'gone',
      state: 'timed-out',
      message: expect.stringContaining('a reload of the configuration has taken the point out'),
    },
  ]);
});

test('after a reload commands are examined by the new configuration: new points are taken, closed classes are not', () => {
  const added = testBinding('speed', { class: 'ahu', equipment: 'ahu-1', write });
  const next = pointTable('hq', [testDevice('unit', [added, setpoint]), testDevice('life', [lift, panel])], [], {
    former: table,
  });
  desk.change({ table: next, writableClasses: new Set(['ahu']) });
  expect(next.points.filter((point) => desk.writable(point)).map(({ id }) => id)).toEqual([
    'hq/ahu-1/speed',
    'hq/ahu-1/setpoint',
  ]);
  desk.take(command({ id: 'new', alias: undefined, name: 'ahu-1/speed' }));
  // Its alias of before the reload still means the same point.
  desk.take(command({ id: 'old', alias: 0, point: 'hq/ahu-1/setpoint' }));
  desk.take(command({ id: 'lift', device: 'life', alias: undefined, name: 'lift-1/run', value: true }));
  desk.change({ table: next, writableClasses: new Set() });
  desk.take(command({ id: 'closed', alias: 0 }));
  expect(writes).toHaveLength(2);
  expect(outcomes.map(({ id, reason }) => [id, reason])).toEqual([
    ['lift', 'read-only-class'],
    ['closed', 'read-only-class'],
  ]);
});
