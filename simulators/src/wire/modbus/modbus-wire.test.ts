import { connect } from 'node:net';
import { silentLogger, systemClock, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectionFault, WireFault } from '../wire-fault.ts';
import { withCrc } from './crc16.ts';
import { type Framing, inovanceFraming, tcpFraming } from './framing.ts';
import { ModbusServer } from './modbus-server.ts';
import { answerPdu } from './pdu.ts';
import { RegisterBank } from './register-bank.ts';

const servers: ModbusServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function serve(framing: Framing, fault?: WireFault): Promise<ModbusServer> {
  const bank = new RegisterBank();
  bank.define('holding', 0x1010, { count: 12 });
  bank.put('holding', 0x1010, { words: [0x1234, 0xabcd] });
  bank.define('discrete', 0, { count: 10 });
  bank.put('discrete', 0, { words: [1, 0, 1, 1, 0, 0, 0, 0, 1, 0] });
  const server = new ModbusServer({
    host: '127.0.0.1',
    port: 0,
    framing,
    units: new Map([[1, { limits: { maxRegisters: 10 }, registers: (...at) => bank.stretch(...at) }]]),
    faultOf: () => fault,
    clock: systemClock,
    logger: silentLogger,
  });
  servers.push(server);
  await server.start();
  return server;
}

/** Sends bytes, in the pieces given, and waits for as many as are expected back. */
function ask(server: ModbusServer, pieces: readonly Uint8Array[], length: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1');
    let received = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('data', (data) => {
      received = Buffer.concat([received, data]);
      if (received.length < length) return;
      socket.destroy();
      resolve(received.toString('hex'));
    });
    socket.on('connect', () => {
      for (const piece of pieces) socket.write(piece);
    });
  });
}

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

it('gives an answer again until a word becomes another one', () => {
  const bank = new RegisterBank();
  bank.define('holding', 0, { count: 2 });
  bank.put('holding', 0, { words: [0x1234, 5] });
  const stretch = bank.stretch('holding', 0, 2);
  const answer = () => answerPdu({ limits: {}, registers: () => stretch }, hex('03 0000 0002'));
  const first = answer();
  expect(Buffer.from(first).toString('hex')).toBe('030412340005');
  bank.put('holding', 1, { words: [5] });
  expect(answer()).toBe(first);
  bank.put('holding', 1, { words: [6] });
  expect(Buffer.from(answer()).toString('hex')).toBe('030412340006');
  expect(Buffer.from(first).toString('hex')).toBe('030412340005');
});

describe('Modbus TCP', () => {
  it('answers a read of two holding registers', async () => {
    const server = await serve(tcpFraming);
    expect(await ask(server, [hex('0001 0000 0006 01 03 1010 0002')], 13)).toBe('0001000000070103041234abcd');
  });

  it('answers a request that comes in two pieces, and two requests that come in one', async () => {
    const server = await serve(tcpFraming);
    expect(await ask(server, [hex('0001 0000 00'), hex('06 01 03 1010 0001')], 11)).toBe('0001000000050103021234');
    const both = await ask(server, [hex('0001 0000 0006 01 03 1010 0001 0002 0000 0006 01 03 1011 0001')], 22);
    expect(both).toBe('00010000000501030212340002000000050103 02abcd'.replace(' ', ''));
  });

  it('packs bits with the first in the lowest place', async () => {
    const server = await serve(tcpFraming);
    expect(await ask(server, [hex('0001 0000 0006 01 02 0000 000a')], 11)).toBe(
      '000100000005010202 0d01'.replace(' ', ''),
    );
  });

  it.each([
    ['an unknown function', '01 2b 0e01 00', '01ab01'],
    ['a write, because nothing can be written', '01 06 1010 0001', '018601'],
    ['registers that the device does not have', '01 03 2000 0001', '018302'],
    ['a block that runs over the last register', '01 03 101b 0002', '018302'],
    ['no registers at all', '01 03 1010 0000', '018303'],
    ['more registers than the device answers', '01 03 1010 000b', '018303'],
    ['a unit that is not there', '09 03 1010 0001', '09830b'],
  ])('refuses %s with its exception', async (_, request, answer) => {
    const server = await serve(tcpFraming);
    const body = hex(request);
    const frame = Buffer.concat([hex('0007 0000'), Uint8Array.of(0, body.length), body]);
    expect(await ask(server, [frame], 9)).toBe(`000700000003${answer}`);
  });

  it('answers with the exception of a wire fault', async () => {
    const server = await serve(tcpFraming, { kind: 'exception', code: 4 });
    expect(await ask(server, [hex('0001 0000 0006 01 03 1010 0001')], 9)).toBe('000100000003018304');
  });

  it('stays closed when it is stopped while a connection that was refused comes back', async () => {
    const clock = new VirtualClock();
    let fault: ConnectionFault | undefined = 'refused';
    const server = new ModbusServer({
      host: '127.0.0.1',
      port: 0,
      framing: tcpFraming,
      units: new Map(),
      faultOf: () => undefined,
      connectionFault: () => fault,
      clock,
      logger: silentLogger,
    });
    await server.start();
    const { port } = server;
    clock.advance(1000);
    await eventually(() => expect(clock.nextDueMs).toBeDefined());
    fault = undefined;
    clock.advance(1000);
    await server.stop();
    const isOpen = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    expect([isOpen, clock.nextDueMs]).toEqual([false, undefined]);
  });

  it('says nothing more on a connection that a fault has cut', async () => {
    const server = await serve(tcpFraming, { kind: 'frame', fault: 'cut' });
    const two = '0001 0000 0006 01 03 1010 0002 0002 0000 0006 01 03 1010 0002';
    const received = await new Promise((resolve) => {
      let all = '';
      const socket = connect(server.port, '127.0.0.1', () => socket.write(hex(two)));
      socket.on('data', (data) => {
        all += data.toString('hex');
      });
      socket.on('close', () => resolve(all));
    });
    expect(received).toBe('00010000000701');
    expect(server.stats()).toMatchObject({ requests: 1, answers: 1 });
  });

  it('says which port is taken and which variable moves it', async () => {
    const server = await serve(tcpFraming);
    const second = new ModbusServer({
      host: '127.0.0.1',
      port: server.port,
      portVariable: 'PLANTROOM_SIM_METERS_PORT',
      framing: tcpFraming,
      units: new Map(),
      faultOf: () => undefined,
      clock: systemClock,
      logger: silentLogger,
    });
    await expect(second.start()).rejects.toThrow(
      `port ${server.port} on 127.0.0.1 is already in use; set PLANTROOM_SIM_METERS_PORT to another port [PORT_TAKEN]`,
    );
  });
});

describe('the NICE3000+ dialect', () => {
  it('carries a 16-bit byte count', async () => {
    const server = await serve(inovanceFraming);
    const answer = await ask(server, [withCrc(hex('01 03 1010 0001'))], 8);
    expect(answer.slice(0, 12)).toBe('010300021234');
    expect(answer).toBe(Buffer.from(withCrc(hex('01 03 0002 1234'))).toString('hex'));
  });

  it('says an invalid address as 80 01 00 04', async () => {
    const server = await serve(inovanceFraming);
    const answer = await ask(server, [withCrc(hex('01 03 9000 0001'))], 8);
    expect(answer.slice(0, 12)).toBe('010380010004');
  });

  it('ends a standard frame with the CRC of the manual, low byte first', () => {
    expect(Buffer.from(withCrc(hex('01 03 0000 000a'))).toString('hex')).toBe('01030000000ac5cd');
  });
});
