import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeviceRuntime } from '../../config/gateway-config.ts';
import type { Driver } from '../driver.ts';
import { modbusDevice } from '../test-helpers/devices.ts';
import { type RecordingSink, recordingSink } from '../test-helpers/recording-sink.ts';
import { type RegisterServer, registerServer } from '../test-helpers/register-server.ts';
import { turns, until } from '../test-helpers/scripted-server.ts';
import { startedDriver, tcpConnection } from '../test-helpers/started-driver.ts';
import { modbusDriver } from './modbus-factory.ts';

let server: RegisterServer;
let clock: VirtualClock;
let sink: RecordingSink;
let driver: Driver;

async function start(devices: DeviceRuntime[]): Promise<void> {
  driver = await startedDriver(devices, { server, clock, sink });
}

/** Lets one period pass in small steps, so that every poll due in it runs, and waits until so many polls have ended. */
async function period(polls = 1, ms = 1000): Promise<void> {
  const target = sink.settledDevices.length + polls;
  for (let i = 0; i < ms / 10; i++) {
    clock.advance(10);
    await turns(2);
  }
  await until(() => sink.settledDevices.length >= target);
}

beforeEach(async () => {
  server = await registerServer();
  clock = new VirtualClock();
  sink = recordingSink();
});
afterEach(async () => {
  await driver.stop();
  await server.close();
});

describe('Modbus driver', () => {
  test('reads a device in one request and gives each point its own words', async () => {
    await start([modbusDevice('m', { voltage: { at: 0, length: 2 }, power: { at: 2, length: 2 }, state: { at: 4 } })]);
    await period();
    expect(server.asked[0]).toBe('1:4 0+5');
    expect(sink.raws.slice(0, 3).map(({ point, raw }) => [point, raw])).toEqual([
      ['m/voltage', [0, 1]],
      ['m/power', [2, 3]],
      ['m/state', [4]],
    ]);
    expect(sink.settledDevices[0]).toBe('m');
  });

  test('units of one address share one connection', async () => {
    await start([
      modbusDevice('a', { x: { at: 1 } }, { unitId: 1 }),
      modbusDevice('b', { x: { at: 2 } }, { unitId: 2 }),
      modbusDevice('c', { x: { at: 3 } }, { unitId: 3 }),
    ]);
    await period(3);
    expect(server.connections.length).toBe(1);
    expect(new Set(server.asked)).toEqual(new Set(['1:4 1+1', '2:4 2+1', '3:4 3+1']));
  });

  test('a point of several places is given once, when all have come', async () => {
    await start([modbusDevice('p', { zone: { at: [10, 500, 11] } })]);
    await period();
    expect(sink.raws[0]).toMatchObject({ point: 'p/zone', raw: [10, 500, 11] });
    server.missing.add(500);
    const before = sink.raws.length;
    await period();
    expect(sink.raws.length).toBe(before);
    expect(sink.failures[0]).toEqual({ device: 'p', points: ['p/zone'], failure: { kind: 'exception', code: 2 } });
  });

  test('a block with a register that does not exist is split in the same poll, and the split is remembered', async () => {
    server.missing.add(3);
    const points = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`p${i}`, { at: i }]));
    await start([modbusDevice('m', points)]);
    await period();
    expect(
      sink.raws
        .map((r) => r.point)
        .slice(0, 7)
        .sort(),
    ).toEqual(['m/p0', 'm/p1', 'm/p2', 'm/p4', 'm/p5', 'm/p6', 'm/p7']);
    expect(sink.failures[0]).toEqual({ device: 'm', points: ['m/p3'], failure: { kind: 'exception', code: 2 } });
    const first = server.asked.length;
    await period();
    const second = server.asked.slice(first);
    expect(second).toContain('1:4 0+2');
    expect(second).not.toContain('1:4 0+8');
  });

  test('a silent unit fails as a whole after one time-out, and the others are read on', async () => {
    server.silent.add(2);
    await start([
      modbusDevice('a', { x: { at: 1 } }, { unitId: 1 }),
      modbusDevice('b', { x: { at: 2 }, y: { at: 500 } }, { unitId: 2 }),
    ]);
    await period(2, 2000);
    const failures = sink.failures.filter((f) => f.device === 'b').slice(0, 2);
    expect(failures).toEqual([
      { device: 'b', points: ['b/x'], failure: { kind: 'timeout' } },
      { device: 'b', points: ['b/y'], failure: { kind: 'timeout' } },
    ]);
    expect(sink.raws.some((r) => r.device === 'a')).toBe(true);
    await period(30, 60_000);
    const readA = sink.raws.filter((r) => r.device === 'a').length;
    expect(readA).toBeGreaterThan(57);
    expect(sink.availabilities).toEqual([{ device: 'b', online: false }]);
    expect(server.connections.length).toBe(1);
    expect(driver.stats().devices?.b).toMatchObject({ silent: true });
    server.silent.clear();
    await period(2, 2000);
    expect(sink.availabilities[1]).toEqual({ device: 'b', online: true });
    expect(sink.raws.some((r) => r.device === 'b')).toBe(true);
  });

  test('a block that was silent is asked once more before any other, so that its late answer is taken for no other block', async () => {
    const answer = server.answer;
    server.answer = (request, socket, index) => {
      if (index === 1) server.asked.push('silent');
      else answer(request, socket, index);
    };
    await start([modbusDevice('m', { x: { at: 0 }, y: { at: 100 } })]);
    await period(2, 4000);
    expect(server.asked.slice(0, 4)).toEqual(['1:4 0+1', 'silent', '1:4 100+1', '1:4 0+1']);
  });

  test('a block that stays silent does not keep the others from being read', async () => {
    const answer = server.answer;
    server.answer = (request, socket, index) => {
      if (request.readUInt16BE(8) === 0) server.asked.push('silent');
      else answer(request, socket, index);
    };
    await start([modbusDevice('m', { x: { at: 0 }, y: { at: 100 } })]);
    await period(2, 4000);
    expect(server.asked.slice(0, 3)).toEqual(['silent', 'silent', '1:4 100+1']);
    expect(sink.raws.at(0)).toMatchObject({ point: 'm/y', raw: [100] });
  });

  test('a device that cannot be connected to is gone, and back with its first answer', async () => {
    const { port } = server;
    await server.close();
    driver = modbusDriver.create({
      connection: tcpConnection(port),
      devices: [modbusDevice('m', { x: { at: 1 } })],
      clock,
      logger: silentLogger,
    });
    await driver.start(sink);
    await until(() => {
      clock.advance(10);
      return sink.availabilities.length === 1 && sink.failures.length > 0;
    });
    expect(sink.availabilities).toEqual([{ device: 'm', online: false }]);
    expect(sink.failures[0]).toMatchObject({ device: 'm', points: ['m/x'], failure: { kind: 'connection' } });
    server = await registerServer(port);
    await until(() => {
      clock.advance(10);
      return sink.availabilities.length === 2;
    });
    expect(sink.availabilities[1]).toEqual({ device: 'm', online: true });
  });

  test('goes on polling when the sink throws', async () => {
    await start([modbusDevice('m', { x: { at: 1 } })]);
    let full = true;
    const settled = sink.settled;
    sink.settled = (device, atMs) => {
      settled(device, atMs);
      if (full) throw new Error('disk full');
    };
    await period();
    full = false;
    await period(2, 2000);
    expect(sink.raws.length).toBeGreaterThanOrEqual(3);
  });

  test('refuses what the line cannot carry', async () => {
    await start([modbusDevice('m', { x: { at: 1 } })]);
    const lift = modbusDevice('lift', { x: { at: 1 } }, { unitId: 0, modbus: { framing: 'inovance-rtu16' } });
    expect(modbusDriver.validate(tcpConnection(502), [lift]).map((p) => p.message)).toEqual([
      'framing inovance-rtu16 is a serial dialect: "line" must be rtu-over-tcp, rtu or tcp-server with rtu frames, it is tcp',
    ]);
    expect(
      modbusDriver.validate(tcpConnection(502, { transport: 'rtu-over-tcp' }), [lift]).map((p) => p.message),
    ).toEqual(['unit 0 answers no read on a serial line, allowed are 1 to 247']);
    const long = modbusDevice('long', { name: { at: 0, length: 20 } }, { modbus: { maxRegisters: 10 } });
    expect(modbusDriver.validate(tcpConnection(502), [long]).map((p) => p.message)).toEqual([
      'long/name at input 0+20 cannot be read: needs 20 in one request, the device allows 10',
    ]);
  });
});
