import { beforeEach, expect, test } from 'vitest';
import { testBinding, testDevice } from '../test-helpers/devices.ts';
import { Availability } from './availability.ts';
import { type GatewayPoint, pointTable } from './point-table.ts';

/** Polled each second: stale after 2.4 s, lost after 3 s. */
const table = pointTable('tower', [
  testDevice('drive', [testBinding('flow')]),
  testDevice('meter', [testBinding('power')]),
]);
const [flow, power] = table.points as [GatewayPoint, GatewayPoint];

let availability: Availability;
/** What was found at each of these times, monotonic ms. */
const found = (...times: number[]): string[] =>
  times.flatMap((ms) => [
    ...availability.due(ms).map(({ id }) => `${ms} lost ${id}`),
    ...availability.dueStale(ms).map(({ id }) => `${ms} stale ${id}`),
  ]);

beforeEach(() => {
  availability = new Availability(table);
  availability.begin(0);
});

test('a point is told of once when it grows stale and once when it is lost, whenever it was looked for before', () => {
  availability.heard(power, 1000);
  expect(found(0, 1000, 2000, 2400, 2999, 3000, 3399, 3400, 4000, 9000)).toEqual([
    '2400 stale tower/pump-1/flow',
    '3000 lost tower/pump-1/flow',
    '3400 stale tower/pump-1/power',
    '4000 lost tower/pump-1/power',
  ]);
});

test('one that is heard again grows stale and is lost again, while another is silent still', () => {
  found(2400, 3000);
  availability.heard(flow, 3500);
  expect(found(5899, 5900, 6499, 6500)).toEqual(['5900 stale tower/pump-1/flow', '6500 lost tower/pump-1/flow']);
});

test('what was heard between two looks counts, and so does what was stale and not lost', () => {
  expect(found(2400)).toHaveLength(2);
  availability.heard(flow, 2500);
  availability.heard(power, 2600);
  expect(found(4899, 4900, 5000)).toEqual(['4900 stale tower/pump-1/flow', '5000 stale tower/pump-1/power']);
});

test('a device that says that it is there again is given its time anew', () => {
  expect(found(2000)).toEqual([]);
  availability.saidOnline(0, 2900);
  expect(found(3000, 5900).filter((line) => line.includes('lost'))).toEqual([
    '3000 lost tower/pump-1/power',
    '5900 lost tower/pump-1/flow',
  ]);
});
