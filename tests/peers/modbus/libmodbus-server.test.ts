import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModbusConnection } from '../../../gateway/src/config/gateway-config.ts';
import type { ModbusClient } from '../../../gateway/src/drivers/modbus/modbus-client.ts';
import { freePort } from '../../helpers/free-ports.ts';
import { peer } from '../../helpers/peers.ts';
import { type RunningProgram, runProgram } from '../../helpers/run-program.ts';
import { agreeOnBits, agreeOnExceptions, agreeOnNumbers, agreeOnWrites, startClient } from './agreement.ts';
import { type PeerServer, startPeerServer } from './peer-server.ts';
import { type NumberType, type Order, orders } from './typed-values.ts';

const libmodbus = peer('libmodbus');
const socat = peer('socat');
const source = fileURLToPath(new URL('libmodbus-server.c', import.meta.url));
/** What libmodbus itself can encode. */
const cases: [NumberType, Order][] = [
  ...(['u16', 's16', 'u32', 's32', 'u64', 's64'] as const).map((type): [NumberType, Order] => [type, 'ABCD']),
  ...orders.map((order): [NumberType, Order] => ['f32', order]),
];

function suite(available: boolean, what: string, open: (folder: string) => Promise<Opened>): void {
  describe.skipIf(!available)(what, () => {
    let folder: string;
    let opened: Opened;
    let server: PeerServer;
    let client: ModbusClient;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'plantroom-libmodbus-'));
      const program = join(folder, 'server');
      execFileSync(libmodbus.program(), ['-I/usr/include/modbus', '-o', program, source, '-lmodbus']);
      opened = await open(folder);
      server = await startPeerServer(program, opened.args);
      client = startClient(opened.connection);
    });
    afterAll(async () => {
      await client?.stop();
      await server?.stop();
      await opened?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    test.each(cases)('%s %s is read and written alike', (type, order) =>
      agreeOnNumbers({ client, server }, type, order),
    );
    test('coils and discrete inputs are read and written alike', () => agreeOnBits({ client, server }));
    test('single, multiple and read-and-write requests do the same', () => agreeOnWrites({ client, server }));
    test('a refusal is a refusal, and the next request is answered', () => agreeOnExceptions({ client }));
  });
}

interface Opened {
  args: string[];
  connection: ModbusConnection;
  close(): Promise<void>;
}

suite(libmodbus.available, `a libmodbus server over TCP ${libmodbus.available ? '' : libmodbus.hint}`, async () => {
  const port = await freePort();
  return {
    args: ['tcp', String(port)],
    connection: { id: 'peer', protocol: 'modbus', transport: 'tcp', host: '127.0.0.1', port },
    close: () => Promise.resolve(),
  };
});

const missing = [libmodbus, socat].find(({ available }) => !available);
suite(missing === undefined, `a libmodbus server on a serial line ${missing?.hint ?? ''}`, async (folder) => {
  const [ours, theirs] = [join(folder, 'ours'), join(folder, 'theirs')];
  const pair: RunningProgram = runProgram(socat.program(), [
    '-d',
    '-d',
    ...[ours, theirs].map((link) => `pty,raw,echo=0,link=${link}`),
  ]);
  await eventually(() => expect(pair.output()).toContain('starting data transfer loop'), {
    what: 'socat joins two ports',
  });
  return {
    args: ['rtu', theirs],
    connection: { id: 'peer', protocol: 'modbus', transport: 'rtu', path: ours, baudRate: 9600 },
    close: () => pair.stop(),
  };
});
