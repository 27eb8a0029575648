import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Alarm, type AlarmJournalEntry, silentLogger } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Broker, startBroker } from '../../server/src/broker/start-broker.ts';
import { type CountingDevice, countingDevice } from '../helpers/counting-device.ts';
import { LiveClient } from '../helpers/live-client.ts';
import { writeMeterAndPanel } from '../helpers/meter-and-panel.ts';
import { type RunningStack, startStack } from '../helpers/start-stack.ts';
import { type TcpTap, tapTcp } from '../helpers/tcp-tap.ts';

/** Of the class fire-zone: a fault is raised when it has stood for so long; a fire is life safety and raised at once. */
const faultDelayMs = 5000;

let device: CountingDevice;
let broker: Broker;
let line: TcpTap;
let folder: string;
let stack: RunningStack;

const journal = async (alarm: string): Promise<AlarmJournalEntry[]> =>
  (
    await stack.api.get<{ items: AlarmJournalEntry[] }>(`/api/alarms/journal?alarm=${encodeURIComponent(alarm)}`)
  ).items.reverse();
const polls = async (more: number): Promise<void> => {
  const wanted = device.served + more;
  await eventually(() => expect(device.served).toBeGreaterThanOrEqual(wanted), { what: `${more} more polls` });
};

beforeAll(async () => {
  device = await countingDevice();
  broker = await startBroker({ host: '127.0.0.1', port: 0, logger: silentLogger });
  line = await tapTcp(broker.port);
  folder = mkdtempSync(join(tmpdir(), 'plantroom-late-'));
  const files = writeMeterAndPanel(folder, {
    devicePort: device.port,
    zonePoints: ['fire', 'fault'],
    uplinks: { sparkplug: { url: `mqtt://127.0.0.1:${line.port}` } },
  });
  stack = await startStack({
    simulators: false,
    mqttUrl: `mqtt://127.0.0.1:${broker.port}`,
    ...files,
  });
});
afterAll(async () => {
  await stack?.destroy();
  await line?.close();
  await broker?.stop();
  await device?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a fire that came and went while the gateway was cut off is announced when its data comes, a fault of that time is history', async () => {
  const live = new LiveClient(stack.url, stack.api.cookie);
  await live.subscribe({ scope: { kind: 'site', site: 'tower' } });
  await eventually(
    () => expect(live.values.get('tower/zone-1/fire')).toMatchObject({ value: false, quality: 'good' }),
    {
      what: 'the zone is live',
    },
  );
  line.cut(true);
  await polls(3);
  const beganMs = Date.now();
  device.fire = true;
  await eventually(() => expect(Date.now() - beganMs).toBeGreaterThan(faultDelayMs + 1000), { what: 'the delay' });
  await polls(3);
  device.fire = false;
  const endedMs = Date.now();
  await polls(5);
  line.cut(false);

  const fire = await eventually(
    () => {
      const alarm = live.alarms.get('tower/zone-1/fire#fire');
      expect(alarm).toMatchObject({ state: 'LATCHED-UNACK', flags: { active: false, acked: false } });
      return alarm as Alarm;
    },
    { what: 'the fire is told' },
  );
  const around = (timeMs: number | null, expectedMs: number): void => {
    expect(timeMs).toBeGreaterThanOrEqual(expectedMs - 100);
    expect(timeMs).toBeLessThan(expectedMs + 2000);
  };
  around(fire.onsetMs, beganMs);
  around(fire.returnedMs, endedMs);

  const was = await eventually(
    async () => {
      const entries = await journal('tower/zone-1/fault#fault');
      expect(entries.map(({ action, historical }) => [action, historical])).toEqual([
        ['activated', true],
        ['returned', true],
      ]);
      return entries;
    },
    { what: 'the fault is in the journal' },
  );
  around(was[0]?.atMs ?? null, beganMs + faultDelayMs);
  expect(live.alarms.get('tower/zone-1/fault#fault')?.flags.active ?? false).toBe(false);
  expect((await stack.api.workOrders()).map(({ failureMode }) => failureMode)).toHaveLength(1);
  live.close();
});
