import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

export const bytes = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

export interface ScriptedServer {
  port: number;
  /** Requests in the order in which they came, over all connections. */
  requests: Buffer[];
  connections: Socket[];
  /** What to do with each request; left alone: silence. */
  answer: (request: Buffer, socket: Socket, index: number) => void;
  close(): Promise<void>;
}

/** A real TCP server on a free port (left out), or on this one, that does exactly what the test says. One segment from the client is one request. */
export async function scriptedServer(port = 0): Promise<ScriptedServer> {
  const connections: Socket[] = [];
  const requests: Buffer[] = [];
  const server = createServer((socket) => {
    connections.push(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (request) => {
      requests.push(request);
      it.answer(request, socket, requests.length - 1);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const it: ScriptedServer = {
    port: (server.address() as AddressInfo).port,
    requests,
    connections,
    answer: () => undefined,
    close: async () => {
      for (const socket of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return it;
}

/** Lets the event loop turn until the state is there; the test's time limit is the only clock. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** As many turns of the event loop as loopback traffic may need to arrive, when nothing is expected to happen. */
export async function turns(count = 50): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
