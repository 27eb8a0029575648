import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mqttDevice } from '../test-helpers/devices.ts';
import { MqttBed } from '../test-helpers/mqtt-bed.ts';
import { recordingSink } from '../test-helpers/recording-sink.ts';
import { until } from '../test-helpers/scripted-server.ts';
import { brokerGraceMs } from './mqtt-driver.ts';

let bed: MqttBed;
beforeEach(async () => {
  bed = await MqttBed.open();
});
afterEach(() => bed.close());

const presence = { topic: 'z/a/availability', online: 'online', offline: 'offline' };
const there = mqttDevice('there', { t: { topic: 'z/there', path: 't' } });
const away = mqttDevice('away', { t: { topic: 'z/away', path: 't' } }, { mqtt: { availability: presence } });

test('a broker that stays away takes its devices with it, and brings back those that are there', async () => {
  const clock = new VirtualClock();
  const sink = recordingSink();
  const driver = bed.create([there, away], silentLogger, { clock });
  await driver.start(sink);
  await until(() => bed.subscriptions.length === 3);
  await bed.publish('z/a/availability', 'offline');
  await until(() => sink.availabilities.length === 1);
  sink.availabilities.length = 0;

  bed.server?.close();
  for (const client of bed.connected) client.close();
  await until(() => sink.failures.length === 2);
  clock.advance(brokerGraceMs - 1);
  expect(sink.availabilities).toEqual([]);
  clock.advance(1);
  expect(sink.availabilities).toEqual([
    { device: 'there', online: false },
    { device: 'away', online: false },
  ]);

  await bed.listen();
  await until(() => sink.availabilities.length > 2);
  expect(sink.availabilities.slice(2)).toEqual([{ device: 'there', online: true }]);
});

test('a broker that is back in time costs nothing', async () => {
  const clock = new VirtualClock();
  const sink = recordingSink();
  const driver = bed.create([there], silentLogger, { clock });
  await driver.start(sink);
  await until(() => bed.subscriptions.length === 1);
  for (const client of bed.connected) client.close();
  await until(() => driver.stats().reconnects === 1);
  clock.advance(2 * brokerGraceMs);
  expect(sink.availabilities).toEqual([]);
});
