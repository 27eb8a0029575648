import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Alarm, Health, PointWithValue, UnmappedMetric } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunningServer } from '../../../server/src/server.ts';
import { startTestServer, TestClient, temporaryFolder } from '../../../server/src/test-helpers/start-test-server.ts';
import { peer } from '../../helpers/peers.ts';
import { type RunningMosquitto, runMosquitto } from '../../helpers/run-mosquitto.ts';
import { ClientNode } from './sparkplug-client-node.ts';

const mosquitto = peer('mosquitto');
const source = 'group: Works, node: Node A, device: PLC';
const mapping = `
site: tower
points:
  - { ${source}, metric: "AHU-{n}/Temp Supply", equipment: "ahu-{n}", class: ahu, point: supply-temperature, unit: degF, timeout: 1500ms }
  - { ${source}, metric: "AHU-{n}/Fire", equipment: "ahu-{n}", class: ahu, point: fire-input, values: { NORMAL: false, FIRE: true } }
`;

describe.skipIf(!mosquitto.available)(
  `a foreign node behind the mapping file, on Mosquitto ${mosquitto.available ? '' : mosquitto.hint}`,
  () => {
    let data: ReturnType<typeof temporaryFolder>;
    let broker: RunningMosquitto;
    let server: RunningServer;
    let client: TestClient;
    let node: ClientNode;

    const start = async (text: string): Promise<void> => {
      const file = join(data.folder, 'mapping.yaml');
      writeFileSync(file, text);
      server = await startTestServer(data.folder, { mqttUrl: broker.url, env: { PLANTROOM_MAPPING_FILE: file } });
      client = new TestClient(server.url);
      await client.signIn();
      node = new ClientNode(broker.url, {
        group: 'Works',
        node: 'Node A',
        device: 'PLC',
        metrics: [
          { name: 'AHU-1/Temp Supply', type: 'Float', value: 68 },
          { name: 'AHU-1/Fire', type: 'String', value: 'NORMAL' },
          { name: 'Door', type: 'Boolean', value: false },
        ],
        atMs: Date.now(),
      });
    };
    const items = async <T>(path: string): Promise<T[]> => (await client.call<{ items: T[] }>('GET', path)).body.items;
    const point = async (id: string): Promise<PointWithValue | undefined> =>
      (await items<PointWithValue>(`/api/points?id=${id}`))[0];

    beforeEach(async () => {
      data = temporaryFolder();
      broker = await runMosquitto();
    });
    afterEach(async () => {
      await node.stop();
      await server.stop();
      await broker.stop();
      data.remove();
    });

    test('its metrics are points of the class in base units, in the historian and in its alarms; the rest is listed', async () => {
      await start(mapping);
      const id = 'tower/ahu-1/supply-temperature';
      await eventually(async () =>
        expect(await point(id)).toMatchObject({ value: expect.closeTo(20, 4), unit: 'degC' }),
      );
      expect(await items('/api/equipment')).toContainEqual(
        expect.objectContaining({ id: 'tower/ahu-1', class: 'ahu' }),
      );
      expect(await items<UnmappedMetric>('/api/unmapped-metrics')).toEqual([
        {
          gateway: 'works/node-a',
          group: 'Works',
          node: 'Node A',
          device: 'PLC',
          metric: 'Door',
          point: 'works/node-a.plc/door',
        },
      ]);

      await eventually(async () => {
        node.data([{ name: 'AHU-1/Fire', type: 'String', value: 'FIRE' }], Date.now());
        const alarms = await items<Alarm>('/api/alarms');
        expect(alarms.map(({ source: of }) => of)).toContain('tower/ahu-1/fire-input');
      });

      // Too warm to be true: shown, and doubted.
      await eventually(async () => {
        node.data([{ name: 'AHU-1/Temp Supply', type: 'Float', value: 500 }], Date.now());
        expect(await point(id)).toMatchObject({ quality: 'uncertain', reason: 'out-of-range' });
      });
      await eventually(async () => {
        const span = `from=${Date.now() - 60_000}&to=${Date.now() + 1_000}`;
        const path = `/api/points/history?point=${id}&${span}&aggregate=raw`;
        const { series } = (await client.call<{ series: { v: number[] }[] }>('GET', path)).body;
        expect(series[0]?.v.map(Math.round)).toEqual(expect.arrayContaining([20, 260]));
      });
    });

    test('without a value for its time-out a point is comm-lost, and good again with the next', async () => {
      await start(mapping);
      const id = 'tower/ahu-1/supply-temperature';
      await eventually(async () => expect(await point(id)).toMatchObject({ quality: 'bad', reason: 'comm-lost' }));
      expect(await point('tower/ahu-1/fire-input')).toMatchObject({ quality: 'good' });
      await eventually(async () => {
        node.data([{ name: 'AHU-1/Temp Supply', type: 'Float', value: 50 }], Date.now());
        expect(await point(id)).toMatchObject({ quality: 'good', value: expect.closeTo(10, 4) });
      });
    });

    test('a wrong mapping file is told in health and left out; the node is read under its own names', async () => {
      await start(mapping.replace('degF', 'furlong'));
      await eventually(async () => expect((await point('works/node-a.plc/ahu-1.temp-supply'))?.value).toBe(68));
      const { body } = await client.call<Health>('GET', '/api/health');
      expect(JSON.stringify(body)).toContain('furlong');
      expect(await items('/api/unmapped-metrics')).toHaveLength(3);
    });
  },
);
