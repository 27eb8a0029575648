import { silentLogger } from '@plantroom/contracts';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mqttDevice } from '../test-helpers/devices.ts';
import { leak, MqttBed } from '../test-helpers/mqtt-bed.ts';
import { recordingSink } from '../test-helpers/recording-sink.ts';
import { until } from '../test-helpers/scripted-server.ts';
import { mqttDriver } from './mqtt-factory.ts';

let bed: MqttBed;
beforeEach(async () => {
  bed = await MqttBed.open();
});
afterEach(() => bed.close());

describe('MQTT driver', () => {
  test('gives every point of the device the whole payload, then settles', async () => {
    const sink = recordingSink();
    const driver = await bed.started(sink);
    await bed.publish('zigbee2mqtt/leak-1', '{"water_leak":true,"battery":97}');
    await until(() => sink.settledDevices.length === 1);
    expect(sink.raws.map(({ point, raw }) => [point, raw])).toEqual([
      ['leak-1/water-leak', { water_leak: true, battery: 97 }],
      ['leak-1/battery', { water_leak: true, battery: 97 }],
    ]);
    expect(sink.raws[0]?.extra).toEqual({});
    expect(driver.stats()).toMatchObject({ messages: 1, malformed: 0 });
  });

  test('flags retained messages', async () => {
    await bed.publish('zigbee2mqtt/leak-1', '{"water_leak":false}', true);
    const sink = recordingSink();
    await bed.started(sink);
    await until(() => sink.settledDevices.length === 1);
    expect(sink.raws.map((r) => r.extra?.retained)).toEqual([true, true]);
  });

  test('acknowledges only after the sink has settled', async () => {
    const sink = recordingSink();
    let acksAtSettled = -1;
    const settled = sink.settled;
    sink.settled = (device, atMs) => {
      settled(device, atMs);
      acksAtSettled = bed.acks.length;
    };
    await bed.started(sink);
    const before = bed.acks.length;
    await bed.publish('zigbee2mqtt/leak-1', '{"water_leak":true}');
    await until(() => bed.acks.length > before);
    expect(acksAtSettled).toBe(before);
  });

  test('a message whose readings could not be stored is not acknowledged until they are', async () => {
    const sink = recordingSink();
    let full = true;
    let refusals = 0;
    const settled = sink.settled;
    sink.settled = (device, atMs) => {
      if (full) {
        refusals += 1;
        throw new Error('disk full');
      }
      settled(device, atMs);
    };
    const driver = await bed.started(sink);
    const before = bed.acks.length;
    await bed.publish('zigbee2mqtt/leak-1', '{"water_leak":true}');
    await until(() => refusals > 0);
    expect(bed.acks.length).toBe(before);
    full = false;
    await until(() => bed.acks.length > before);
    expect(sink.settledDevices).toEqual(['leak-1']);
    expect(driver.stats().reconnects).toBe(0);
  });

  test('what is not stored when the connection breaks comes again, is acknowledged then, and is one reading', async () => {
    const sink = recordingSink();
    let full = true;
    const settled = sink.settled;
    sink.settled = (device, atMs) => {
      if (full) throw new Error('disk full');
      settled(device, atMs);
    };
    const driver = await bed.started(sink);
    const before = bed.acks.length;
    await bed.publish('zigbee2mqtt/leak-1', '{"water_leak":true}');
    await until(() => sink.raws.length === 2);
    for (const client of bed.connected) client.close();
    await until(() => driver.stats().reconnects === 1 && driver.stats().messages === 2);
    expect(bed.acks.length).toBe(before);
    full = false;
    await until(() => bed.acks.length > before);
    expect(sink.raws.length).toBe(2);
  });

  test('many messages at once are stored and acknowledged together, all of them', async () => {
    const sink = recordingSink();
    await bed.started(sink);
    const before = bed.acks.length;
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${bed.port}`);
    const sent = Array.from({ length: 500 }, (_, i) =>
      client.publishAsync('zigbee2mqtt/leak-1', `{"battery":${i}}`, { qos: 1 }),
    );
    await Promise.all(sent);
    await client.endAsync();
    await until(() => bed.acks.length === before + 500);
    expect(sink.raws.filter(({ point }) => point === 'leak-1/battery').map(({ raw }) => raw)).toEqual(
      Array.from({ length: 500 }, (_, i) => ({ battery: i })),
    );
    expect(sink.settledDevices.length).toBeLessThan(500);
  });

  test('gets what was published while it was away', async () => {
    const first = await bed.started(recordingSink());
    await first.stop();
    await bed.publish('zigbee2mqtt/leak-1', '{"water_leak":true}');
    const sink = recordingSink();
    await bed.create().start(sink);
    await until(() => sink.settledDevices.length === 1);
    expect(sink.raws[0]).toMatchObject({ raw: { water_leak: true }, extra: {} });
  });

  test('a payload that is no JSON is one error with its beginning, and the next sound one is read', async () => {
    const errors: string[] = [];
    const sink = recordingSink();
    const driver = await bed.started(sink, [leak], { ...silentLogger, error: (_, message) => errors.push(message) });
    for (let i = 0; i < 3; i++) await bed.publish('zigbee2mqtt/leak-1', '{"water_leak":tru');
    await bed.publish('zigbee2mqtt/leak-1', '{"water_leak":true}');
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
    await bed.started(sink, [device]);
    await bed.publish('zigbee2mqtt/office/availability', '{"state":"online"}');
    await bed.publish('zigbee2mqtt/office/availability', 'offline');
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
    await bed.started(sink, [stamped, plain]);
    await bed.publish('x/a', '{"v":1,"at":{"utc":"2026-01-02T03:04:05Z"}}');
    await bed.publish('x/b', 'ON');
    await until(() => sink.raws.length === 2);
    expect(sink.raws[0]?.extra).toEqual({ deviceTimeMs: Date.UTC(2026, 0, 2, 3, 4, 5) });
    expect(sink.raws[1]?.raw).toBe('ON');
  });

  test('a broker that goes away is told once and found again', async () => {
    const sink = recordingSink();
    const driver = await bed.started(sink);
    for (const client of bed.connected) client.close();
    await until(() => sink.failures.length === 1);
    expect(sink.failures[0]).toMatchObject({ device: 'leak-1', failure: { kind: 'connection' } });
    await until(() => driver.stats().reconnects === 1);
    await bed.publish('zigbee2mqtt/leak-1', '{"water_leak":true}');
    await until(() => sink.raws.length === 2);
  });

  test('a topic that is no longer configured is unsubscribed from the old session', async () => {
    const first = await bed.started(recordingSink(), [
      leak,
      mqttDevice('old', { t: { topic: 'old/topic', path: '' } }),
    ]);
    await first.stop();
    const dropped: string[] = [];
    bed.broker.on('unsubscribe', (topics) => dropped.push(...topics));
    const sink = recordingSink();
    await bed.started(sink);
    const before = bed.acks.length;
    await bed.publish('old/topic', '1');
    await until(() => dropped.length > 0 && bed.acks.length > before);
    expect(dropped).toEqual(['old/topic']);
    expect(sink.raws).toEqual([]);
  });

  test('a device is gone while its bridge is, and there when both say so', async () => {
    const words = { path: 'state', online: 'online', offline: 'offline' };
    const device = mqttDevice(
      'th-1',
      { temperature: { topic: 'zigbee2mqtt/floor 1/office', path: 'temperature' } },
      {
        mqtt: {
          availability: [
            { topic: 'zigbee2mqtt/floor 1/office/availability', ...words },
            { topic: 'zigbee2mqtt/bridge/state', ...words },
          ],
        },
      },
    );
    const sink = recordingSink();
    await bed.started(sink, [device]);
    await bed.publish('zigbee2mqtt/floor 1/office/availability', '{"state":"online"}');
    await bed.publish('zigbee2mqtt/bridge/state', 'offline');
    await bed.publish('zigbee2mqtt/floor 1/office/availability', '{"state":"online"}');
    await bed.publish('zigbee2mqtt/bridge/state', '{"state":"online"}');
    await until(() => sink.availabilities.length === 4);
    expect(sink.availabilities.map(({ online }) => online)).toEqual([true, false, false, true]);
  });

  test.each([
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'is no UTF-8 text: 0x7bfffe7d'],
    ['a payload beyond the bound', Buffer.alloc(262_145, 0x20), 'is 262145 bytes, at most 262144 are read'],
    ['NaN', Buffer.from('{"water_leak":NaN}'), 'is not a JSON object: "{\\"water_leak\\":NaN}"'],
    ['null', Buffer.from('null'), 'is not a JSON object: "null"'],
  ])('%s is one error, acknowledged, and the next message is read', async (_, bytes, what) => {
    const errors: string[] = [];
    const sink = recordingSink();
    await bed.started(sink, [leak], { ...silentLogger, error: (_details, message) => errors.push(message) });
    const before = bed.acks.length;
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${bed.port}`);
    await client.publishAsync('zigbee2mqtt/leak-1', bytes, { qos: 1 });
    await client.publishAsync('zigbee2mqtt/leak-1', '{"water_leak":true}', { qos: 1 });
    await client.endAsync();
    await until(() => bed.acks.length === before + 2);
    expect(errors).toEqual([`device leak-1: payload of topic "zigbee2mqtt/leak-1" ${what}`]);
    expect(sink.raws.map(({ raw }) => raw)).toEqual([{ water_leak: true }, { water_leak: true }]);
  });

  test('a copy of an event and the replay of an old one give no reading, and are acknowledged', async () => {
    const topic = 'application/a/device/b/event/up';
    const device = mqttDevice(
      'em300',
      { t: { topic, path: 'object.t' } },
      { mqtt: { event: { id: 'deduplicationId', counter: 'fCnt' } } },
    );
    const sink = recordingSink();
    await bed.started(sink, [device]);
    const before = bed.acks.length;
    for (const [id, fCnt, t] of [
      ['a', 417, 1],
      ['a', 417, 1],
      ['b', 300, 2],
      ['c', 418, 3],
    ]) {
      await bed.publish(topic, JSON.stringify({ deduplicationId: id, fCnt, object: { t } }));
    }
    await until(() => bed.acks.length === before + 4);
    expect(sink.raws.map(({ raw }) => (raw as { object: { t: number } }).object.t)).toEqual([1, 3]);
  });

  test('a zone that does not exist is refused', () => {
    const device = mqttDevice(
      'a',
      { t: { topic: 'x/a', path: 'v' } },
      { mqtt: { time: { path: 'Time', zone: '{zone}' } }, parameters: { zone: 'Beijing' } },
    );
    const connection = { id: 'c', protocol: 'mqtt', url: 'mqtt://127.0.0.1' } as const;
    expect(mqttDriver.validate(connection, [device]).map((p) => p.message)).toEqual([
      '"Beijing" is no time zone; allowed: an IANA name (Asia/Shanghai), an offset (+08:00), or nothing',
    ]);
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
