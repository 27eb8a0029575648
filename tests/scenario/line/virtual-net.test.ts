import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualNet } from './virtual-net.ts';

let net: VirtualNet;
let restore: () => void;
beforeEach(() => {
  net = new VirtualNet();
  restore = net.install();
});
afterEach(() => restore());

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A server that answers each chunk with what it has heard so far. */
async function listening(port: number): Promise<{ heard: string[]; sockets: Socket[] }> {
  const heard: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      heard.push(String(data));
      socket.write(`${heard.length}:${data}`);
    });
  });
  await new Promise<void>((resolve) => void server.listen(port, () => resolve()));
  return { heard, sockets };
}

test('what one end writes the other reads, in order, and both hear the end', async () => {
  const { heard } = await listening(7);
  const client = connect({ port: 7, host: '127.0.0.1' });
  const answers: string[] = [];
  const events: string[] = [];
  client.on('data', (data) => answers.push(String(data)));
  client.on('end', () => events.push('end'));
  client.on('close', () => events.push('close'));
  client.on('connect', () => {
    client.write('a');
    client.cork();
    client.write('b');
    client.write('c');
    client.uncork();
  });
  await turn();
  expect(heard).toEqual(['a', 'bc']);
  expect(answers.join('')).toBe('1:a2:bc');
  client.end('d');
  await turn();
  await turn();
  expect(heard.at(-1)).toBe('d');
  expect(events).toContain('close');
});

test('what is written stays as it was when the writer uses its buffer again', async () => {
  const { heard } = await listening(7);
  const client = connect({ port: 7 });
  await turn();
  const bytes = Buffer.from('old');
  client.cork();
  client.write(bytes);
  bytes.write('new');
  client.uncork();
  await turn();
  expect(heard).toEqual(['old']);
});

test('one that reads when it likes gets everything', async () => {
  const parts: string[] = [];
  const server = createServer((socket) => {
    socket.on('readable', () => {
      for (let data = socket.read(); data !== null; data = socket.read()) parts.push(String(data));
    });
  });
  server.listen(9);
  await turn();
  const client = connect({ port: 9 });
  await turn();
  for (const text of ['x', 'y', 'z']) client.write(text);
  await turn();
  expect(parts.join('')).toBe('xyz');
});

test('nobody listens: refused, as the system says it', async () => {
  const client = connect({ port: 8, host: '127.0.0.1' });
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => void client.once('error', resolve));
  expect([error.code, error.message]).toEqual(['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:8']);
});

test('a cut ends what stands, lets nobody in, and leaves other ways to the same server alone', async () => {
  const { heard, sockets } = await listening(7);
  net.alias(70, 7);
  const direct = connect({ port: 7 });
  const other = connect({ port: 70 });
  for (const one of [direct, other]) one.on('error', () => undefined);
  await turn();
  net.block(70);
  await turn();
  await turn();
  expect([direct.destroyed, other.destroyed]).toEqual([false, true]);
  expect(sockets.map(({ destroyed }) => destroyed)).toEqual([false, true]);
  direct.write('still here');
  const late = connect({ port: 70 });
  const refused = await new Promise<NodeJS.ErrnoException>((resolve) => void late.once('error', resolve));
  expect([heard, refused.code]).toEqual([['still here'], 'ECONNREFUSED']);
  net.unblock(70);
  const again = connect({ port: 70 });
  await turn();
  again.write('back');
  await turn();
  expect(heard.at(-1)).toBe('back');
});

test('a port is taken once', async () => {
  await listening(7);
  const server = createServer();
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
    server.once('error', resolve);
    server.listen(7);
  });
  expect(error.code).toBe('EADDRINUSE');
});
