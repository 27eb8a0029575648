import { nodeMetrics, type Reading } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pointTable } from '../../pipeline/point-table.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { type SparkplugBed, startSparkplugBed } from '../../test-helpers/edge-node.ts';
import { sparkplugUplinkName } from './sparkplug-uplink.ts';

const flow = testBinding('flow');
const mode = testBinding('mode', { kind: 'enum' });
const serial = testBinding('serial', { kind: 'string' });
const smoke = testBinding('smoke', { equipment: 'zone-1', class: 'fire-zone', kind: 'boolean', lane: 'safety' });
const table = pointTable('tower', [testDevice('drive', [flow, mode, serial]), testDevice('panel', [smoke])]);

let bed: SparkplugBed;
let broker: SparkplugBed['broker'];
let host: SparkplugBed['host'];
let clock: SparkplugBed['clock'];
let outbox: SparkplugBed['outbox'];
let pipeline: SparkplugBed['pipeline'];
let uplink: SparkplugBed['uplink'];
let until: SparkplugBed['until'];
let drained: SparkplugBed['drained'];

const say = (values: [typeof flow, Reading['value']][]): void => {
  for (const [binding, value] of values) pipeline.raw('drive', binding, { payload: value }, clock.nowMs());
  pipeline.settled('drive', clock.nowMs());
};

beforeEach(async () => {
  bed = await startSparkplugBed(table);
  ({ broker, host, clock, outbox, pipeline, uplink, until, drained } = bed);
});
afterEach(() => bed.stop());

describe('Sparkplug edge node', () => {
  test('births wait for the primary host; then NBIRTH with seq 0, DBIRTH of the reachable device, progress', async () => {
    say([
      [flow, 12.5],
      [mode, -3],
    ]);
    await uplink.start();
    await until(() => uplink.stats().connected);
    expect(host.types()).toEqual([]);
    await host.state(true, 1000);
    await until(() => host.of('NDATA').length > 0 && drained(), 250);

    expect(host.types().slice(0, 2)).toEqual(['NBIRTH', 'DBIRTH drive']);
    const [birth, deviceBirth] = host.messages;
    expect(birth).toMatchObject({ seq: 0, qos: 0, retain: false });
    const names = birth?.metrics.map((m) => m.name);
    expect(names).toEqual(
      expect.arrayContaining([
        nodeMetrics.bdSeq,
        nodeMetrics.rebirth,
        nodeMetrics.watermark,
        nodeMetrics.countOf('live'),
      ]),
    );
    expect(birth?.metrics.find((m) => m.name === nodeMetrics.rebirth)).toMatchObject({
      type: 'Boolean',
      value: false,
      alias: undefined,
    });
    expect(deviceBirth?.seq).toBe(1);
    expect(deviceBirth?.metrics).toMatchObject([
      {
        name: 'pump-1/flow',
        alias: 0,
        type: 'Double',
        value: 12.5,
        properties: {
          Quality: 192,
          unit: 'kPa',
          class: 'pump',
          profile: 'test/device',
          silenceMs: 3000,
          lane: 'live',
        },
      },
      { name: 'pump-1/mode', alias: 1, type: 'Int32', value: -3 },
      { name: 'pump-1/serial', alias: 2, type: 'String', value: null, properties: { Quality: 0, Reason: 'stale' } },
    ]);
    // Its first value may be read in this very millisecond, and (point, time) identifies a reading.
    expect(deviceBirth?.metrics[2]?.timestamp).toBeLessThan(clock.nowMs());
    const seqs = host.messages.map((m) => m.seq);
    expect(seqs).toEqual(seqs.map((_, i) => i % 256));
  });

  test('data go by alias, without names, in order, with quality when it changes', async () => {
    await uplink.start();
    await host.state(true, 1000);
    say([[flow, 1]]);
    await until(() => host.of('DBIRTH').length === 1 && drained(), 250);
    const before = host.messages.length;
    clock.advance(1000);
    say([
      [flow, 2],
      [flow, null],
      [flow, 3],
      [serial, '机房'],
    ]);
    await until(() => host.messages.slice(before).some((m) => m.type === 'DDATA'));
    const data = host.messages.slice(before).find((m) => m.type === 'DDATA');
    expect(data?.metrics.map((m) => [m.name, m.alias, m.value, m.properties.Quality, m.historical])).toEqual([
      [undefined, 0, 2, undefined, false],
      [undefined, 0, null, 0, false],
      [undefined, 0, 3, 192, false],
      [undefined, 2, '机房', 192, false],
    ]);
    const times = data?.metrics.slice(0, 3).map((m) => m.timestamp) ?? [];
    expect(times).toEqual([times[0], times[0]! + 1, times[0]! + 2]);
  });

  test('what was buffered while the host was away comes as historical, in messages of a hundred metrics and more', async () => {
    for (let i = 0; i < 1200; i++) {
      say([[flow, i]]);
      clock.advance(1000);
    }
    await uplink.start();
    await host.state(true, 1000);
    await until(drained, 250);
    await until(() => host.of('DDATA').reduce((sum, m) => sum + m.metrics.length, 0) >= 1200);
    const data = host.of('DDATA');
    expect(data.flatMap((m) => m.metrics).every((m) => m.historical)).toBe(true);
    expect(data.flatMap((m) => m.metrics.map((metric) => metric.value))).toEqual(
      Array.from({ length: 1200 }, (_, i) => i),
    );
    expect(Math.min(...data.map((m) => m.metrics.length))).toBeGreaterThanOrEqual(100);
    say([[flow, 9999]]);
    await until(() => host.of('DDATA').some((m) => m.metrics.some((x) => x.value === 9999 && !x.historical)));
  });

  test('safety readings travel in a message of their own, ahead of telemetry', async () => {
    for (let i = 0; i < 10; i++) say([[flow, i]]);
    pipeline.raw('panel', smoke, { payload: true }, clock.nowMs());
    await Promise.resolve();
    await uplink.start();
    await host.state(true, 1000);
    await until(() => host.of('DDATA').length === 2);
    const [first] = host.of('DDATA');
    expect(first).toMatchObject({ device: 'panel', metrics: [{ value: true }] });
  });

  test('progress: the watermark moves each second, position and count say what was sent', async () => {
    await uplink.start();
    await host.state(true, 1000);
    say([
      [flow, 1],
      [mode, 2],
    ]);
    await until(drained, 250);
    const lastOf = (name: string): unknown =>
      host
        .of('NDATA')
        .at(-1)
        ?.metrics.find((m) => m.name === name)?.value;
    await until(() => lastOf(nodeMetrics.positionOf('live')) === 2 && lastOf(nodeMetrics.countOf('live')) === 2);
    const watermark = Number(lastOf(nodeMetrics.watermark));
    await until(() => Number(lastOf(nodeMetrics.watermark)) >= watermark + 2000);
    expect(Number(lastOf(nodeMetrics.watermark))).toBeLessThan(clock.nowMs());
  });

  test('a device that falls silent: its lost values, then DDEATH; back: DBIRTH before data', async () => {
    pipeline.start();
    await uplink.start();
    await host.state(true, 1000);
    say([[flow, 1]]);
    await until(() => host.of('DBIRTH').length === 1);
    await until(() => host.of('DDEATH').some((m) => m.device === 'drive'), 200);
    const types = host.types().filter((type) => type.endsWith('drive'));
    expect(types.slice(0, 2)).toEqual(['DBIRTH drive', 'DDATA drive']);
    expect(types.at(-1)).toBe('DDEATH drive');
    const lost = host.messages.findLast((m) => m.type === 'DDATA' && m.device === 'drive');
    expect(lost?.metrics).toContainEqual(
      expect.objectContaining({ alias: 0, value: null, properties: { Quality: 0, Reason: 'comm-lost' } }),
    );
    const before = host.messages.length;
    say([[flow, 5]]);
    await until(() => host.messages.slice(before).some((m) => m.type === 'DDATA' && m.device === 'drive'));
    const after = host.messages.slice(before).filter((m) => m.device === 'drive');
    expect(after.map((m) => m.type).slice(0, 2)).toEqual(['DBIRTH', 'DDATA']);
  });

  test('a rebirth command gives NBIRTH with seq 0 and all DBIRTHs, bdSeq unchanged', async () => {
    await uplink.start();
    await host.state(true, 1000);
    say([[flow, 1]]);
    await until(() => host.of('DBIRTH').length === 1 && drained(), 250);
    const before = host.messages.length;
    await host.command('tower', 'edge-1', [{ name: nodeMetrics.rebirth, type: 'Boolean', value: true }]);
    await until(() => host.messages.slice(before).some((m) => m.type === 'DBIRTH'));
    const births = host.of('NBIRTH');
    expect(births).toHaveLength(2);
    expect(births[1]).toMatchObject({ seq: 0 });
    const bdSeq = (i: number): unknown => births[i]?.metrics.find((m) => m.name === nodeMetrics.bdSeq)?.value;
    expect(bdSeq(1)).toBe(bdSeq(0));
    const after = host.types().slice(before);
    expect(after.slice(after.indexOf('NBIRTH'), after.indexOf('NBIRTH') + 2)).toEqual(['NBIRTH', 'DBIRTH drive']);
  });

  test('a cut connection: the broker says NDEATH with the bdSeq of the birth; the next life has one more', async () => {
    await uplink.start();
    await host.state(true, 1000);
    say([[flow, 1]]);
    await until(() => host.of('DBIRTH').length === 1);
    broker.cut();
    await until(() => host.of('NBIRTH').length === 2);
    const numbers = host.messages
      .filter((m) => m.type === 'NBIRTH' || m.type === 'NDEATH')
      .map((m) => [m.type, m.metrics.find((x) => x.name === nodeMetrics.bdSeq)?.value]);
    // The host was cut too and may have missed the will of the first life.
    expect(numbers.filter(([type]) => type === 'NBIRTH')).toEqual([
      ['NBIRTH', 0],
      ['NBIRTH', 1],
    ]);
    for (const [type, value] of numbers) if (type === 'NDEATH') expect(value).toBe(0);
  });

  test('the primary host goes: NDEATH and silence, the outbox fills; it returns: births and the rest as historical', async () => {
    await uplink.start();
    await host.state(true, 1000);
    say([[flow, 1]]);
    await until(() => host.of('DBIRTH').length === 1 && drained(), 250);
    await host.state(false, 2000);
    await until(() => host.of('NDEATH').length === 1);
    expect(host.of('NDEATH')[0]).toMatchObject({ seq: undefined, metrics: [{ name: nodeMetrics.bdSeq, value: 0 }] });
    const before = host.messages.length;
    clock.advance(1000);
    say([[flow, 2]]);
    await until(() => uplink.stats().connected);
    expect(host.types().slice(before)).toEqual([]);
    expect(drained()).toBe(false);
    await host.state(true, 3000);
    await until(drained, 250);
    await until(() => host.of('DDATA').some((m) => m.metrics.some((x) => x.value === 2 && x.historical)));
  });

  test('an old STATE message changes nothing', async () => {
    await uplink.start();
    await host.state(true, 5000);
    say([[flow, 1]]);
    await until(() => host.of('DBIRTH').length === 1 && drained(), 250);
    await host.state(false, 4000);
    say([[flow, 2]]);
    await until(() => host.of('DDATA').some((m) => m.metrics.some((x) => x.value === 2)));
    expect(host.of('NDEATH')).toEqual([]);
  });

  test('a stop says NDEATH before it goes', async () => {
    await uplink.start();
    await host.state(true, 1000);
    say([[flow, 1]]);
    await until(() => host.of('DBIRTH').length === 1);
    await uplink.stop();
    await until(() => host.of('NDEATH').length === 1);
  });

  test('what was sent stays until the host confirms it; one that has not within ten seconds never will', async () => {
    await uplink.start();
    await host.state(true, 1000);
    await until(() => host.of('NBIRTH').length === 1);
    const bornMs = clock.monotonicMs();
    say([[flow, 1]]);
    await until(drained, 250);
    expect(clock.monotonicMs() - bornMs).toBeGreaterThan(9_900);
  });

  test('once the host confirms, only its word moves the cursor, and it may ask for a replay', async () => {
    const position = (name: string, value: number) =>
      host.command('tower', 'edge-1', [{ name, type: 'UInt64', value }]);
    await uplink.start();
    await host.state(true, 1000);
    for (let i = 0; i < 3; i++) say([[flow, i]]);
    await until(drained, 250);
    await position(nodeMetrics.storedTo, 3);
    await until(() => host.of('DBIRTH').length === 1);
    // The answer is on its way; data sent after it stay until they are confirmed.
    await until(() => {
      say([[flow, clock.nowMs()]]);
      return !drained();
    }, 500);
    const cursor = outbox.committed(sparkplugUplinkName, 'live');
    const count = () => host.of('DDATA').reduce((sum, m) => sum + m.metrics.length, 0);
    await until(() => count() >= outbox.position('live'));
    const before = host.messages.length;
    await position(nodeMetrics.replayFrom, cursor);
    await until(() => host.messages.slice(before).some((m) => m.metrics.some((x) => x.historical)));
    await position(nodeMetrics.storedTo, outbox.position('live'));
    await until(drained, 250);
  });

  test('garbage in a command is survived', async () => {
    await uplink.start();
    await host.state(true, 1000);
    say([[flow, 1]]);
    await until(() => host.of('DBIRTH').length === 1);
    await host.command('tower', 'edge-1', [{ name: 'Node Control/Reboot', type: 'Boolean', value: true }]);
    say([[flow, 2]]);
    await until(() => host.of('DDATA').some((m) => m.metrics.some((x) => x.value === 2)));
  });
});
