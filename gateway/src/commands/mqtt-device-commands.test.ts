import type { Socket } from 'node:net';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CommandBed } from './test-helpers/command-bed.ts';
import { valveProfile } from './test-helpers/own-profiles.ts';

const state = 'site/v-1';
let bed: CommandBed;
let valve: MqttClient;
/** What came on the valve's command topic. */
let heard: { payload: string; qos: number; retain: boolean }[];
/** What the valve does with it; true: that is all it does before the broker confirms. */
let obey: (setpoint: number) => void;
let last = 0;

const tell = (setpoint: number): void => void valve.publish(state, JSON.stringify({ setpoint }), { qos: 1 });
const told = (id: string): string[] => bed.outcomes(id).map((outcome) => outcome.state);
const set = async (value: number): Promise<string> => {
  const id = `v${++last}`;
  await bed.command('valve', { name: 'valve-1/setpoint', type: 'Double', value, id });
  // The broker's word for it comes in real time.
  await bed.soon(() => told(id).length > 0, 'accepted or refused');
  return id;
};

beforeAll(async () => {
  bed = await CommandBed.open();
  valve = await connectAsync(bed.broker.url, { clientId: 'valve' });
  // As the broker does: what the valve says is not held back.
  (valve.stream as Socket).setNoDelay(true);
  valve.on('message', (_topic, payload, { qos, retain }) => {
    heard.push({ payload: payload.toString(), qos, retain });
    obey((JSON.parse(payload.toString()) as { setpoint: number }).setpoint);
  });
  await valve.subscribeAsync(`${state}/set`, { qos: 1 });
  bed.profile('valve', valveProfile);
  const device =
    '  - { id: valve, profile: own/valve, connection: mqtt, parameters: { name: v-1 }, serves: { actuator: valve-1 } }';
  await bed.startGateway(bed.load(device, 'catalogs: [own]\ncommands: { verify: 2s }'));
  let looks = 0;
  await bed.until(() => {
    // Nobody hears it before the driver has subscribed.
    if (looks++ % 50 === 0) tell(10);
    return bed.host.types().includes('DBIRTH valve');
  }, 'the birth of the valve');
});
afterAll(async () => {
  await valve.endAsync(true);
  await bed.close();
});
beforeEach(() => {
  heard = [];
  obey = tell;
});

describe('a DCMD to a device on MQTT', () => {
  test('is published once, QoS 1, not retained, and verified by what the device tells', async () => {
    const id = await set(42.5);
    expect(await bed.end(id)).toMatchObject({ state: 'verified', readBack: 42.5 });
    expect(told(id)).toEqual(['accepted', 'verified']);
    expect(heard).toEqual([{ payload: '{"setpoint":42.5}', qos: 1, retain: false }]);
  });

  test('is unverified when the device tells something else, and open when it tells nothing', async () => {
    obey = () => tell(11);
    const other = await set(50);
    expect(await bed.end(other)).toMatchObject({ state: 'unverified', reason: 'read-back-differs', readBack: 11 });
    obey = () => undefined;
    const nothing = await set(60);
    expect(await bed.end(nothing)).toMatchObject({ state: 'timed-out', reason: 'no-read-back' });
    expect(heard).toHaveLength(2);
  });

  test('is not published when it is refused', async () => {
    expect(await bed.end(await set(101))).toMatchObject({ state: 'refused', reason: 'not-allowed' });
    expect(heard).toEqual([]);
  });
});
