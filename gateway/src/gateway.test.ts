import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { silentLogger, systemClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeviceRuntime, GatewayConfig } from './config/gateway-config.ts';
import { driverRegistry } from './drivers/registry.ts';
import { mqttDevice } from './drivers/test-helpers/devices.ts';
import { Gateway } from './gateway.ts';
import { gatewayMetrics } from './metrics.ts';
import { MetricsServer } from './metrics-server.ts';
import { startBroker, type TestBroker } from './test-helpers/broker.ts';
import { testBinding, testDevice } from './test-helpers/devices.ts';
import { TestHost } from './test-helpers/sparkplug-host.ts';

let folder: string;
let broker: TestBroker;
let host: TestHost;
let modbus: Server;
let sink: HttpServer;
let lines: string[];
let sinkStatus: number;
/** Holding registers that the Modbus device serves. */
let registers: number[];
const sockets = new Set<Socket>();
const portOf = (server: Server | HttpServer): number => (server.address() as AddressInfo).port;
const listen = (server: Server | HttpServer): Promise<void> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

/** Function 3 over MBAP, typed from the Modbus specification: header of 7 bytes, then the PDU. */
function serveModbus(socket: Socket): void {
  sockets.add(socket);
  socket.on('error', () => undefined);
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (; pending.length >= 12; pending = pending.subarray(12)) {
      const [start, count] = [pending.readUInt16BE(8), pending.readUInt16BE(10)];
      const reply = Buffer.alloc(9 + count * 2);
      pending.copy(reply, 0, 0, 4);
      reply.writeUInt16BE(3 + count * 2, 4);
      reply.writeUInt8(pending.readUInt8(6), 6);
      reply.writeUInt8(3, 7);
      reply.writeUInt8(count * 2, 8);
      for (let i = 0; i < count; i++) reply.writeUInt16BE(registers[start + i] ?? 0, 9 + i * 2);
      socket.write(reply);
    }
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plantroom-gateway-'));
  broker = await startBroker();
  host = await TestHost.connect(broker.url);
  registers = [230, 17];
  lines = [];
  sinkStatus = 204;
  modbus = createServer(serveModbus);
  sink = createHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      if (sinkStatus === 204) lines.push(...text.toString().split('\n'));
      response.writeHead(sinkStatus).end();
    });
  });
  await Promise.all([listen(modbus), listen(sink)]);
});
afterEach(async () => {
  await host.close();
  await broker.close();
  for (const socket of sockets) socket.destroy();
  sink.closeAllConnections();
  await Promise.all([modbus, sink].map((server) => new Promise((resolve) => server.close(resolve))));
  rmSync(folder, { recursive: true, force: true });
});

function newGateway(): Gateway {
  const at = (address: number) => ({ protocol: 'modbus', table: 'holding', addresses: [address], length: 1 }) as const;
  const meter = testDevice('meter-dev', [
    testBinding('voltage', { equipment: 'meter-1', class: 'power-meter', at: at(0) }),
    testBinding('current', { equipment: 'meter-1', class: 'power-meter', at: at(1) }),
  ]);
  const modbusRuntime: DeviceRuntime = {
    ...meter,
    pollMs: { fast: 100, normal: 100, slow: 1000 },
    profile: { ...meter.profile, modbus: {} } as DeviceRuntime['profile'],
  };
  const sensor = mqttDevice('leak-dev', { leak: { topic: 'site/leak', path: 'water_leak' } });
  const mqttRuntime: DeviceRuntime = {
    ...sensor,
    bindings: sensor.bindings.map((binding) => ({
      ...binding,
      equipment: 'leak-1',
      class: 'leak-detector',
      kind: 'boolean',
      decode: (raw) => ({
        value: 'payload' in raw && (raw.payload as { water_leak?: unknown }).water_leak === true,
        quality: 'good',
      }),
    })),
  };
  const config: GatewayConfig = {
    gateway: 'edge-1',
    site: 'tower',
    connections: [
      { id: 'meters', protocol: 'modbus', transport: 'tcp', host: '127.0.0.1', port: portOf(modbus) },
      { id: 'zigbee', protocol: 'mqtt', url: broker.url, clientId: 'edge-1-zigbee' },
    ],
    devices: [
      { id: 'meter-dev', profile: 'test/device', connection: 'meters', serves: { meter: 'meter-1' } },
      { id: 'leak-dev', profile: 'test/sensor', connection: 'zigbee', serves: { sensor: 'leak-1' } },
    ],
    uplinks: {
      sparkplug: { url: broker.url },
      lineProtocol: { url: `http://127.0.0.1:${portOf(sink)}`, token: 'secret' },
    },
    outbox: { file: 'gateway/outbox.sqlite' },
  };
  return new Gateway({
    config,
    devices: [modbusRuntime, mqttRuntime],
    drivers: driverRegistry,
    dataDir: folder,
    clock: systemClock,
    logger: silentLogger,
  });
}

const lastValue = (type: string, alias: number): unknown =>
  host
    .of(type)
    .flatMap((m) => m.metrics)
    .findLast((m) => m.alias === alias)?.value;

test('registers and messages come out as births, data and lines; a stop and a start lose nothing', async () => {
  const gateway = newGateway();
  await gateway.start();
  await host.state(true, 1000);
  await eventually(() => expect(host.types()).toContain('DBIRTH meter-dev'));
  expect(host.types()[0]).toBe('NBIRTH');
  await eventually(() =>
    expect(lines.some((l) => /^power-meter,site=tower,equipment=meter-1 .*voltage=230/.test(l))).toBe(true),
  );

  registers[0] = 231;
  await eventually(() => expect(lastValue('DDATA', 0)).toBe(231));
  await eventually(() => expect(lines.some((l) => l.includes('voltage=231'))).toBe(true));

  // Published until the driver has subscribed; QoS 1 as a sensor's bridge does.
  await eventually(async () => {
    await host.publish('site/leak', '{"water_leak":true}');
    expect(lines.some((l) => /^leak-detector,.* leak=1 /.test(l))).toBe(true);
  });
  expect(host.types()).toContain('DBIRTH leak-dev');
  expect(gateway.stats()?.devices).toEqual({ online: 2, offline: 0, unknown: 0 });

  // The receiver is away: what is read meanwhile waits in the outbox, over a restart too.
  sinkStatus = 503;
  registers[0] = 240;
  await eventually(() => expect(gateway.stats()?.uplinks['line-protocol']?.connected).toBe(false));
  await eventually(() => expect(lastValue('DDATA', 0)).toBe(240));
  await gateway.stop();
  await eventually(() => expect(host.types().at(-1)).toBe('NDEATH'));
  expect(lines.some((l) => l.includes('voltage=240'))).toBe(false);

  sinkStatus = 204;
  registers[0] = 250;
  const again = newGateway();
  await again.start();
  await eventually(() => expect(lines.some((l) => l.includes('voltage=240'))).toBe(true));
  await eventually(() => expect(lines.some((l) => l.includes('voltage=250'))).toBe(true));
  expect(again.stats()?.outbox.dropped).toEqual({ safety: 0, live: 0 });
  await again.stop();
});

test('metrics and health tell each part, also that one is away', async () => {
  sinkStatus = 503;
  const gateway = newGateway();
  await gateway.start();
  const server = new MetricsServer({
    port: 0,
    registry: gatewayMetrics(() => gateway.stats()),
    health: () => gateway.health('1.2.3'),
  });
  const port = await server.start();
  await eventually(async () => {
    const health = (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as object;
    expect(health).toMatchObject({
      status: 'degraded',
      version: '1.2.3',
      parts: {
        'connection meters': { status: 'ok' },
        'uplink sparkplug': { status: 'ok' },
        'uplink line-protocol': { status: 'degraded', detail: expect.stringContaining('503') },
        outbox: { status: 'ok' },
      },
    });
  });
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(metrics).toMatch(/plantroom_gateway_uplink\{part="line-protocol",what="failures"\} [1-9]/);
  expect(metrics).toMatch(/plantroom_gateway_outbox_readings\{what="produced",lane="live"\} [1-9]/);
  expect((await fetch(`http://127.0.0.1:${port}/other`)).status).toBe(404);
  await server.stop();
  await gateway.stop();
});
