import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { leak, MqttBed } from '../test-helpers/mqtt-bed.ts';
import { recordingSink } from '../test-helpers/recording-sink.ts';
import { until } from '../test-helpers/scripted-server.ts';

let bed: MqttBed;
beforeEach(async () => {
  bed = await MqttBed.open();
});
afterEach(() => bed.close());

describe('MQTT commands', () => {
  test('publishes a command at QoS 1, not retained, and is done at the PUBACK', async () => {
    const driver = await bed.started(recordingSink());
    const published: { topic: string; payload: string; qos: number; retain: boolean }[] = [];
    bed.broker.on('publish', ({ topic, payload, qos, retain }, client) => {
      if (client !== null) published.push({ topic, payload: payload.toString(), qos, retain });
    });
    const request = { protocol: 'mqtt', topic: 'zigbee2mqtt/plug/set', payload: '{"state":"ON"}' } as const;
    await expect(driver.write('leak-1', leak.bindings[0]!, request)).resolves.toEqual({ kind: 'done' });
    expect(published).toEqual([{ topic: request.topic, payload: request.payload, qos: 1, retain: false }]);
  });

  test('a command fails at once without a broker, and is not sent when the broker is back', async () => {
    const driver = await bed.started(recordingSink());
    const topics: string[] = [];
    bed.broker.on('publish', ({ topic }, client) => {
      if (client !== null) topics.push(topic);
    });
    for (const client of bed.connected) client.close();
    await until(() => !driver.stats().connected);
    const request = { protocol: 'mqtt', topic: 'cmnd/plug/POWER', payload: 'ON' } as const;
    await expect(driver.write('leak-1', leak.bindings[0]!, request)).resolves.toEqual({
      kind: 'failed',
      failure: { kind: 'connection', message: 'not connected to the broker' },
    });
    await until(() => driver.stats().reconnects === 1);
    await bed.publish('end', '');
    expect(topics).toEqual(['end']);
  });

  test('a command that the connection did not survive has failed and is not sent again', async () => {
    const driver = await bed.started(recordingSink());
    let commands = 0;
    bed.broker.authorizePublish = (client, packet, done) => {
      if (packet.topic !== 'cmnd/plug/POWER') return done(null);
      commands += 1;
      client?.close();
    };
    const request = { protocol: 'mqtt', topic: 'cmnd/plug/POWER', payload: 'ON' } as const;
    const result = await driver.write('leak-1', leak.bindings[0]!, request);
    expect(result).toMatchObject({ kind: 'failed', failure: { kind: 'connection' } });
    await until(() => driver.stats().reconnects === 1);
    await bed.publish('end', '');
    expect(commands).toBe(1);
  });
});
