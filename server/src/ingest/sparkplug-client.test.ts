import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { newClient } from 'sparkplug-client';
import { expect, test } from 'vitest';
import { startBroker } from '../broker/start-broker.ts';
import { createSparkplugHost } from './sparkplug-host.ts';
import { RecordingSink } from './test-helpers/recording-sink.ts';

test('the npm package sparkplug-client, an independent edge node, is read, asked for rebirth and followed', async () => {
  const broker = await startBroker({ host: '127.0.0.1', port: 0, logger: silentLogger });
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const sink = new RecordingSink();
  const client = newClient({
    serverUrl: url,
    username: '',
    password: '',
    groupId: 'Works',
    edgeNode: 'Node A',
    clientId: 'independent',
  });
  const timestamp = Date.UTC(2026, 0, 20);
  const birth = () => {
    client.publishNodeBirth({ timestamp, metrics: [{ name: 'Uptime', type: 'Int32', value: 1, timestamp }] });
    client.publishDeviceBirth('Dev', { timestamp, metrics: [{ name: 'T', type: 'Double', value: 20.5, timestamp }] });
  };
  client.on('birth', birth);
  await new Promise<void>((resolve) => client.once('birth' as 'connect', resolve));
  // It has given birth before there was a host: its data must make the host ask.
  const host = createSparkplugHost({
    url,
    hostId: 'plantroom',
    clock: new VirtualClock(timestamp),
    logger: silentLogger,
    sink,
    knownGateways: [],
  });
  await host.start();
  const asked = new Promise<void>((resolve) => client.once('ncmd', () => resolve()));
  const nudge = setInterval(() => client.publishDeviceData('Dev', { timestamp, metrics: [] }), 20);
  await asked;
  clearInterval(nudge);
  birth();
  await sink.saw('live works/node-a.dev/t 20.5 good');
  client.publishDeviceData('Dev', {
    timestamp: timestamp + 1,
    metrics: [{ name: 'T', type: 'Double', value: 21, timestamp: timestamp + 1 }],
  });
  await sink.saw('live works/node-a.dev/t 21 good');
  expect(sink.story.slice(0, 2)).toEqual(['online works/node-a', 'device online works/node-a node-a 1']);
  client.stop();
  await host.stop();
  await broker.stop();
});
