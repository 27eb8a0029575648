import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { type Logger, silentLogger, systemClock } from '@plantroom/contracts';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver } from '../driver.ts';
import { mqttDevice } from '../test-helpers/devices.ts';
import { type RecordingSink, recordingSink } from '../test-helpers/recording-sink.ts';
import { until } from '../test-helpers/scripted-server.ts';
import { mqttDriver } from './mqtt-factory.ts';

const leak = mqttDevice('leak-1', {
  'water-leak': { topic: 'zigbee2mqtt/leak-1', path: 'water_leak' },
  battery: { topic: 'zigbee2mqtt/leak-1', path: 'battery' },
});

let broker: Aedes;
let server: Server;
let port: number;
let drivers: Driver[];
let acks: string[];
let subscriptions: string[];
let connected: { close(): void }[];

async function listen(): Promise<void> {
  server = createServer(broker.handle);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
}

beforeEach(async () => {
  broker = await Aedes.createBroker();
  acks = [];
  subscriptions = [];
  connected = [];
  broker.on('client', (client) => connected.push(client));
  broker.on('ack', (packet) =>
    acks.push(packet !== undefined && 'topic' in packet ? String(packet.topic) : (packet?.cmd ?? '')),
  );
  broker.on('subscribe', (list) => subscriptions.push(...list.map((s) => s.topic)));
  drivers = [];
  port = 0;
  await listen();
});
afterEach(async () => {
  for (const driver of drivers) await driver.stop();
  await new Promise<void>((resolve) => broker.close(() => resolve()));
  server.close();
});

function create(devices = [leak], logger: Logger = silentLogger): Driver {
  const driver = mqttDriver.create({
    connection: { id: 'zigbee', protocol: 'mqtt', url: `mqtt://127.0.0.1:${port}`, clientId: 'edge-zigbee' },
    devices,
    clock: systemClock,
    logger,
  });
  drivers.push(driver);
  return driver;
}

async function started(sink: RecordingSink, devices = [leak], logger?: Logger): Promise<Driver> {
  const driver = create(devices, logger);
  await driver.start(sink);
  await until(() => subscriptions.length > 0 && driver.stats().connected);
  return driver;
}

async function publish(topic: string, payload: string, retain = false): Promise<void> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
  await client.publishAsync(topic, payload, { qos: 1, retain });
  await client.endAsync();
}

describe('MQTT driver', () => {
  test('gives every point of the device the whole payload, then settles', async () => {
    const sink = recordingSink();
    const driver = await started(sink);
    await publish('zigbee2mqtt/leak-1', '{"water_leak":true,"battery":97}');
    await until(() => sink.settledDevices.length === 1);
    expect(sink.raws.map(({ point, raw }) => [point, raw])).toEqual([
      ['leak-1/water-leak', { water_leak: true, battery: 97 }],
      ['leak-1/battery', { water_leak: true, battery: 97 }],
    ]);
    expect(sink.raws[0]?.extra).toEqual({});
    expect(driver.stats()).toMatchObject({ messages: 1, malformed: 0 });
  });

  test('flags retained messages', async () => {
    await publish('zigbee2mqtt/leak-1', '{"water_leak":false}', true);
    const sink = recordingSink();
    await started(sink);
    await until(() => sink.settledDevices.length === 1);
    expect(sink.raws.map((r) => r.extra?.retained)).toEqual([true, true]);
  });

  test('acknowledges only after the sink has settled', async () => {
    const sink = recordingSink();
    let acksAtSettled = -1;
    const settled = sink.settled;
    sink.settled = (device, atMs) => {
      settled(device, atMs);
      acksAtSettled = acks.length;
    };
    await started(sink);
    const before = acks.length;
    await publish('zigbee2mqtt/leak-1', '{"water_leak":true}');
    await until(() => acks.length > before);
    expect(acksAtSettled).toBe(before);
  });

  test('a message whose readings could not be stored is not acknowledged and comes again', async () => {
    const sink = recordingSink();
    let full = true;
    const settled = sink.settled;
    sink.settled = (device, atMs) => {
      if (full) throw new Error('disk full');
      settled(device, atMs);
    };
    const driver = await started(sink);
    const before = acks.length;
    await publish('zigbee2mqtt/leak-1', '{"water_leak":true}');
    await until(() => sink.raws.length === 2);
    expect(acks.length).toBe(before);
    full = false;
    await until(() => sink.settledDevices.length === 1);
    expect(driver.stats().reconnects).toBe(1);
    await until(() => acks.length > before);
  });

  test('gets what was published while it was away', async () => {
    const first = await started(recordingSink());
    await first.stop();
    await publish('zigbee2mqtt/leak-1', '{"water_leak":true}');
    const sink = recordingSink();
    await create().start(sink);
    await until(() => sink.settledDevices.length === 1);
    expect(sink.raws[0]).toMatchObject({ raw: { water_leak: true }, extra: {} });
  });

  test('a payload that is no JSON is one error with its beginning, and the next sound one is read', async () => {
    const errors: string[] = [];
    const sink = recordingSink();
    const driver = await started(sink, [leak], { ...silentLogger, error: (_, message) => errors.push(message) });
    for (let i = 0; i < 3; i++) await publish('zigbee2mqtt/leak-1', '{"water_leak":tru');
    await publish('zigbee2mqtt/leak-1', '{"water_leak":true}');
    await until(() => sink.raws.length === 2);
    expect(errors).toEqual([
      'device leak-1: payload of topic "zigbee2mqtt/leak-1" is not a JSON object: "{\\"water_leak\\":tru"',
    ]);
    expect(driver.stats().malformed).toBe(3);
    expect(sink.failures[0]).toMatchObject({ device: 'leak-1', failure: { kind: 'malformed' } });
  });

  test('reads availability as JSON or as the bare word', async () => {
    const device = mqttDevice(
      'th-1',
      { temperature: { topic: 'zigbee2mqtt/office', path: 'temperature' } },
      {
        parameters: { name: 'office' },
        mqtt: {
          availability: {
            topic: 'zigbee2mqtt/{name}/availability',
            path: 'state',
            online: 'online',
            offline: 'offline',
          },
        },
      },
    );
    const sink = recordingSink();
    await started(sink, [device]);
    await publish('zigbee2mqtt/office/availability', '{"state":"online"}');
    await publish('zigbee2mqtt/office/availability', 'offline');
    await until(() => sink.availabilities.length === 2);
    expect(sink.availabilities).toEqual([
      { device: 'th-1', online: true },
      { device: 'th-1', online: false },
    ]);
  });

  test("gives the device's own time beside the wire time, and plain text to points that take the whole payload", async () => {
    const stamped = mqttDevice('a', { t: { topic: 'x/a', path: 'v' } }, { mqtt: { time: 'at.utc' } });
    const plain = mqttDevice('b', { t: { topic: 'x/b', path: '' } });
    const sink = recordingSink();
    await started(sink, [stamped, plain]);
    await publish('x/a', '{"v":1,"at":{"utc":"2026-01-02T03:04:05Z"}}');
    await publish('x/b', 'ON');
    await until(() => sink.raws.length === 2);
    expect(sink.raws[0]?.extra).toEqual({ deviceTimeMs: Date.UTC(2026, 0, 2, 3, 4, 5) });
    expect(sink.raws[1]?.raw).toBe('ON');
  });

  test('a broker that goes away is told once and found again', async () => {
    const sink = recordingSink();
    const driver = await started(sink);
    for (const client of connected) client.close();
    await until(() => sink.failures.length === 1);
    expect(sink.failures[0]).toMatchObject({ device: 'leak-1', failure: { kind: 'connection' } });
    await until(() => driver.stats().reconnects === 1);
    await publish('zigbee2mqtt/leak-1', '{"water_leak":true}');
    await until(() => sink.raws.length === 2);
  });

  test('refuses wildcards and parameters that are not filled', () => {
    const device = mqttDevice('a', { t: { topic: 'x/+', path: '' }, u: { topic: 'x/{name}', path: '' } });
    const connection = { id: 'c', protocol: 'mqtt', url: 'mqtt://127.0.0.1' } as const;
    expect(mqttDriver.validate(connection, [device]).map((p) => p.message)).toEqual([
      'topic "x/+" is not one topic: wildcards + and # and open {} are not allowed',
      'topic "x/{name}" is not one topic: wildcards + and # and open {} are not allowed',
    ]);
  });
});
