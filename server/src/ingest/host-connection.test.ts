import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { silentLogger, systemClock } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { HostConnection } from './host-connection.ts';

test('CONNECT asks for a keep-alive of 15 s: a connection that no longer carries anything must not cost a minute and a half of alarms', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connection = new HostConnection({
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hostId: 'plantroom',
    clock: systemClock,
    logger: silentLogger,
    onMessage: () => undefined,
    onOnline: () => undefined,
    onLost: () => undefined,
  });
  connection.start();
  const [socket] = (await once(server, 'connection')) as [Socket];
  const [packet] = (await once(socket, 'data')) as [Buffer];
  // Fixed header (type, length in one or two bytes), then the variable header: name, level, flags, keep-alive.
  const at = packet.indexOf(Buffer.from([0x00, 0x04, 0x4d, 0x51, 0x54, 0x54, 0x04]));
  expect(packet[0]).toBe(0x10);
  expect(at).toBeGreaterThan(0);
  expect(packet.readUInt16BE(at + 8)).toBe(15);
  await connection.stop();
  socket.destroy();
  server.close();
});
