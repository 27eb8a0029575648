import { systemClock } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { pointTable } from '../../pipeline/point-table.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { startSparkplugBed } from '../../test-helpers/edge-node.ts';

test('without a primary host births follow the subscription, no STATE ends them, and handing over counts after ten seconds', async () => {
  const flow = testBinding('flow');
  const table = pointTable('tower', [testDevice('drive', [flow])]);
  const bed = await startSparkplugBed(table, { primaryHost: null });
  const { host, clock, uplink, drained } = bed;
  const until = (condition: () => boolean): Promise<void> => bed.until(condition, 100);
  const say = (value: number): void => bed.say('drive', flow, value);
  const told = (): unknown[] => host.of('DDATA').flatMap(({ metrics }) => metrics.map(({ value }) => value));

  say(1);
  await uplink.start();
  await until(() => told().includes(1));
  expect(host.types().slice(0, 2)).toEqual(['NBIRTH', 'DBIRTH drive']);
  await host.state(false, systemClock.nowMs() + 1_000_000);
  say(2);
  await until(() => told().includes(2));
  expect(host.of('NDEATH')).toEqual([]);
  await until(drained);

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
  await bed.stop();
});
