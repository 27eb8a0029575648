import { nodeMetrics } from '@plantroom/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PointTable, pointTable } from '../../pipeline/point-table.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { type SparkplugBed, startSparkplugBed } from '../../test-helpers/edge-node.ts';
import type { HeardMessage } from '../../test-helpers/sparkplug-host.ts';

const flow = testBinding('flow');
const head = testBinding('head');
const level = testBinding('level', { equipment: 'tank-1', class: 'tank' });
const smoke = testBinding('smoke', { equipment: 'zone-1', class: 'fire-zone', kind: 'boolean', lane: 'safety' });
const drive = testDevice('drive', [flow, head]);
const tank = testDevice('tank', [level]);
const panel = testDevice('panel', [smoke]);
const before = pointTable('tower', [drive, tank]);

let bed: SparkplugBed;
let host: SparkplugBed['host'];
let clock: SparkplugBed['clock'];
let pipeline: SparkplugBed['pipeline'];
let uplink: SparkplugBed['uplink'];
let until: SparkplugBed['until'];
let say: SparkplugBed['say'];
let drained: SparkplugBed['drained'];

/** As the gateway does it: pipeline and uplink in one go. */
const reload = (table: PointTable): void => {
  pipeline.change(table);
  uplink.change(table);
};
const values = (messages: readonly HeardMessage[], alias: number): unknown[] =>
  messages.flatMap(({ type, metrics }) =>
    type === 'DDATA' ? metrics.flatMap((m) => (m.alias === alias ? [m.value] : [])) : [],
  );
const deviceMessages = (): string[] => host.types().filter((type) => !type.startsWith('NDATA'));

beforeEach(async () => {
  bed = await startSparkplugBed(before);
  ({ host, clock, pipeline, uplink, until, say, drained } = bed);
});
afterEach(() => bed.stop());

test('a reload sends what was read, says goodbye for what is gone, and is born anew on the same connection', async () => {
  say('drive', flow, 1);
  say('tank', level, 7);
  await uplink.start();
  await host.state(true, 1000);
  await until(() => host.types().includes('DBIRTH tank') && drained(), 250);

  // Its last reading is still on its way to the outbox when the device is taken out.
  pipeline.raw('tank', level, { payload: 8 }, clock.nowMs());
  const table = pointTable('tower', [panel, drive], [], { former: before });
  reload(table);
  say('panel', smoke, false);
  await until(() => host.types().includes('DBIRTH panel') && drained(), 250);

  const births = host.of('NBIRTH');
  expect(births).toHaveLength(2);
  const bdSeqOf = (birth: HeardMessage | undefined): unknown =>
    birth?.metrics.find((m) => m.name === nodeMetrics.bdSeq)?.value;
  expect(bdSeqOf(births[1])).toBe(bdSeqOf(births[0]));
  const second = host.messages.indexOf(births[1]!);
  const old = host.messages.slice(0, second);
  const now = host.messages.slice(second);
  expect(old.map((m) => `${m.type} ${m.device}`)).toContain('DDEATH tank');
  expect(values(old, before.byId.get('tower/tank-1/level')!.alias)).toContain(8);
  expect(now.map((m) => m.device)).not.toContain('tank');
  expect(host.of('NDEATH')).toEqual([]);
  // Numbers run on to the end of the one session and begin at 0 in the other.
  for (const run of [old, now]) expect(run.map((m) => m.seq)).toEqual(run.map((_, i) => i % 256));
  expect(now[0]!.seq).toBe(0);
  const bornAgain = now.find((m) => m.type === 'DBIRTH' && m.device === 'drive');
  expect(bornAgain?.metrics[0]).toMatchObject({ name: 'pump-1/flow', alias: 0, value: 1 });
  expect(uplink.stats().failures).toBe(0);
});

test('a device that is only renamed dies under its old name and is born under the new one, with the value of its points', async () => {
  say('drive', flow, 1);
  await uplink.start();
  await host.state(true, 1000);
  await until(() => host.types().includes('DBIRTH drive') && drained(), 250);
  reload(pointTable('tower', [testDevice('drive-a', [flow, head]), tank], [], { former: before }));
  say('drive-a', flow, 2);
  await until(() => host.types().includes('DBIRTH drive-a') && drained(), 250);
  expect(deviceMessages()).toEqual(expect.arrayContaining(['DDEATH drive']));
  expect(deviceMessages().lastIndexOf('DDEATH drive')).toBeLessThan(deviceMessages().lastIndexOf('NBIRTH'));
  const born = host.of('DBIRTH').at(-1);
  expect(born).toMatchObject({ device: 'drive-a' });
  expect([1, 2]).toContain(born!.metrics[0]!.value);
});

test('readings of a device that was taken out while the host was away reach it, with a birth and a death of their own', async () => {
  say('tank', level, 7);
  clock.advance(1000);
  say('tank', level, 8);
  await uplink.start();
  await until(() => uplink.stats().connected);
  reload(pointTable('tower', [drive], [], { former: before }));
  // A second change before the host has heard of the first.
  const last = pointTable('tower', [drive, panel], [], {
    former: pointTable('tower', [drive], [], { former: before }),
  });
  reload(last);
  say('drive', flow, 3);
  await host.state(true, 1000);
  await until(
    () =>
      host.of('NBIRTH').length === 2 &&
      host.types().lastIndexOf('DBIRTH drive') > host.types().lastIndexOf('NBIRTH') &&
      drained(),
  );

  expect(values(host.messages, before.byId.get('tower/tank-1/level')!.alias)).toEqual([7, 8]);
  const types = deviceMessages();
  expect(types.indexOf('DDEATH tank')).toBeGreaterThan(types.indexOf('DBIRTH tank'));
  expect(types.indexOf('DDEATH tank')).toBeLessThan(types.lastIndexOf('NBIRTH'));
  expect(types.lastIndexOf('DBIRTH tank')).toBeLessThan(types.lastIndexOf('NBIRTH'));
});
