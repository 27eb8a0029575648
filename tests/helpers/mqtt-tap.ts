import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** MQTT 3.1.1 and 5, table 2-1: control packet types. */
const puback = 4;

export interface MqttTap {
  url: string;
  /** PUBACKs that clients behind the tap have written so far. */
  pubacks(): number;
  /** True: connections break, and no new one is let through until it is false again. */
  cut(cuts: boolean): void;
  close(): Promise<void>;
}

/** Between a client and its broker: counts what the client acknowledges, and is the line that breaks. */
export async function tapMqtt(brokerUrl: string): Promise<MqttTap> {
  const port = Number(new URL(brokerUrl).port);
  const sockets = new Set<Socket>();
  let acknowledged = 0;
  let cutting = false;
  const server = createServer((client) => {
    if (cutting) return void client.destroy();
    const broker = connect(port, '127.0.0.1');
    for (const socket of [client, broker]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        broker.destroy();
      });
    }
    client.on(
      'data',
      packetTypes((type) => {
        if (type === puback) acknowledged += 1;
      }),
    );
    client.pipe(broker);
    broker.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pubacks: () => acknowledged,
    cut(cuts) {
      cutting = cuts;
      if (cuts) for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Fixed header: type in the upper half of the first byte, then the remaining length, seven bits a byte. */
function packetTypes(call: (type: number) => void): (chunk: Buffer) => void {
  let bytes = Buffer.alloc(0);
  return (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (;;) {
      let [at, length, factor] = [1, 0, 1];
      while (at < bytes.length && at <= 4) {
        const byte = bytes[at++] ?? 0;
        length += (byte & 127) * factor;
        factor *= 128;
        if (byte < 128) break;
      }
      if (at < 2 || (bytes[at - 1] ?? 128) > 127 || bytes.length < at + length) return;
      call((bytes[0] ?? 0) >> 4);
      bytes = bytes.subarray(at + length);
    }
  };
}
