import { type Alarm, silentLogger } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Broker, startBroker } from '../broker/start-broker.ts';
import type { RunningServer } from '../server.ts';
import { startTestServer, TestClient, temporaryFolder } from '../test-helpers/start-test-server.ts';

const siteFile = new URL('../../../simulators/demo/site.yaml', import.meta.url).pathname;
let broker: Broker;
let server: RunningServer;
let client: TestClient;
let listener: MqttClient;
let heard: { topic: string; text: string; retained: boolean }[];
let folder: ReturnType<typeof temporaryFolder>;

beforeEach(async () => {
  heard = [];
  folder = temporaryFolder();
  broker = await startBroker({ host: '127.0.0.1', port: 0, logger: silentLogger });
  await startServer();
  listener = await listen();
});
afterEach(async () => {
  await listener.endAsync(true);
  await server.stop();
  await broker.stop();
  folder.remove();
});

async function startServer(): Promise<void> {
  server = await startTestServer(folder.folder, {
    mqttUrl: `mqtt://127.0.0.1:${broker.port}`,
    env: { PLANTROOM_SITE_FILE: siteFile },
  });
  client = new TestClient(server.url);
  await client.signIn();
}

async function listen(): Promise<MqttClient> {
  const made = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
  made.on('message', (topic, payload, { retain }) => heard.push({ topic, text: payload.toString(), retained: retain }));
  await made.subscribeAsync('plantroom/#', { qos: 1 });
  return made;
}

const turn = (mqtt: boolean) =>
  client.call('PUT', '/api/notifications/settings', { publicUrl: null, linkMinutes: 60, mqtt });

/** An alarm of the demo building, with its topic. */
function anAlarm(): { id: string; topic: string; raise: (on: boolean) => Promise<void> } {
  const { engine } = server;
  const entry = [...engine.book.all()].find(
    ({ definition }) => definition.lifeSafety && definition.condition.type === 'off-normal' && !definition.latching,
  );
  const found =
    entry ??
    [...engine.book.all()].find(
      ({ definition }) => definition.lifeSafety && definition.condition.type === 'off-normal',
    );
  if (found?.definition.condition.type !== 'off-normal') throw new Error('the demo building has no alarm about life');
  const { id, source, onDelayMs, condition } = found.definition;
  const [value] = condition.values;
  let atMs = Date.now() - 3_600_000;
  return {
    id,
    topic: id.replaceAll('#', '/'),
    async raise() {
      engine.gatewayOnline('demo/gw', atMs);
      atMs += onDelayMs + 60_000;
      engine.readings('demo/gw', [{ point: source, value: value ?? true, quality: 'good', wireTimeMs: atMs }], false);
      atMs += onDelayMs + 60_000;
      engine.watermark('demo/gw', atMs);
      await engine.settled();
    },
  };
}
const stateOf = (topic: string) => heard.filter((message) => message.topic === `plantroom/alarms/${topic}`);
const eventsOf = (topic: string) =>
  heard
    .filter((message) => message.topic === `plantroom/alarm-events/${topic}`)
    .map(({ text }) => (JSON.parse(text) as { action: string }).action);

test('turned off, nothing is published; turned on, each change is an event and what stands is retained', async () => {
  const alarm = anAlarm();
  await alarm.raise(true);
  expect(heard).toEqual([]);
  await turn(true);
  // What stood already is told as it stands, not as news.
  await eventually(() => expect(stateOf(alarm.topic)).toHaveLength(1));
  expect(eventsOf(alarm.topic)).toEqual([]);
  await client.call('POST', '/api/alarms/ack', { ids: [alarm.id] });
  await eventually(() => expect(stateOf(alarm.topic)).toHaveLength(2));
  expect(eventsOf(alarm.topic)).toEqual(['acknowledged']);
  expect(JSON.parse(stateOf(alarm.topic)[1]?.text ?? '') as Alarm).toMatchObject({
    id: alarm.id,
    flags: { acked: true, active: true },
  });
  // Who comes later is told the same by the broker.
  heard = [];
  const later = await listen();
  await eventually(() => expect(stateOf(alarm.topic).map(({ retained }) => retained)).toContain(true));
  await later.endAsync(true);
  await turn(false);
  await eventually(() => expect(stateOf(alarm.topic).at(-1)?.text).toBe(''));
});

test('what is journalled while the server has no broker is published when there is one; a broker that forgot is told again', async () => {
  await turn(true);
  const alarm = anAlarm();
  await listener.endAsync(true);
  const { port } = broker;
  await broker.stop();
  await alarm.raise(true);
  await client.call('POST', '/api/alarms/ack', { ids: [alarm.id] });
  broker = await startBroker({ host: '127.0.0.1', port, logger: silentLogger });
  listener = await listen();
  await eventually(() => expect(eventsOf(alarm.topic).slice(-1)).toEqual(['acknowledged']));
  expect(eventsOf(alarm.topic)[0]).toBe('activated');
  await eventually(() => expect(stateOf(alarm.topic).at(-1)?.text).toContain('"acked":true'));
});
