import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peer } from '../helpers/peers.ts';
import { provePumpFault } from '../helpers/pump-fault.ts';
import { type RunningInfluxd, runInfluxd } from '../helpers/run-influxd.ts';
import { type RunningMosquitto, runMosquitto } from '../helpers/run-mosquitto.ts';
import { type RunningStack, startStack } from '../helpers/start-stack.ts';

const missing = [peer('influxd'), peer('mosquitto')].filter(({ available }) => !available);

describe.skipIf(missing.length > 0)(
  `the same line with InfluxDB and Mosquitto ${missing.map(({ hint }) => hint).join('; ')}`,
  () => {
    let influx: RunningInfluxd;
    let broker: RunningMosquitto;
    let stack: RunningStack;

    beforeAll(async () => {
      influx = await runInfluxd();
      broker = await runMosquitto();
      stack = await startStack({ influxUrl: influx.url, mqttUrl: broker.url });
    });
    afterAll(async () => {
      await stack?.destroy();
      await broker?.stop();
      await influx?.stop();
    });

    test('a pump fault becomes one alarm and one work order', async () => {
      await provePumpFault(stack);
    });

    test('history comes from InfluxDB and equals what a person at its shell reads', async () => {
      const series = await eventually(async () => {
        const found = await stack.api.history('demo/booster-1/discharge-pressure', 0, Date.now());
        expect(found.t.length).toBeGreaterThan(5);
        return found;
      });
      interface Answer {
        results: { series?: { values: [number, number][] }[] }[];
      }
      const raw = await influx.query<Answer>(
        'plantroom',
        `SELECT "discharge-pressure" FROM "booster-pump-set" WHERE "site" = 'demo' AND "equipment" = 'booster-1' AND time <= ${series.t.at(-1)}ms`,
      );
      const values = raw.results[0]?.series?.[0]?.values ?? [];
      expect(series.t.map((t, i) => [t, series.v[i]])).toEqual(values);
    });
  },
);
