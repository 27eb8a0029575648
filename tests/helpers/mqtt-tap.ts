import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type ClientPacket, clientPackets } from './mqtt-packets.ts';

export interface MqttTap {
  url: string;
  /** PUBACKs that clients behind the tap have written so far. */
  pubacks(): number;
  /** All that clients of MQTT 3.1.1 behind the tap have written, in order. */
  readonly written: readonly ClientPacket[];
  /** True: connections break, and no new one is let through until it is false again. */
  cut(cuts: boolean): void;
  close(): Promise<void>;
}

/** Between a client and its broker: writes down what the client says, and is the line that breaks. */
export async function tapMqtt(brokerUrl: string): Promise<MqttTap> {
  const port = Number(new URL(brokerUrl).port);
  const sockets = new Set<Socket>();
  const written: ClientPacket[] = [];
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
      clientPackets((packet) => written.push(packet)),
    );
    client.pipe(broker);
    broker.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    written,
    pubacks: () => written.filter(({ type }) => type === 'puback').length,
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
