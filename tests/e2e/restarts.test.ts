import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Alarm, AlarmJournalEntry, WorkOrder } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CountingDevice, countingDevice } from '../helpers/counting-device.ts';
import { type RunningStack, startStack } from '../helpers/start-stack.ts';

const write = (file: string, content: unknown): void => writeFileSync(file, JSON.stringify(content));
const poll = { fast: '200ms', normal: '200ms', slow: '200ms' };
const profile = (model: string, serves: unknown, point: unknown) => ({
  profile: `acme/${model}`,
  vendor: 'Acme',
  model,
  sources: ['made for a test'],
  certainty: 'B',
  protocol: 'modbus',
  serves,
  silence: { polls: 1000 },
  modbus: { timeoutMs: 20000 },
  poll,
  points: [point],
});
const environment = (name: string): string => `${'$'}{${name}}`;
const both = (text: string) => ({ zh: text, en: text });

/** Of the class fire-zone: raised when it has stood for so long. */
const onDelayMs = 5000;
const power = 'tower/meter-1/power';

describe('each process that is killed goes on where it was', () => {
  let device: CountingDevice;
  let folder: string;
  let stack: RunningStack;
  const alarm = async (): Promise<Alarm | undefined> =>
    (await stack.api.alarms()).find(({ id }) => id === 'tower/zone-1/fault#fault');
  const order = async (): Promise<WorkOrder | undefined> =>
    (await stack.api.workOrders()).find(({ equipment }) => equipment === 'tower/zone-1');
  const journal = async (): Promise<string[]> =>
    (
      await stack.api.get<{ items: AlarmJournalEntry[] }>(
        `/api/alarms/journal?alarm=${encodeURIComponent('tower/zone-1/fault#fault')}`,
      )
    ).items.map(({ action }) => action);
  const current = async () => (await stack.api.values('tower/meter-1')).find(({ point }) => point === power);
  const kill = (name: string): Promise<boolean> =>
    eventually(() => process.kill(stack.process(name).pid!, 'SIGKILL'), { what: `${name} runs` });
  const moreServed = async (): Promise<void> => {
    const wanted = device.served + 5;
    await eventually(() => expect(device.served).toBeGreaterThan(wanted), { what: 'the gateway polls' });
  };

  beforeAll(async () => {
    device = await countingDevice();
    folder = mkdtempSync(join(tmpdir(), 'plantroom-restarts-'));
    mkdirSync(join(folder, 'own/profiles/acme'), { recursive: true });
    const [meter, zone] = [{ meter: { class: 'power-meter' } }, { zone: { class: 'fire-zone' } }];
    const register = { table: 'input', address: 0, type: 'u16' };
    const input = { table: 'discrete', address: 1, type: 'bool' };
    write(
      join(folder, 'own/profiles/acme/meter.yaml'),
      profile('meter', meter, { point: 'power', unit: 'kW', at: register }),
    );
    write(join(folder, 'own/profiles/acme/zone.yaml'), profile('zone', zone, { point: 'fault', at: input }));
    const connection = 'line';
    write(join(folder, 'gateway.yaml'), {
      gateway: 'edge-1',
      site: 'tower',
      catalogs: ['own'],
      connections: [{ id: connection, protocol: 'modbus', transport: 'tcp', host: '127.0.0.1', port: device.port }],
      devices: [
        { id: 'meter', profile: 'acme/meter', connection, unitId: 1, serves: { meter: 'meter-1' } },
        { id: 'panel', profile: 'acme/zone', connection, unitId: 2, serves: { zone: 'zone-1' } },
      ],
      uplinks: {
        lineProtocol: {
          url: environment('PLANTROOM_HISTORIAN_URL'),
          token: environment('PLANTROOM_HISTORIAN_TOKEN'),
        },
        sparkplug: { url: environment('PLANTROOM_MQTT_URL') },
      },
      outbox: { file: 'outbox.sqlite' },
    });
    write(join(folder, 'site.yaml'), {
      site: 'tower',
      name: both('Tower'),
      timeZone: 'Asia/Shanghai',
      spaces: [{ id: 'b1', kind: 'building', name: both('Tower') }],
      equipment: [
        { id: 'meter-1', class: 'power-meter', space: 'b1', name: both('Meter') },
        { id: 'zone-1', class: 'fire-zone', space: 'b1', name: both('Zone') },
      ],
    });
    stack = await startStack({
      simulators: false,
      gatewayFile: join(folder, 'gateway.yaml'),
      siteFile: join(folder, 'site.yaml'),
    });
    await eventually(async () => expect((await current())?.quality).toBe('good'), { what: 'the first value' });
  });
  afterAll(async () => {
    await stack?.destroy();
    await device?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a delay that ran when server, gateway and broker were killed ends by wire time, with one alarm and one order', async () => {
    device.fire = true;
    const zone = async () =>
      (await stack.api.values('tower/zone-1')).find(({ point }) => point === 'tower/zone-1/fault');
    const risen = await eventually(
      async () => {
        const value = await zone();
        expect(value?.value).toBe(true);
        return value!;
      },
      { what: 'the server knows of the fault' },
    );
    for (const name of ['server', 'gateway', 'broker']) await kill(name);
    const raised = await eventually(
      async () => {
        const found = await alarm();
        expect(found?.flags.active).toBe(true);
        return found!;
      },
      { what: 'the alarm' },
    );
    expect(raised).toMatchObject({ onsetMs: risen.wireTimeMs, activeMs: risen.wireTimeMs + onDelayMs, count: 1 });
    expect(await order()).toMatchObject({ id: raised.workOrder, state: 'open' });
  });

  test('what operators did stands after the server was killed: acknowledgement, order and journal', async () => {
    const before = (await alarm())!;
    await stack.api.request('POST', '/api/alarms/ack', { ids: [before.id], comment: 'seen on site' });
    const acknowledged = await alarm();
    expect(acknowledged).toMatchObject({ state: 'ACKED', ackedBy: 'admin' });
    const [orderBefore, journalBefore] = [await order(), await journal()];
    await kill('server');
    await eventually(async () => expect((await current())?.quality).toBe('good'), { what: 'the server is back' });
    await moreServed();
    expect(await alarm()).toEqual(acknowledged);
    expect(await order()).toEqual(orderBefore);
    expect(await journal()).toEqual(journalBefore);
  });

  test('a server that starts while no gateway is there shows the last values with their time, as stale', async () => {
    const history = () => stack.api.history(power, 0, Date.now() + 1000);
    await eventually(async () => expect((await history()).v).not.toEqual([]), { what: 'values are stored' });
    await stack.process('gateway').stop();
    await stack.process('server').stop();
    await stack.process('broker').stop();
    await stack.process('server').start();
    await eventually(async () => expect((await current())?.quality).toBe('uncertain'), { what: 'the last value' });
    const { t, v } = await history();
    expect(await current()).toMatchObject({ value: v.at(-1), reason: 'stale', wireTimeMs: t.at(-1) });
    expect(await alarm()).toMatchObject({ state: 'ACKED' });

    await stack.process('broker').start();
    await stack.process('gateway').start();
    await eventually(async () => expect((await current())?.quality).toBe('good'), { what: 'live values' });
    await eventually(async () => expect((await alarm())?.flags.uncertain).toBe(false), { what: 'the zone is heard' });
    expect(await alarm()).toMatchObject({ state: 'ACKED', count: 1 });
    expect(await stack.api.workOrders()).toHaveLength(1);
  });
});
