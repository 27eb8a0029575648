import { afterEach, expect, test } from 'vitest';
import { FeederBed } from './test-helpers/feeder-bed.ts';

const lost = 'hq/f-grid/dead#lost';
const ordersOnly = [{ over: ['dependants' as const], hides: 'order' as const, settle: '60s' }];
let bed: FeederBed;
const open = async (): Promise<void> => {
  bed = await FeederBed.open({ 'f-grid': [], 'car-1': ['f-grid'], 'car-2': [] }, ordersOnly);
  await bed.tell({ 'f-grid/dead': false, 'car-1/fault': false, 'car-2/fault': false });
  await bed.upTo(10);
};
const withheld = async () =>
  (await bed.journal())
    .filter(({ action }) => action === 'order-withheld')
    .map(({ alarm, details }) => [alarm, details]);

afterEach(() => bed.close());

test('what a cause explains only so far is told at once, and its order waits', async () => {
  await open();
  await bed.tell({ 'f-grid/dead': true });
  await bed.upTo(30);
  await bed.tell({ 'car-1/fault': true, 'car-2/fault': true });
  await bed.upTo(40);
  expect(bed.announced).toEqual(['f-grid/dead', 'car-1/fault', 'car-2/fault']);
  expect(bed.alarmOf('car-1/fault')).toMatchObject({ state: 'UNACK', orderWaitsFor: lost, workOrder: null });
  expect(bed.alarmOf('car-2/fault').orderWaitsFor).toBeNull();
  expect(await bed.orders()).toEqual(['car-2', 'f-grid']);
  expect(await withheld()).toEqual([['hq/car-1/fault#fault', { cause: lost }]]);
});

test('it is opened when the alarm still stands after the settling time of the cause, once', async () => {
  await open();
  await bed.tell({ 'f-grid/dead': true });
  await bed.upTo(30);
  await bed.tell({ 'car-1/fault': true });
  await bed.upTo(100);
  await bed.tell({ 'f-grid/dead': false });
  await bed.upTo(158);
  expect(await bed.orders()).toEqual(['f-grid']);
  await bed.upTo(170);
  expect(await bed.orders()).toEqual(['car-1', 'f-grid']);
  expect(bed.alarmOf('car-1/fault').orderWaitsFor).toBeNull();
  expect(bed.alarmOf('car-1/fault').workOrder).not.toBeNull();
  await bed.upTo(260);
  expect(await bed.orders()).toEqual(['car-1', 'f-grid']);
  expect(bed.announced).toEqual(['f-grid/dead', 'car-1/fault']);
});

test('it is never opened when the alarm has returned by then', async () => {
  await open();
  await bed.tell({ 'f-grid/dead': true });
  await bed.upTo(30);
  await bed.tell({ 'car-1/fault': true });
  await bed.upTo(60);
  await bed.tell({ 'car-1/fault': false });
  await bed.upTo(62);
  expect(bed.alarmOf('car-1/fault').orderWaitsFor).toBeNull();
  await bed.tell({ 'f-grid/dead': false });
  await bed.upTo(200);
  expect(await bed.orders()).toEqual(['f-grid']);
});

test('a restart while it waits changes nothing', async () => {
  await open();
  await bed.tell({ 'f-grid/dead': true });
  await bed.upTo(30);
  await bed.tell({ 'car-1/fault': true });
  await bed.upTo(50);
  await bed.restart();
  await bed.connect();
  await bed.upTo(52);
  await bed.tell({ 'f-grid/dead': true, 'car-1/fault': true });
  await bed.upTo(90);
  expect(await bed.orders()).toEqual(['f-grid']);
  await bed.restart();
  await bed.connect();
  await bed.upTo(92);
  await bed.tell({ 'f-grid/dead': false, 'car-1/fault': true });
  await bed.upTo(160);
  expect(await bed.orders()).toEqual(['car-1', 'f-grid']);
});

test('of what stood before the cause the order is opened at once', async () => {
  await open();
  await bed.tell({ 'car-1/fault': true });
  await bed.upTo(100);
  await bed.tell({ 'f-grid/dead': true });
  await bed.upTo(120);
  expect(await bed.orders()).toEqual(['car-1', 'f-grid']);
});
