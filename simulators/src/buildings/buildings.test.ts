import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readEnvironment } from '../environment.ts';
import { copies, readBuildingList } from './building-list.ts';
import { Buildings } from './buildings.ts';

const folder = mkdtempSync(join(tmpdir(), 'plantroom-buildings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A Tuesday, 09:00 in Shanghai. */
const startMs = Date.UTC(2026, 2, 3, 1);
const environment = readEnvironment({
  PLANTROOM_DATA_DIR: folder,
  PLANTROOM_MQTT_URL: 'mqtt://127.0.0.1:1',
  PLANTROOM_SIM_PORT: '0',
});

async function get<T>(url: string, path: string): Promise<T> {
  return (await (await fetch(`${url}${path}`)).json()) as T;
}
interface State {
  timeMs: number;
  equipment: Record<string, Record<string, number>>;
}

describe('several buildings in one process', () => {
  it('have ports, seeds, calendars, files and faults of their own', async () => {
    const clock = new VirtualClock(startMs);
    const list = [
      { id: 'east', controlPort: 0, port: 0, seed: 4 },
      { id: 'west', controlPort: 0, port: 0, seed: 5, begin: '2026-07-01T12:00+08:00' },
    ];
    const buildings = new Buildings({ list, environment, clock, logger: silentLogger });
    await buildings.start();
    try {
      clock.advance(60_000);
      const [east, west] = buildings.links();
      const [a, b] = [await get<State>(east!.url, 'state'), await get<State>(west!.url, 'state')];
      expect(a.timeMs).toBe(startMs + 60_000);
      expect(b.timeMs).toBe(Date.parse('2026-07-01T12:01+08:00'));
      expect(a.equipment['meter-tenants-low']).not.toEqual(b.equipment['meter-tenants-low']);
      const known = await get<{ buildings: { id: string }[] }>(east!.url, 'building');
      expect(known.buildings.map(({ id }) => id)).toEqual(['east', 'west']);
      await fetch(`${east!.url}faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ equipment: 'pump-1', fault: 'bearing-wear' }),
      });
      expect((await get<{ active: unknown[] }>(west!.url, 'faults')).active).toEqual([]);
      const ports = buildings.where().flatMap((one) => Object.values(one.ports));
      expect(new Set(ports).size).toBe(ports.length);
    } finally {
      await buildings.stop();
    }
    for (const id of ['east', 'west'])
      expect(existsSync(join(folder, 'buildings', id, 'simulated-building.json')), id).toBe(true);
    const gateway = parse(readFileSync(join(folder, 'buildings/west/gateway.yaml'), 'utf8'));
    expect(gateway).toMatchObject({ gateway: 'gw-west', site: 'west' });
    expect(JSON.stringify(gateway.devices)).toContain('zigbee2mqtt-west');
  });

  it('are clients of their own to the broker, which lets go of the former of two that call themselves alike', async () => {
    const sockets: Socket[] = [];
    const clients = new Set<string>();
    const broker = createServer((socket) => {
      sockets.push(socket);
      socket.on('data', (connect) => clients.add(/zigbee2mqtt-[\w-]+/.exec(connect.toString('latin1'))?.[0] ?? ''));
    });
    broker.listen(0, '127.0.0.1');
    await once(broker, 'listening');
    const { port } = broker.address() as AddressInfo;
    const buildings = new Buildings({
      list: copies(2, { prefix: 'alike', controlPort: 0 }),
      environment: { ...environment, all: { ...environment.all, PLANTROOM_MQTT_URL: `mqtt://127.0.0.1:${port}` } },
      clock: new VirtualClock(startMs),
      logger: silentLogger,
    });
    await buildings.start();
    try {
      await eventually(() => expect(sockets.length).toBe(2));
      await eventually(() => expect(clients.size).toBe(2));
    } finally {
      for (const socket of sockets) socket.destroy();
      broker.close();
      await buildings.stop();
    }
  });

  it('are a number of copies, or a list', () => {
    expect(copies(2, { prefix: 'load', controlPort: 8090 })).toEqual([
      { id: 'load-1', controlPort: 8090, port: 15_100 },
      { id: 'load-2', controlPort: 8091, port: 15_120 },
    ]);
    expect(() => copies(0, { prefix: 'load', controlPort: 0 })).toThrow('is 0; allowed: 1 to 800');
    const file = join(folder, 'list.yaml');
    const list = (text: string): void => writeFileSync(file, `buildings:\n${text}`);
    list('  - { id: a, controlPort: 8090, port: 15000 }\n  - { id: a, controlPort: 8090, port: 15010 }\n');
    expect(() => readBuildingList(file)).toThrow(/"a" a second time.*8090, which a has.*at least 20/s);
    list('  - { id: a, controlPort: 8090, port: 15000, colour: red }\n');
    expect(() => readBuildingList(file)).toThrow(
      /list\.yaml:2 \/buildings\/0\/colour: "colour" is not a known setting here/,
    );
    list('  - { id: a, controlPort: 70000, port: 15000 }\n');
    expect(() => readBuildingList(file)).toThrow(/controlPort: 70000 must be <= 65535/);
  });
});
