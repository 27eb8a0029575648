import { beforeEach, expect, test } from 'vitest';
import { testBinding } from '../../test-helpers/devices.ts';
import { Gatherings } from './gathering.ts';
import type { ModbusBinding } from './modbus-device.ts';
import type { PollBlock } from './poll-plan.ts';

const at = { protocol: 'modbus', table: 'holding', length: 1 } as const;
const level = testBinding('level', { at: { ...at, addresses: [0], length: 2 } }) as ModbusBinding;
const flow = testBinding('flow', { at: { ...at, addresses: [2] } }) as ModbusBinding;
/** Words 3 and 4 of the first block, 100 of the second. */
const zone = testBinding('zone', { at: { ...at, addresses: [3, 4, 100] } }) as ModbusBinding;

const near: PollBlock = {
  table: 'holding',
  start: 0,
  count: 5,
  slots: [
    { binding: level, part: 0, offset: 0, start: 0, length: 2 },
    { binding: flow, part: 0, offset: 0, start: 2, length: 1 },
    { binding: zone, part: 0, offset: 0, start: 3, length: 1 },
    { binding: zone, part: 1, offset: 1, start: 4, length: 1 },
  ],
};
const far: PollBlock = {
  table: 'holding',
  start: 100,
  count: 1,
  slots: [{ binding: zone, part: 2, offset: 2, start: 100, length: 1 }],
};

let gatherings: Gatherings;
let given: Record<string, ArrayLike<number>>;
let times: Record<string, number>;

function take(block: PollBlock, words: number[], atMs = 0): void {
  gatherings.take(block, { values: Uint16Array.from(words), atMs }, (binding, raw, ms) => {
    given[binding.point] = raw;
    times[binding.point] = ms;
  });
}

/** One run; undefined: the block is missed. */
function run(first: number[] | undefined, second: number[] | undefined, atMs = 0): Record<string, ArrayLike<number>> {
  given = {};
  gatherings.begin();
  if (first === undefined) gatherings.miss(near);
  else take(near, first, atMs);
  if (second === undefined) gatherings.miss(far);
  else take(far, second, atMs + 1);
  return given;
}

const plain = (raws: Record<string, ArrayLike<number>>): unknown =>
  Object.fromEntries(Object.entries(raws).map(([point, raw]) => [point, Array.from(raw)]));

beforeEach(() => {
  gatherings = new Gatherings();
  given = {};
  times = {};
});

test('values of a block, and one that lies in two blocks at the later time of them', () => {
  expect(plain(run([1, 2, 3, 4, 5], [6], 10))).toEqual({ level: [1, 2], flow: [3], zone: [4, 5, 6] });
  expect(times).toEqual({ level: 10, flow: 10, zone: 11 });
});

test('the same words are given as the very same array, changed ones as another, and what was given stays as it was', () => {
  const first = run([1, 2, 3, 4, 5], [6]);
  const again = run([1, 2, 3, 4, 5], [6]);
  for (const point of ['level', 'flow', 'zone']) expect(again[point]).toBe(first[point]);
  const other = run([1, 2, 9, 4, 8], [6]);
  expect(other.level).toBe(first.level);
  expect(plain(other)).toEqual({ level: [1, 2], flow: [9], zone: [4, 8, 6] });
  expect(plain(first)).toEqual({ level: [1, 2], flow: [3], zone: [4, 5, 6] });
  expect(run([1, 2, 9, 4, 8], [7]).flow).toBe(other.flow);
  expect(plain(given)).toEqual({ level: [1, 2], flow: [9], zone: [4, 8, 7] });
});

test('a value of which a part does not come is not given, and not mixed out of two runs', () => {
  run([1, 2, 3, 4, 5], [6]);
  expect(plain(run([1, 2, 3, 7, 5], undefined))).toEqual({ level: [1, 2], flow: [3] });
  expect(gatherings.incomplete()).toEqual([zone]);
  expect(plain(run(undefined, [8]))).toEqual({});
  expect(gatherings.incomplete()).toEqual([zone]);
  // As in the run that was not complete, but not as it was given last.
  expect(plain(run([1, 2, 3, 7, 5], [6]))).toEqual({ level: [1, 2], flow: [3], zone: [7, 5, 6] });
  expect(gatherings.incomplete()).toEqual([]);
});

test('what lies in a missed block alone is told', () => {
  gatherings.begin();
  expect(gatherings.miss(near)).toEqual([level, flow]);
  expect(gatherings.miss(far)).toEqual([]);
});
