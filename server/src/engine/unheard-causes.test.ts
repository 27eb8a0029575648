import { afterEach, expect, test } from 'vitest';
import { FeederBed } from './test-helpers/feeder-bed.ts';

const edges = { 'f-grid': [], 'f-a': ['f-grid'], 'f-b': ['f-grid'], 'f-c': ['f-grid'], 'car-1': ['f-a'], 'car-2': [] };
const dead = { 'f-a/dead': true, 'f-b/dead': true, 'f-c/dead': true };
const alive = { 'f-grid/dead': false, 'f-a/dead': false, 'f-b/dead': false, 'f-c/dead': false };
let bed: FeederBed;
const told = () => bed.announced.filter((source) => source.endsWith('/dead'));
const firstOuts = () => ['f-a', 'f-b', 'f-c'].map((name) => bed.alarmOf(`${name}/dead`).firstOut);
const outOfService = (source: string): Promise<void> =>
  bed.engine.command(({ work }) => {
    const [entry] = bed.engine.book.of(source);
    const removal = { user: 'li', approver: 'chen', workOrder: 'WO-1', reviewMs: work.nowMs + 1e9, reason: 'meter' };
    if (entry !== undefined) work.apply(entry, { type: 'out-of-service', ...removal });
    return Promise.resolve();
  });

afterEach(() => bed.close());

test('with the upper meter out of service each feeder is told, and all belong to the first', async () => {
  bed = await FeederBed.open(edges);
  await bed.tell(alive);
  await outOfService('hq/f-grid/dead');
  await bed.upTo(10);
  await bed.tell({ 'f-b/dead': true, 'f-grid/dead': true });
  await bed.upTo(11);
  await bed.tell({ 'f-a/dead': true, 'f-c/dead': true });
  await bed.upTo(60);
  expect(told().sort()).toEqual(['f-a/dead', 'f-b/dead', 'f-c/dead']);
  expect(firstOuts()).toEqual(['hq/f-b/dead#lost', null, 'hq/f-b/dead#lost']);
});

test('while the device of the upper meter is away it is the same, and a meter that is back explains the next ones again', async () => {
  bed = await FeederBed.open(edges, undefined, ['f-grid']);
  await bed.tell(alive);
  await bed.away('f-grid');
  await bed.upTo(60);
  await bed.tell(dead);
  await bed.upTo(80);
  expect(told().sort()).toEqual(['f-a/dead', 'f-b/dead', 'f-c/dead']);
  expect(firstOuts()).toEqual([null, 'hq/f-a/dead#lost', 'hq/f-a/dead#lost']);
  await bed.tell({ 'f-a/dead': false, 'f-b/dead': false, 'f-c/dead': false });
  await bed.engine.command(({ work }) => {
    for (const { definition } of bed.engine.book.standing())
      for (const entry of bed.engine.book.of(definition.source))
        work.apply(entry, { type: 'acknowledge', user: 'li', comment: null });
    return Promise.resolve();
  });
  await bed.upTo(200);
  await bed.back('f-grid');
  await bed.tell({ ...dead, 'f-grid/dead': true });
  await bed.upTo(260);
  expect(told().slice(3)).toEqual(['f-grid/dead']);
});

test('feeders that fail while the upper meter is known to be well have nothing to do with each other', async () => {
  bed = await FeederBed.open(edges);
  await bed.tell(alive);
  await bed.upTo(10);
  await bed.tell({ ...dead, 'f-grid/dead': false });
  await bed.upTo(15);
  await bed.tell({ 'f-grid/dead': false });
  await bed.upTo(60);
  expect(told().sort()).toEqual(['f-a/dead', 'f-b/dead', 'f-c/dead']);
  expect(firstOuts()).toEqual([null, null, null]);
});
