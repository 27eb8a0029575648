import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, type Reading, silentLogger, systemClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ScriptedServer, scriptedServer } from './drivers/test-helpers/scripted-server.ts';
import { openSqliteOutbox } from './outbox/sqlite-outbox.ts';
import { type RunningGateway, runGateway } from './run.ts';
import { startBroker } from './test-helpers/broker.ts';
import { TestHost } from './test-helpers/sparkplug-host.ts';

interface CountingServer extends ScriptedServer {
  /** How often each unit has been read. */
  counts: Map<number, number>;
  closed: number;
}

/** Modbus TCP by hand: every register of a unit holds how often the unit has been read, so that a reading that is lost or comes twice shows. */
async function countingServer(): Promise<CountingServer> {
  const server: CountingServer = Object.assign(await scriptedServer(), {
    counts: new Map<number, number>(),
    closed: 0,
  });
  const known = new Set<unknown>();
  server.answer = (request, socket) => {
    if (!known.has(socket)) {
      known.add(socket);
      socket.on('close', () => server.closed++);
    }
    const [unit, code, words] = [request[6]!, request[7]!, request.readUInt16BE(10)];
    const count = (server.counts.get(unit) ?? 0) + 1;
    server.counts.set(unit, count);
    const reply = Buffer.alloc(9 + 2 * words);
    request.copy(reply, 0, 0, 4);
    reply.writeUInt16BE(3 + 2 * words, 4);
    reply.set([unit, code, 2 * words], 6);
    for (let i = 0; i < words; i++) reply.writeUInt16BE(count, 9 + 2 * i);
    socket.write(reply);
  };
  return server;
}

const profile = (id: string, points: string[]): string => `profile: acme/${id}
vendor: Acme
model: ${id}
sources: ['made for a test']
certainty: B
protocol: modbus
serves: { meter: { class: power-meter } }
silence: { polls: 1000 }
modbus: { timeoutMs: 60000 }
poll: { fast: 200ms, normal: 200ms, slow: 200ms }
points:
${points.map((point, i) => `  - { point: ${point}, at: { table: input, address: ${i}, type: u16, vendorAddress: '${i}' }, unit: kWh, poll: fast }`).join('\n')}
`;
const device = (id: string, line: string, { unit = 1, of = 'single' } = {}): string =>
  `  - { id: ${id}, profile: acme/${of}, connection: ${line}, unitId: ${unit}, serves: { meter: ${id} } }`;

let folder: string;
let a: CountingServer;
let b: CountingServer;
let metricsPort: number;
let errors: string[];
let running: RunningGateway;
const file = (): string => join(folder, 'gateway.yaml');
const writeProfile = (id: string, points: string[]): void =>
  writeFileSync(join(folder, 'own', 'profiles', 'acme', `${id}.yaml`), profile(id, points));
const writeConfig = (devices: string[], more = { uplinks: '{}', outbox: '{ file: outbox.sqlite }' }): void =>
  writeFileSync(
    file(),
    `gateway: edge-1
site: tower
catalogs: [own]
connections:
  - { id: a, protocol: modbus, transport: tcp, host: 127.0.0.1, port: ${a.port} }
  - { id: b, protocol: modbus, transport: tcp, host: 127.0.0.1, port: ${b.port} }
devices:
${devices.join('\n')}
uplinks: ${more.uplinks}
outbox: ${more.outbox}
metricsPort: ${metricsPort}
`,
  );
const start = async (): Promise<void> => {
  running = await runGateway(file(), {
    environment: { dataDir: folder, logLevel: 'silent', variables: {} },
    logger: { ...silentLogger, error: (_: unknown, text?: string) => errors.push(text ?? '') } as Logger,
    watch: false,
  });
};
const get = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${metricsPort}${path}`)).text();
const configuration = async (): Promise<{ status: string; detail?: string }> =>
  (JSON.parse(await get('/health')) as { parts: Record<string, { status: string; detail?: string }> }).parts
    .configuration!;
/** So many more reads of each of these units. */
async function reads(units: [server: CountingServer, unit: number][], more = 3): Promise<void> {
  const wanted = units.map(([server, unit]) => (server.counts.get(unit) ?? 0) + more);
  await eventually(() => {
    for (const [i, [server, unit]] of units.entries())
      expect(server.counts.get(unit) ?? 0).toBeGreaterThanOrEqual(wanted[i]!);
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plantroom-reload-'));
  mkdirSync(join(folder, 'own', 'profiles', 'acme'), { recursive: true });
  writeProfile('single', ['energy-import']);
  writeProfile('pair', ['energy-import', 'energy-export']);
  [a, b] = await Promise.all([countingServer(), countingServer()]);
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  metricsPort = (probe.address() as AddressInfo).port;
  await new Promise((resolve) => probe.close(resolve));
  errors = [];
});
afterEach(async () => {
  await running.stop();
  await Promise.all([a.close(), b.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** Everything that was ever stored, which nobody has taken away. */
function stored(): Reading[] {
  const outbox = openSqliteOutbox(join(folder, 'outbox.sqlite'), {
    uplinks: [],
    clock: systemClock,
    logger: silentLogger,
  });
  try {
    return outbox.read('live', 0, 100_000)?.readings ?? [];
  } finally {
    outbox.close();
  }
}
/** A machine that stands still for half a second makes a value stale, and tells that; only what was read counts here. */
const valuesOf = (readings: readonly Reading[], point: string): unknown[] =>
  readings.flatMap((reading) => (reading.point === point && reading.quality === 'good' ? [reading.value] : []));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

test('a reload of one line leaves the other alone: same socket, every reading once; what was added comes, what was removed ends', async () => {
  writeConfig([device('a1', 'a'), device('b1', 'b', { of: 'pair' })]);
  await start();
  await reads([
    [a, 1],
    [b, 1],
  ]);

  // A point more by its profile, and a device more.
  writeProfile('pair', ['energy-import', 'energy-export', 'energy-total']);
  writeConfig([device('b2', 'b', { unit: 2 }), device('b1', 'b', { of: 'pair' }), device('a1', 'a')]);
  await running.reload('test');
  await reads([
    [a, 1],
    [b, 1],
    [b, 2],
  ]);
  expect(errors).toEqual([]);
  expect(a.connections).toHaveLength(1);
  expect(b.connections).toHaveLength(2);
  await eventually(() => expect(b.closed).toBe(1));
  expect(await get('/metrics')).toMatch(/plantroom_gateway_reloads\{what="applied"\} 1\n/);
  expect(await get('/metrics')).toMatch(/plantroom_gateway_configuration_applied_seconds 1[0-9.e+]+\n/);

  // The whole line goes.
  writeConfig([device('a1', 'a')]);
  await running.reload('test');
  await eventually(() => expect(b.closed).toBe(2));
  const last = new Map(b.counts);
  await reads([[a, 1]]);
  expect(b.counts).toEqual(last);
  expect(JSON.parse(await get('/health')).parts).not.toHaveProperty('connection b');

  expect(a.closed).toBe(0);
  expect(a.connections).toHaveLength(1);
  await running.stop();
  const readings = stored();
  const ofA = valuesOf(readings, 'tower/a1/energy-import');
  expect(ofA.length).toBeGreaterThanOrEqual(9);
  expect(ofA).toEqual(upTo(ofA.length));
  expect(a.counts.get(1)! - ofA.length).toBeLessThanOrEqual(1);
  // Closing a line may cut one exchange short: it is missing then, and never there twice.
  for (const point of ['tower/b1/energy-import', 'tower/b1/energy-total', 'tower/b2/energy-import']) {
    const values = valuesOf(readings, point).map(Number);
    expect(values.length).toBeGreaterThanOrEqual(2);
    expect(values).toEqual([...new Set(values)].sort((x, y) => x - y));
  }
});

test('a faulty file, a faulty profile and what needs a restart change nothing, and say what is wrong', async () => {
  writeConfig([device('a1', 'a'), device('b1', 'b')]);
  await start();
  await reads([
    [a, 1],
    [b, 1],
  ]);

  writeConfig([device('a1', 'a'), device('b1', 'b', { of: 'sinlge' }), device('b2', 'c')]);
  await running.reload('test');
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain('not reloaded, everything runs as before');
  expect(errors[0]).toContain('acme/sinlge');
  expect(errors[0]).toMatch(/\/devices\/2\/connection/);
  expect(await configuration()).toMatchObject({ status: 'degraded', detail: expect.stringContaining('refused') });

  writeConfig([device('a1', 'a'), device('b1', 'b')], { uplinks: '{}', outbox: '{ file: outbox.sqlite, maxAge: 2d }' });
  await running.reload('test');
  expect(errors).toHaveLength(2);
  expect(errors[1]).toMatch(/\/outbox\/maxAge: is changed.*restart/);

  writeConfig([device('a1', 'a'), device('b1', 'b')]);
  writeProfile('single', ['energy-improt']);
  await running.reload('test');
  expect(errors).toHaveLength(3);
  expect(errors[2]).toContain('energy-improt');
  expect(await get('/metrics')).toMatch(/plantroom_gateway_reloads\{what="refused"\} 3\n/);

  await reads([
    [a, 1],
    [b, 1],
  ]);
  for (const server of [a, b]) {
    expect(server.connections).toHaveLength(1);
    expect(server.closed).toBe(0);
  }
  writeProfile('single', ['energy-import']);
  await running.reload('test');
  expect(errors).toHaveLength(3);
  expect(await configuration()).toEqual({ status: 'ok' });
  expect(a.closed + b.closed).toBe(0);
  await running.stop();
  for (const point of ['tower/a1/energy-import', 'tower/b1/energy-import']) {
    const values = valuesOf(stored(), point);
    expect(values).toEqual(upTo(values.length));
  }
});

test('the Sparkplug host hears every reading once over a reload, the death of what is gone and new births', async () => {
  const broker = await startBroker();
  const host = await TestHost.connect(broker.url);
  try {
    const more = { uplinks: `{ sparkplug: { url: '${broker.url}' } }`, outbox: '{ file: outbox.sqlite }' };
    writeConfig([device('b1', 'b'), device('a1', 'a')], more);
    await start();
    await host.state(true, 1000);
    await eventually(() => expect(host.types()).toEqual(expect.arrayContaining(['DBIRTH a1', 'DBIRTH b1'])));
    await reads([[a, 1]]);

    writeConfig([device('b2', 'b', { unit: 2 }), device('a1', 'a')], more);
    await running.reload('test');
    await eventually(() => expect(host.types()).toContain('DBIRTH b2'));
    await reads([[a, 1]]);
    await running.stop();
    await eventually(() => expect(host.types().at(-1)).toBe('NDEATH'));

    const types = host.types();
    expect(types.filter((type) => type === 'NBIRTH')).toHaveLength(2);
    expect(types.filter((type) => type === 'NDEATH')).toHaveLength(1);
    const reborn = types.lastIndexOf('NBIRTH');
    expect(types.indexOf('DDEATH b1')).toBeGreaterThan(types.indexOf('DBIRTH b1'));
    expect(types.indexOf('DDEATH b1')).toBeLessThan(reborn);
    expect(types.slice(reborn)).toContain('DBIRTH a1');
    expect(types.slice(reborn).filter((type) => type.endsWith(' b1'))).toEqual([]);
    const values = host.messages.flatMap(({ type, device: of, metrics }) =>
      type === 'DDATA' && of === 'a1'
        ? metrics.flatMap(({ value, properties }) => ((properties.Quality ?? 192) === 192 ? [value] : []))
        : [],
    );
    expect(values.length).toBeGreaterThanOrEqual(6);
    expect(values).toEqual(upTo(values.length));
  } finally {
    await host.close();
    await broker.close();
  }
});
