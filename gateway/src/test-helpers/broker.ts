import { createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';

export interface TestBroker {
  url: string;
  port: number;
  /** Cuts every connection without a word, as a dead line does. */
  cut(): void;
  /** True: cuts every connection, and each new one until it is false again. */
  refuse(refuses: boolean): void;
  close(): Promise<void>;
}

/** A real broker on a free loopback port. */
export async function startBroker(): Promise<TestBroker> {
  const aedes = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  let refusing = false;
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  // Nagle and delayed acknowledgement would hold answers back for 40 ms, in which virtual time goes far.
  const server = createServer({ noDelay: true }, (socket) => {
    if (refusing) return void socket.resetAndDestroy();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    cut,
    refuse(refuses) {
      refusing = refuses;
      if (refuses) cut();
    },
    async close() {
      await new Promise<void>((resolve) => aedes.close(resolve));
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
