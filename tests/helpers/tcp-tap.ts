import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpTap {
  port: number;
  /** True: connections break, and no new one is let through until it is false again. */
  cut(cuts: boolean): void;
  close(): Promise<void>;
}

/** Between a client and what listens on a port of this machine: the line that breaks. `reader`: what the client of a connection says, as it comes. */
export async function tapTcp(toPort: number, reader?: () => (chunk: Buffer) => void): Promise<TcpTap> {
  const sockets = new Set<Socket>();
  let cutting = false;
  const server = createServer((client) => {
    if (cutting) return void client.destroy();
    const other = connect(toPort, '127.0.0.1');
    for (const socket of [client, other]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        other.destroy();
      });
    }
    if (reader !== undefined) client.on('data', reader());
    client.pipe(other);
    other.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
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
