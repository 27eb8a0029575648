import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { ModbusClient } from '../../../gateway/src/drivers/modbus/modbus-client.ts';
import { freePort } from '../../helpers/free-ports.ts';
import { peer } from '../../helpers/peers.ts';
import {
  agreeOnBits,
  agreeOnExceptions,
  agreeOnNumbers,
  agreeOnText,
  agreeOnWrites,
  startClient,
} from './agreement.ts';
import { type PeerServer, startPeerServer } from './peer-server.ts';
import { type NumberType, orders, testValues } from './typed-values.ts';

const pymodbus = peer('pymodbus');
const script = fileURLToPath(new URL('pymodbus-server.py', import.meta.url));
const types = Object.keys(testValues) as NumberType[];

describe.skipIf(!pymodbus.available).each([
  ['tcp', 'tcp'],
  ['rtu-over-tcp', 'rtu'],
] as const)(`a pymodbus server over %s ${pymodbus.available ? '' : pymodbus.hint}`, (transport, frames) => {
  let server: PeerServer;
  let client: ModbusClient;

  beforeAll(async () => {
    const port = await freePort();
    server = await startPeerServer(pymodbus.program(), [script, String(port), frames]);
    client = startClient({ id: 'peer', protocol: 'modbus', transport, host: '127.0.0.1', port });
  });
  afterAll(async () => {
    await client?.stop();
    await server?.stop();
  });

  describe.each(types)('%s', (type) => {
    test.each(orders)('%s is read and written alike', (order) => agreeOnNumbers({ client, server }, type, order));
  });
  test('texts are read alike', () => agreeOnText({ client, server }));
  test('coils and discrete inputs are read and written alike', () => agreeOnBits({ client, server }));
  test('single, multiple and read-and-write requests do the same', () => agreeOnWrites({ client, server }));
  test('a refusal is a refusal, and the next request is answered', () => agreeOnExceptions({ client }));
});
