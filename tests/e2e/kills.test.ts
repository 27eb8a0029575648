import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Alarm } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CountingDevice, countingDevice } from '../helpers/counting-device.ts';
import { type RunningStack, startStack } from '../helpers/start-stack.ts';

const profile = (model: string, serves: string, point: string): string => `profile: acme/${model}
vendor: Acme
model: ${model}
sources: ['made for a test']
certainty: B
protocol: modbus
serves: ${serves}
silence: { polls: 1000 }
modbus: { timeoutMs: 20000 }
poll: { fast: 200ms, normal: 200ms, slow: 200ms }
points:
  - ${point}
`;
const counted = 'tower/meter-1/power';

describe('processes that are killed', () => {
  let device: CountingDevice;
  let folder: string;
  let stack: RunningStack;
  /** Every value of the meter up to now, in kW as it was served. */
  const stored = async (): Promise<number[]> =>
    (await stack.api.history(counted, 0, Date.now() + 1000)).v.map((value) => Number(value) / 1000);
  /** One that has only just ended is waited for until it runs again. */
  const kill = (name: string): Promise<boolean> =>
    eventually(() => process.kill(stack.process(name).pid!, 'SIGKILL'), { what: `${name} runs again` });
  const polls = async (more: number): Promise<void> => {
    const wanted = device.served + more;
    await eventually(() => expect(device.served).toBeGreaterThanOrEqual(wanted), { what: `${more} more polls` });
  };
  const alarms = async (): Promise<Alarm[]> =>
    (await stack.api.alarms()).filter(({ equipment }) => equipment === 'tower/zone-1');

  beforeAll(async () => {
    device = await countingDevice();
    folder = mkdtempSync(join(tmpdir(), 'plantroom-kills-'));
    mkdirSync(join(folder, 'own/profiles/acme'), { recursive: true });
    writeFileSync(
      join(folder, 'own/profiles/acme/meter.yaml'),
      profile(
        'meter',
        '{ meter: { class: power-meter } }',
        '{ point: power, unit: kW, at: { table: input, address: 0, type: u16 } }',
      ),
    );
    writeFileSync(
      join(folder, 'own/profiles/acme/zone.yaml'),
      profile(
        'zone',
        '{ zone: { class: fire-zone } }',
        '{ point: fire, at: { table: discrete, address: 1, type: bool } }',
      ),
    );
    writeFileSync(
      join(folder, 'gateway.yaml'),
      `gateway: edge-1
site: tower
catalogs: [own]
connections:
  - { id: line, protocol: modbus, transport: tcp, host: 127.0.0.1, port: ${device.port} }
devices:
  - { id: meter, profile: acme/meter, connection: line, unitId: 1, serves: { meter: meter-1 } }
  - { id: panel, profile: acme/zone, connection: line, unitId: 2, serves: { zone: zone-1 } }
uplinks:
  lineProtocol:
    url: ${'$'}{PLANTROOM_HISTORIAN_URL}
    token: ${'$'}{PLANTROOM_HISTORIAN_TOKEN}
  sparkplug:
    url: ${'$'}{PLANTROOM_MQTT_URL}
outbox: { file: outbox.sqlite }
`,
    );
    writeFileSync(
      join(folder, 'site.yaml'),
      `site: tower
name: { zh: 塔楼, en: Tower }
timeZone: Asia/Shanghai
spaces:
  - { id: b1, kind: building, name: { zh: 塔楼, en: Tower } }
equipment:
  - { id: meter-1, class: power-meter, space: b1, name: { zh: 电表, en: Meter } }
  - { id: zone-1, class: fire-zone, space: b1, name: { zh: 探测区, en: Zone } }
`,
    );
  });
  afterAll(async () => {
    await stack?.destroy();
    await device?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('cost nothing that was stored at the gateway, double nothing, and an alarm that came meanwhile is raised once', async () => {
    stack = await startStack({
      simulators: false,
      gatewayFile: join(folder, 'gateway.yaml'),
      siteFile: join(folder, 'site.yaml'),
    });
    await eventually(async () => expect(await stored()).not.toEqual([]), { what: 'the first values in the historian' });
    for (const name of ['server', 'broker', 'server', 'gateway', 'server', 'broker', 'gateway']) {
      await polls(5);
      await kill(name);
      if (name === 'server') device.fire = true;
      await polls(5);
    }
    await polls(5);
    const last = device.served;
    await eventually(async () => expect(await stored()).toContain(last), { what: 'everything in the historian' });

    const values = await stored();
    const upTo = values.slice(0, values.indexOf(last) + 1);
    expect(upTo).toEqual([...new Set(upTo)].sort((a, b) => a - b));
    const missing = Array.from({ length: last }, (_, i) => i + 1).filter((n) => !upTo.includes(n));
    // What a gateway had read and not yet appended when it was killed was never produced: a read or two each time.
    expect(missing.length).toBeLessThanOrEqual(4);
    await eventually(async () => expect(await alarms()).toHaveLength(1), { what: 'the fire' });
    expect(await alarms()).toEqual([expect.objectContaining({ flags: expect.objectContaining({ active: true }) })]);
  });
});
