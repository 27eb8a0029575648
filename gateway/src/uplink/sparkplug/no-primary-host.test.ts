import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { expect, test } from 'vitest';
import { openMemoryOutbox } from '../../outbox/memory-outbox.ts';
import { Pipeline } from '../../pipeline/pipeline.ts';
import { pointTable } from '../../pipeline/point-table.ts';
import { startBroker } from '../../test-helpers/broker.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { TestHost } from '../../test-helpers/sparkplug-host.ts';
import { BdSeqStore } from './bd-seq-store.ts';
import { SparkplugUplink, sparkplugUplinkName } from './sparkplug-uplink.ts';

test('without a primary host births follow the subscription, no STATE ends them, and handing over counts after ten seconds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-no-host-'));
  const broker = await startBroker();
  const host = await TestHost.connect(broker.url);
  const clock = new VirtualClock(systemClock.nowMs());
  const shared = { clock, logger: silentLogger };
  const flow = testBinding('flow');
  const table = pointTable('tower', [testDevice('drive', [flow])]);
  const outbox = openMemoryOutbox({ uplinks: [sparkplugUplinkName], ...shared });
  const pipeline = new Pipeline({ table, outbox, ...shared });
  const uplink = new SparkplugUplink({
    site: 'tower',
    gateway: 'edge-1',
    url: broker.url,
    primaryHost: null,
    bdSeq: new BdSeqStore(join(folder, 'bd-seq'), { clock, logger: silentLogger }),
    table,
    pipeline,
    outbox,
    ...shared,
  });
  const until = (done: () => boolean): Promise<void> =>
    eventually(
      () => {
        clock.advance(100);
        expect(done()).toBe(true);
      },
      { everyMs: 5 },
    );
  const say = (value: number): void => {
    pipeline.raw('drive', flow, { payload: value }, clock.nowMs());
    pipeline.settled('drive', clock.nowMs());
  };
  const told = (): unknown[] => host.of('DDATA').flatMap(({ metrics }) => metrics.map(({ value }) => value));

  say(1);
  await uplink.start();
  await until(() => told().includes(1));
  expect(host.types().slice(0, 2)).toEqual(['NBIRTH', 'DBIRTH drive']);
  await host.state(false, systemClock.nowMs() + 1_000_000);
  say(2);
  await until(() => told().includes(2));
  expect(host.of('NDEATH')).toEqual([]);
  await until(() => outbox.committed(sparkplugUplinkName, 'live') === outbox.position('live'));

  // Values are read while the broker takes the farewell: nothing may come behind it.
  let stopped = false;
  const stop = uplink.stop().then(() => {
    stopped = true;
  });
  for (let value = 3; !stopped; value++) {
    say(value);
    clock.advance(20);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await stop;
  await until(() => host.of('NDEATH').length === 1);
  expect(host.types().at(-1)).toBe('NDEATH');

  // Each connection is born anew.
  await uplink.start();
  await until(() => host.of('NBIRTH').length === 2);
  await Promise.all([uplink.stop(), until(() => host.of('NDEATH').length === 2)]);
  await host.close();
  await broker.close();
  rmSync(folder, { recursive: true, force: true });
});
