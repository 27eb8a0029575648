import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { systemClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../helpers/free-ports.ts';
import { Random } from '../rig/random.ts';
import { Hop } from './hop.ts';

let server: Server;
/** The far ends, as they came. */
let accepted: Socket[];
let hop: Hop;
let clients: Socket[];

beforeEach(async () => {
  accepted = [];
  clients = [];
  server = createServer((socket) => {
    accepted.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => socket.write(`echo ${bytes.toString()}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const target = (server.address() as AddressInfo).port;
  hop = new Hop({ port: await freePort(), target, clock: systemClock, random: new Random(1, 'test') });
  await hop.listen();
});

afterEach(async () => {
  for (const socket of [...clients, ...accepted]) socket.destroy();
  await hop.close();
  server.close();
});

function dial(): Socket {
  const socket = connect(hop.port, '127.0.0.1');
  socket.on('error', () => undefined);
  clients.push(socket);
  return socket;
}

async function client(): Promise<{ socket: Socket; heard: () => string }> {
  const socket = dial();
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes.toString();
  });
  await once(socket, 'connect');
  return { socket, heard: () => heard };
}

const closed = (socket: Socket) => eventually(() => expect(socket.closed).toBe(true));
const hears = (of: { heard: () => string }, text: string) => eventually(() => expect(of.heard()).toBe(text));

test('it passes bytes and ends both ways', async () => {
  const one = await client();
  one.socket.write('a');
  await hears(one, 'echo a');
  one.socket.end();
  await closed(accepted[0]!);
});

test('what ends behind it right after a long answer is still passed as a whole', async () => {
  const one = await client();
  one.socket.write('a');
  await hears(one, 'echo a');
  accepted[0]!.end('x'.repeat(300_000));
  await closed(one.socket);
  expect(one.heard()).toHaveLength(300_006);
});

test('a cut resets every connection, and a refused one is closed at once', async () => {
  const one = await client();
  one.socket.write('a');
  await hears(one, 'echo a');
  hop.set({ kind: 'refuse' });
  hop.cut();
  await closed(one.socket);
  await closed(accepted[0]!);
  await closed(dial());
  expect(accepted).toHaveLength(1);
});

test('a delay keeps the order', async () => {
  hop.set({ kind: 'delay', fromMs: 1, toMs: 30 });
  const one = await client();
  let wanted = '';
  for (let i = 0; i < 20; i++) {
    one.socket.write(`${i};`);
    wanted += `${i};`;
  }
  await eventually(() => expect(one.heard().replaceAll('echo ', '')).toBe(wanted));
});

test('a stall holds everything and lets go of it in the end', async () => {
  const one = await client();
  one.socket.write('a');
  await hears(one, 'echo a');
  hop.set({ kind: 'stall' });
  one.socket.write('b');
  // Another connection that is served shows that time enough has passed for the first.
  await eventually(() => expect(hop.stats().bytes).toBeGreaterThanOrEqual('aecho ab'.length));
  expect(one.heard()).toBe('echo a');
  hop.set({ kind: 'pass' });
  await hears(one, 'echo aecho b');
});

test('what has lost bytes in a black hole never carries any again, not even its end; what was quiet and what is new does', async () => {
  const [lost, quiet] = [await client(), await client()];
  await eventually(() => expect(accepted).toHaveLength(2));
  hop.set({ kind: 'black-hole' });
  lost.socket.write('a');
  await eventually(() => expect(hop.stats().swallowedBytes).toBe(1));
  hop.set({ kind: 'pass' });
  const fresh = await client();
  for (const each of [lost, quiet, fresh]) each.socket.write('b');
  await hears(quiet, 'echo b');
  await hears(fresh, 'echo b');
  lost.socket.end();
  quiet.socket.destroy();
  await eventually(() => expect(accepted.filter((socket) => socket.closed)).toHaveLength(1));
  expect(lost.heard()).toBe('');
});

test('a throttle lets through what it promises', async () => {
  hop.set({ kind: 'throttle', bytesPerSecond: 20_000 });
  const one = await client();
  const beganMs = performance.now();
  // Two chunks: the second waits for the first one's time.
  one.socket.write('x'.repeat(1000));
  await eventually(() => expect(one.heard()).toHaveLength(1005), { everyMs: 5 });
  expect(performance.now() - beganMs).toBeGreaterThanOrEqual(95);
});
