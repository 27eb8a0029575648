import type { Alarm, AlarmJournalEntry, Gateway, WorkOrder, WorkOrderDetail } from '@plantroom/contracts';
import { silentLogger } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Broker, startBroker } from './broker/start-broker.ts';
import { EdgeNode } from './ingest/test-helpers/edge-node.ts';
import type { RunningServer } from './server.ts';
import { startTestServer, TestClient, temporaryFolder } from './test-helpers/start-test-server.ts';

const t = Date.UTC(2026, 0, 20, 8);
const alarmId = 'hq/booster-1/discharge-pressure#discharge-pressure-low';
const { folder, remove } = temporaryFolder();
let broker: Broker;
let server: RunningServer;
let client: TestClient;
let node: EdgeNode;

const pressure = (value: number, atMs: number) => ({ alias: 1, type: 'Double' as const, value, timestamp: atMs });
const watermark = (atMs: number) =>
  ({ name: 'Plantroom/Watermark', type: 'UInt64', value: atMs, timestamp: atMs }) as const;
const data = (value: number, atMs: number) => node.publish('DDATA', 'cim-1', [pressure(value, atMs)], atMs);
const goneBy = (atMs: number) => node.publish('NDATA', undefined, [watermark(atMs)], atMs);

async function birth(value: number, atMs: number): Promise<void> {
  await node.nodeBirth([watermark(atMs)], atMs);
  const properties = {
    Quality: { type: 'Int32', value: 192 },
    class: { type: 'String', value: 'booster-pump-set' },
    profile: { type: 'String', value: 'acme/booster' },
    unit: { type: 'String', value: 'kPa' },
  } as const;
  const metric = { ...pressure(value, atMs), name: 'booster-1/discharge-pressure', properties };
  await node.publish('DBIRTH', 'cim-1', [metric], atMs);
}

const alarm = async () =>
  (await client.call<{ items: Alarm[] }>('GET', '/api/alarms?all=true')).body.items.find((a) => a.id === alarmId);
const orders = async () => (await client.call<{ items: WorkOrder[] }>('GET', '/api/work-orders')).body.items;
const journal = async () =>
  (
    await client.call<{ items: AlarmJournalEntry[] }>('GET', `/api/alarms/journal?alarm=${encodeURIComponent(alarmId)}`)
  ).body.items.map((entry) => entry.action);
const seen = async (value: number) => {
  const wanted = { point: 'hq/booster-1/discharge-pressure', value };
  await eventually(async () => {
    const { body } = await client.call<{ items: unknown[] }>('GET', '/api/points?equipment=hq/booster-1');
    expect(body.items).toMatchObject([wanted]);
  });
};
/** All that has been sent so far has come through rules and database. */
const passed = async (atMs: number) => {
  await goneBy(atMs);
  await eventually(async () => {
    const { body } = await client.call<{ items: Gateway[] }>('GET', '/api/gateways');
    expect(body.items[0]?.watermarkMs).toBe(atMs);
  });
  await server.engine.settled();
};

beforeAll(async () => {
  broker = await startBroker({ host: '127.0.0.1', port: 0, logger: silentLogger });
  const mqttUrl = `mqtt://127.0.0.1:${broker.port}`;
  server = await startTestServer(folder, { mqttUrl });
  node = new EdgeNode(mqttUrl, { group: 'hq', node: 'edge-1', hostId: 'plantroom' });
  await node.connect();
  client = new TestClient(server.url);
  await client.signIn();
});

afterAll(async () => {
  await node.stop();
  await server.stop();
  await broker.stop();
  remove();
});

test('from the wire to alarm, order, screen, acknowledgement, restart and return', async () => {
  const { deltas, socket } = await client.live({ scope: { kind: 'site', site: 'hq' } });
  await birth(500, t);
  await seen(500);
  await data(250, t + 1_000);
  await seen(250);
  await passed(t + 15_999);
  expect(await alarm()).toMatchObject({ state: 'NORM' });

  await passed(t + 16_000);
  expect(await alarm()).toMatchObject({
    state: 'UNACK',
    onsetMs: t + 1_000,
    activeMs: t + 16_000,
    workOrder: 'WO-000001',
  });
  await eventually(() => {
    expect(deltas.flatMap((delta) => delta.values ?? []).map((value) => value[1])).toContain(250);
    expect(deltas.flatMap((delta) => delta.alarms ?? []).at(-1)).toMatchObject({ id: alarmId, state: 'UNACK' });
    expect(deltas.flatMap((delta) => delta.workOrders ?? [])).toMatchObject([{ id: 'WO-000001', state: 'open' }]);
  });
  expect(deltas.map((delta) => delta.seq)).toEqual(deltas.map((_, index) => deltas[0]!.seq + index));

  const before = await alarm();
  await data(250, t + 1_000);
  await passed(t + 17_000);
  expect(await alarm()).toEqual(before);
  expect(await orders()).toHaveLength(1);
  expect(await journal()).toEqual(['order-opened', 'activated']);

  for (let times = 0; times < 2; times++) {
    const { body } = await client.call<{ alarms: Alarm[] }>('POST', '/api/alarms/ack', {
      ids: [alarmId],
      comment: 'seen',
    });
    expect(body.alarms).toMatchObject([{ state: 'ACKED', ackedBy: 'admin', ackComment: 'seen' }]);
  }
  expect(await journal()).toEqual(['acknowledged', 'order-opened', 'activated']);
  socket.close();

  const acked = await alarm();
  await data(400, t + 20_000);
  await seen(400);
  await passed(t + 21_000);
  await server.stop();
  server = await startTestServer(folder, { mqttUrl: `mqtt://127.0.0.1:${broker.port}` });
  client = new TestClient(server.url);
  await client.signIn();
  expect(await alarm()).toEqual(acked);
  expect(await orders()).toMatchObject([{ id: 'WO-000001', state: 'open', conditionCleared: false }]);

  await birth(400, t + 22_000);
  await seen(400);
  // The off-delay of 30 s had begun before the restart and goes on after it.
  await passed(t + 49_999);
  expect(await alarm()).toMatchObject({ state: 'ACKED' });
  await passed(t + 50_000);
  expect(await alarm()).toMatchObject({ state: 'NORM', returnedMs: t + 50_000 });
  const detail = await client.call<WorkOrderDetail>('GET', '/api/work-orders/WO-000001');
  expect(detail.body).toMatchObject({ state: 'open', conditionCleared: true, evidenceCount: 1 });
  expect(detail.body.events.map((event) => event.kind)).toEqual(['opened', 'condition-cleared']);
});

test('a device that dies raises one alarm; a gateway that goes hides its devices behind its own', async () => {
  const standing = async () =>
    (await client.call<{ items: Alarm[] }>('GET', '/api/alarms')).body.items.map((a) => a.source);
  await node.publish('DDEATH', 'cim-1', []);
  await eventually(async () => expect(await standing()).toEqual(['hq/edge-1/cim-1']));
  await birth(400, t + 60_000);
  await eventually(async () => {
    const [offline] = (await client.call<{ items: Alarm[] }>('GET', '/api/alarms')).body.items;
    expect(offline).toMatchObject({ state: 'RTNUN' });
  });
  await client.call('POST', '/api/alarms/ack', { ids: ['hq/edge-1/cim-1#offline'] });
  node.cut();
  await eventually(async () => expect(await standing()).toEqual(['hq/edge-1']));
});
