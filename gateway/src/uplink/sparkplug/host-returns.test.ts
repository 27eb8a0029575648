import { nodeMetrics } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pointTable } from '../../pipeline/point-table.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { type SparkplugBed, startSparkplugBed } from '../../test-helpers/edge-node.ts';
import { sparkplugUplinkName } from './sparkplug-uplink.ts';

const flow = testBinding('flow');
const table = pointTable('tower', [testDevice('drive', [flow])]);

let bed: SparkplugBed;
let host: SparkplugBed['host'];
let outbox: SparkplugBed['outbox'];
let uplink: SparkplugBed['uplink'];
let until: SparkplugBed['until'];

const say = (value: number): void => bed.say('drive', flow, value);
/** Values in data since the last NBIRTH, those sent as historical marked so. */
const sinceBirth = (): string[] =>
  host.messages
    .slice(host.messages.findLastIndex(({ type }) => type === 'NBIRTH'))
    .filter(({ type }) => type === 'DDATA')
    .flatMap(({ metrics }) => metrics.map(({ value, historical }) => `${value}${historical ? ' (was)' : ''}`));
const storedTo = (position: number): Promise<void> =>
  host.command('tower', 'edge-1', [
    {
      name: nodeMetrics.storedTo,
      type: 'UInt64',
      value: position,
      timestamp: 0,
      properties: { lane: { type: 'String', value: 'live' } },
    },
  ]);

beforeEach(async () => {
  bed = await startSparkplugBed(table);
  ({ host, outbox, uplink, until } = bed);
  say(1);
  await uplink.start();
  await host.state(true, 1000);
  await until(() => host.of('DDATA').length > 0);
  await storedTo(1);
  await until(() => outbox.committed(sparkplugUplinkName, 'live') === 1);
  for (const value of [2, 3]) say(value);
  await until(() => sinceBirth().includes('3'));
});
afterEach(() => bed.stop());

describe('a host that was cut off so that the broker has not noticed, and is there again with another connection', () => {
  test('gets what it has not confirmed again: it went to nobody', async () => {
    const [birth] = host.of('NBIRTH');
    await host.state(true, 2000);
    await until(() => host.of('NBIRTH').length === 2 && sinceBirth().length >= 2);
    expect(sinceBirth()).toEqual(['2 (was)', '3 (was)']);
    const again = host.of('NBIRTH')[1];
    expect(again?.seq).toBe(0);
    const bdSeqOf = (message: typeof again) => message?.metrics.find(({ name }) => name === nodeMetrics.bdSeq)?.value;
    expect(bdSeqOf(again)).toEqual(bdSeqOf(birth));
    expect(host.of('NDEATH')).toEqual([]);
    await storedTo(3);
    await until(() => outbox.committed(sparkplugUplinkName, 'live') === 3);
    say(4);
    await until(() => sinceBirth().includes('4'));
  });

  test('while one that only says again what it has said gets nothing twice', async () => {
    await host.state(true, 1000);
    say(4);
    await until(() => sinceBirth().includes('4'));
    expect(host.of('NBIRTH')).toHaveLength(1);
    expect(sinceBirth()).toEqual(['1 (was)', '2', '3', '4']);
  });
});
