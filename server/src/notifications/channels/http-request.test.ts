import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { request } from './http-request.ts';

let server: Server;
let url: string;
/** Ends a connection on which it has answered as soon as it hears of it again: what a server does whose patience with idle ones has just run out. */
const answered = new WeakSet<Socket>();

beforeEach(async () => {
  server = createServer((incoming, response) => {
    if (answered.has(incoming.socket)) return void incoming.socket.destroy();
    answered.add(incoming.socket);
    response.end('taken');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('a message never meets a connection that the receiver is about to end', async () => {
  const { signal } = new AbortController();
  for (let at = 0; at < 5; at++)
    expect(await request(url, { method: 'POST', headers: {}, body: `${at}`, signal })).toEqual({
      status: 200,
      text: 'taken',
    });
});
