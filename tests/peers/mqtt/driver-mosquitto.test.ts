import { eventually } from '@plantroom/contracts/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { peer } from '../../helpers/peers.ts';
import { MosquittoBed } from './bed.ts';

const mosquitto = peer('mosquitto');
const leak =
  '{ id: leak, profile: zigbee2mqtt/sjcgq11lm, connection: field, parameters: { friendly-name: floor }, serves: { sensor: leak-1 } }';
const topic = 'zigbee2mqtt/floor';

let bed: MosquittoBed;
afterEach(() => bed.close());

/** Published until it has arrived: only then is the subscription known to stand. */
async function subscribed(point: string, [at, payload]: [topic: string, payload: string]): Promise<void> {
  await eventually(async () => {
    await bed.publish(at, payload);
    expect(bed.said(point)).not.toEqual([]);
  });
}

describe.skipIf(!mosquitto.available)(
  `MQTT devices behind Mosquitto ${mosquitto.available ? '' : mosquitto.hint}`,
  () => {
    test.each([undefined, '5'] as const)(
      'a message is acknowledged when its readings are stored, not before (version %s)',
      async (version) => {
        bed = await MosquittoBed.open([leak], version);
        const append = bed.outbox.append.bind(bed.outbox);
        let refused = 0;
        let full = true;
        bed.outbox.append = (lane, readings) => {
          if (!full) return append(lane, readings);
          refused += 1;
          throw new Error('disk full');
        };
        // The session first, so that the broker keeps what comes for it.
        await bed.start();
        await eventually(() => expect(bed.driver.stats().connected).toBe(true));
        await eventually(async () => {
          await bed.publish(topic, '{"water_leak":true}');
          expect(refused).toBeGreaterThan(0);
        });
        expect(bed.tap.pubacks()).toBe(0);

        // The line breaks before anything is stored: the broker sends it again, and it is one reading.
        bed.tap.cut(true);
        await eventually(() => expect(bed.driver.stats().connected).toBe(false));
        bed.tap.cut(false);
        await eventually(() => expect(bed.driver.stats()).toMatchObject({ connected: true, reconnects: 1 }));
        expect(bed.tap.pubacks()).toBe(0);
        full = false;
        await eventually(() => expect(bed.tap.pubacks()).toBeGreaterThan(0));
        expect(bed.said('leak-1/water-leak')).toEqual([[true, 'good']]);
      },
    );

    test('a retained value is not fresh until the device speaks itself', async () => {
      bed = await MosquittoBed.open([leak]);
      await bed.publish(topic, '{"water_leak":false,"battery":90}', { retain: true });
      await bed.start();
      await eventually(() => expect(bed.said('leak-1/water-leak')).toEqual([[false, 'stale']]));
      await bed.publish(topic, '{"water_leak":false,"battery":90}');
      await eventually(() =>
        expect(bed.said('leak-1/water-leak')).toEqual([
          [false, 'stale'],
          [false, 'good'],
        ]),
      );
      expect(bed.said('leak-1/battery').at(-1)).toEqual([90, 'good']);
    });

    test('a device that is gone has no values, whoever says so: itself or its bridge', async () => {
      bed = await MosquittoBed.open([leak]);
      await bed.start();
      await subscribed('leak-1/water-leak', [topic, '{"water_leak":true}']);
      await bed.publish(`${topic}/availability`, '{"state":"offline"}', { retain: true });
      await eventually(() => expect(bed.said('leak-1/water-leak').at(-1)).toEqual([null, 'comm-lost']));
      await bed.publish(`${topic}/availability`, '{"state":"online"}', { retain: true });
      await bed.publish(topic, '{"water_leak":false}');
      await eventually(() => expect(bed.said('leak-1/water-leak').at(-1)).toEqual([false, 'good']));
      await bed.publish('zigbee2mqtt/bridge/state', 'offline', { retain: true });
      await eventually(() => expect(bed.said('leak-1/water-leak').at(-1)).toEqual([null, 'comm-lost']));
    });

    test('the time of a device counts with its zone, and not at all without one', async () => {
      const plug = (id: string, more: string) =>
        `{ id: ${id}, profile: tasmota/energy-plug, connection: field, parameters: { topic: ${id}${more} }, serves: { meter: ${id} } }`;
      bed = await MosquittoBed.open([plug('plug-1', ''), plug('plug-2', ', time-zone: Asia/Shanghai')]);
      await bed.start();
      const payload = '{"Time":"2026-07-24T10:15:30","ENERGY":{"Power":460}}';
      for (const id of ['plug-1', 'plug-2']) await subscribed(`${id}/power`, [`tele/${id}/SENSOR`, payload]);
      const time = (id: string) => bed.stored().find(({ point }) => point === `tower/${id}/power`)?.deviceTimeMs;
      expect(time('plug-1')).toBeUndefined();
      expect(time('plug-2')).toBe(Date.UTC(2026, 6, 24, 2, 15, 30));
    });

    test('a relay is read from the state and, at once, from the result', async () => {
      const plug =
        '{ id: plug, profile: tasmota/energy-plug, connection: field, parameters: { topic: plug }, serves: { meter: plug } }';
      bed = await MosquittoBed.open([plug]);
      await bed.start();
      await subscribed('plug/relay-closed', ['tele/plug/STATE', '{"Time":"2026-07-24T10:15:30","POWER":"ON"}']);
      await bed.publish('stat/plug/RESULT', '{"POWER":"OFF"}');
      await eventually(() =>
        expect(bed.said('plug/relay-closed')).toEqual([
          [true, 'good'],
          [false, 'good'],
        ]),
      );
    });
  },
);
