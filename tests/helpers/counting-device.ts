import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface CountingDevice {
  port: number;
  /** How often register 0 of unit 1 has been read; each answer carries the number. */
  readonly served: number;
  /** Input 1 of unit 2. */
  fire: boolean;
  close(): Promise<void>;
}

/** A Modbus TCP device, its bytes written out by hand, that keeps count of what it has given out. */
export async function countingDevice(): Promise<CountingDevice> {
  let served = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (; rest.length >= 12; rest = rest.subarray(12)) {
        const isMeter = rest[6] === 1;
        if (isMeter) served += 1;
        const data = isMeter ? [served >>> 8, served & 0xff] : [Number(device.fire)];
        const head = [rest[0]!, rest[1]!, 0, 0, 0, 3 + data.length, rest[6]!, rest[7]!, data.length];
        socket.write(Buffer.from([...head, ...data]));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const device: CountingDevice = {
    port: (server.address() as AddressInfo).port,
    get served() {
      return served;
    },
    fire: false,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return device;
}
