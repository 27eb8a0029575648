import { expect, test } from 'vitest';
import { judgeAlarms } from './alarm-ledger.ts';
import { Ledger } from './ledger.ts';
import { pointsPerUnit, valueAt } from './points.ts';
import type { Expected } from './shown-fault.ts';
import type { Delivery } from './unit-account.ts';

const proven: Delivery = 'proven';
const unsure: Delivery = 'unsure';

/** Stores a whole poll. */
function storePoll(ledger: Ledger, count: number, timeMs: number): void {
  for (let point = 0; point < pointsPerUnit; point++)
    ledger.stored({ unit: 0, point, timeMs, value: valueAt(count, point) });
}

test('what is stored once is neither missing nor doubled, stored or not when it is unsure', () => {
  const ledger = new Ledger(1);
  storePoll(ledger, 1, 1000);
  storePoll(ledger, 2, 2000);
  const deliveries = new Map([1, 2, 3].map((count) => [count, count === 1 ? proven : unsure]));
  expect(ledger.judge([deliveries])).toEqual({
    produced: 50,
    stored: 50,
    missing: 0,
    doubled: 0,
    wrong: 0,
    unsure: 100,
    unsureStored: 50,
    examples: [],
  });
});

test('one missing, one doubled and one unsure that is doubled are told with their place', () => {
  const ledger = new Ledger(1);
  for (const timeMs of [1000, 1001]) ledger.stored({ unit: 0, point: 0, timeMs, value: valueAt(1, 0) });
  for (const timeMs of [2000, 2001]) ledger.stored({ unit: 0, point: 0, timeMs, value: valueAt(2, 0) });
  for (let point = 1; point < pointsPerUnit - 1; point++)
    ledger.stored({ unit: 0, point, timeMs: 1000, value: valueAt(1, point) });
  const result = ledger.judge([new Map([1, 2].map((count) => [count, count === 1 ? proven : unsure]))]);
  expect(result).toMatchObject({ produced: 50, stored: 49, missing: 1, doubled: 2, wrong: 0 });
  expect(result.examples).toEqual([
    'doubled: unit 1 point 1 count 1, 2 times, the last at 1970-01-01T00:00:01.000Z',
    'doubled: unit 1 point 1 count 2, 2 times, the last at 1970-01-01T00:00:02.001Z',
    'missing: unit 1 point 50 count 1, the one before at a time unknown',
  ]);
});

test('a value of another point, of no device, and of a poll that never was are wrong', () => {
  const ledger = new Ledger(1);
  ledger.stored({ unit: 0, point: 3, timeMs: 1000, value: valueAt(1, 4) });
  ledger.stored({ unit: 0, point: 3, timeMs: 1000, value: 63 });
  ledger.stored({ unit: 0, point: 3, timeMs: 1000, value: valueAt(9, 3) });
  expect(ledger.judge([new Map([[1, unsure]])])).toMatchObject({ wrong: 3, doubled: 0, missing: 0 });
});

test('two values of one point at one time are wrong: reading shows one of them only', () => {
  const ledger = new Ledger(1);
  ledger.stored({ unit: 0, point: 0, timeMs: 1000, value: valueAt(1, 0) });
  ledger.stored({ unit: 0, point: 0, timeMs: 1000, value: valueAt(2, 0) });
  expect(ledger.judge([new Map([1, 2].map((count) => [count, unsure]))])).toMatchObject({ wrong: 1 });
});

const activated = {
  alarm: 'chaos/zone-1/fire#fire',
  equipment: 'chaos/zone-1',
  action: 'activated',
  historical: 0,
  atMs: 1000,
  recordedMs: 1200,
};
const order = { equipment: 'chaos/zone-1', failureMode: 'fire' };
const fire = (expected: Expected) => [{ unit: 0, kind: 'fire', expected }] as const;

test('one activation and one order for a fault are right, alarms of links are counted apart', () => {
  const offline = { ...activated, alarm: 'chaos/edge-1/unit-1#offline', equipment: null };
  const acknowledged = { ...activated, action: 'acknowledged' };
  expect(judgeAlarms(fire('one'), { journal: [activated, offline, acknowledged], orders: [order] })).toEqual({
    faults: { one: 1, none: 0, 'at most one': 0 },
    raised: 1,
    historical: 0,
    orders: 1,
    complaints: [],
    others: { offline: 1 },
    delayMs: { median: 200, longest: 200 },
  });
});

test('no alarm, two of them, two orders, and an alarm without a fault are told', () => {
  const complaints = (expected: Expected, journal: (typeof activated)[], orders: (typeof order)[]) =>
    judgeAlarms(fire(expected), { journal, orders }).complaints;
  expect(complaints('one', [], [])).toEqual(['chaos/zone-1/fire#fire: raised 0 times, expected one']);
  expect(complaints('one', [activated, { ...activated, action: 'reactivated' }], [order, order])).toEqual([
    'chaos/zone-1/fire#fire: raised 2 times, expected one',
  ]);
  expect(complaints('one', [activated], [order, order])).toEqual([
    'chaos/zone-1/fire#fire: 2 work orders, raised 1 times when it stood',
  ]);
  expect(complaints('none', [activated], [order])).toEqual(['chaos/zone-1/fire#fire: raised 1 times, expected none']);
  expect(complaints('at most one', [], [])).toEqual([]);
  const other = { ...activated, alarm: 'chaos/zone-2/fire#fire', equipment: 'chaos/zone-2' };
  expect(complaints('one', [activated, other], [order])).toEqual([
    'chaos/zone-2/fire#fire: raised, and nothing was wrong',
  ]);
  expect(complaints('one', [activated], [order, { ...order, equipment: 'chaos/zone-2' }])).toEqual([
    '1 work orders for what was not scripted',
  ]);
});

test('what late data showed when it was over counts as an alarm and needs no order', () => {
  const late = { ...activated, historical: 1 };
  expect(judgeAlarms(fire('one'), { journal: [late], orders: [] }).complaints).toEqual([]);
  expect(judgeAlarms(fire('one'), { journal: [late], orders: [order] }).complaints).toEqual([
    'chaos/zone-1/fire#fire: 1 work orders, raised 0 times when it stood',
  ]);
});
