import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Alarm, AlarmJournalEntry, WorkOrder } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CountingDevice, countingDevice } from '../helpers/counting-device.ts';
import { writeMeterAndPanel } from '../helpers/meter-and-panel.ts';
import { type RunningStack, startStack } from '../helpers/start-stack.ts';

const environment = (name: string): string => `${'$'}{${name}}`;

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
    const files = writeMeterAndPanel(folder, {
      devicePort: device.port,
      zonePoints: ['fault'],
      uplinks: {
        lineProtocol: {
          url: environment('PLANTROOM_HISTORIAN_URL'),
          token: environment('PLANTROOM_HISTORIAN_TOKEN'),
        },
        sparkplug: { url: environment('PLANTROOM_MQTT_URL') },
      },
    });
    stack = await startStack({
      simulators: false,
      ...files,
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
