import { type Logger, silentLogger } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { connect, connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Broker, startBroker } from './start-broker.ts';

let broker: Broker;
let publisher: MqttClient;
let subscriber: MqttClient | undefined;
let seen: number[];
let sent: number;
const warn = vi.fn<Logger['warn']>();

beforeEach(async () => {
  warn.mockClear();
  broker = await startBroker({ host: '127.0.0.1', port: 0, logger: { ...silentLogger, warn } });
  publisher = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
  [seen, sent] = [[], 0];
});
afterEach(async () => {
  await subscriber?.endAsync(true);
  await publisher.endAsync(true);
  await broker.stop();
});

/** The device with a session of its own; it hears from its first packet on, before it is told that it is connected. */
function come(): MqttClient {
  const url = `mqtt://127.0.0.1:${broker.port}`;
  subscriber = connect(url, { clientId: 'device', clean: false, reconnectPeriod: 0 });
  subscriber.on('message', (_, payload) => seen.push(Number(payload.toString())));
  return subscriber;
}
async function send(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await publisher.publishAsync('room/t', String(sent++), { qos: 1 });
}
const all = (): number[] => Array.from({ length: sent }, (_, n) => n);

test('a client that returns to its session gets what was kept, then what came meanwhile, each once', async () => {
  const first = come();
  await first.subscribeAsync('room/+', { qos: 1 });
  await first.endAsync();
  for (let life = 0; life < 5; life++) {
    await send(100);
    const back = come();
    // Goes on until it has come through to the client behind all that was kept.
    while (seen.length < 100 * (life + 1)) await send(10);
    await eventually(() => expect(seen.at(-1)).toBe(sent - 1));
    await back.endAsync();
  }
  expect(seen).toEqual(all());
  expect(warn).not.toHaveBeenCalled();
});

test('a line that breaks loses nothing, and what is said again is what was not acknowledged', async () => {
  await come().subscribeAsync('room/+', { qos: 1 });
  for (let life = 0; life < 5; life++) {
    await send(50);
    subscriber?.stream.destroy();
    const before = seen.length;
    await send(50);
    come();
    while (seen.length === before) await send(10);
  }
  await eventually(() => expect(new Set(seen).size).toBe(sent));
  expect([...new Set(seen)]).toEqual(all());
});

test('overlapping subscriptions of a returning client bring a message once and cost none', async () => {
  const first = come();
  await first.subscribeAsync(['room/+', 'room/#', '#'], { qos: 1 });
  await send(20);
  await eventually(() => expect(seen.at(-1)).toBe(sent - 1));
  await first.endAsync();
  await send(20);
  come();
  await send(20);
  await eventually(() => expect(seen.at(-1)).toBe(sent - 1));
  expect(seen).toEqual(all());
  expect(warn).not.toHaveBeenCalled();
});

test('for a client that stays away no more is kept than the bound, the oldest of it, and that is said once', async () => {
  await broker.stop();
  const error = vi.fn<Logger['error']>();
  broker = await startBroker({ host: '127.0.0.1', port: 0, mostKept: 30, logger: { ...silentLogger, error, warn } });
  await publisher.endAsync(true);
  publisher = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
  const first = come();
  await first.subscribeAsync(['room/+', 'room/#'], { qos: 1 });
  await first.endAsync();
  for (let life = 0; life < 2; life++) {
    seen = [];
    const from = sent;
    await send(100);
    const back = come();
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(30));
    // Room again, once they are acknowledged.
    while (seen.length === 30) await send(1);
    await eventually(() => expect(seen.at(-1)).toBe(sent - 1));
    expect(seen.slice(0, 30)).toEqual(Array.from({ length: 30 }, (_, n) => from + n));
    expect(seen.every((n) => n < from + 30 || n >= from + 100)).toBe(true);
    await back.endAsync();
    expect(error).toHaveBeenCalledTimes(life + 1);
  }
  expect(warn).not.toHaveBeenCalled();
  expect(broker.stats().dropped).toBeGreaterThanOrEqual(140);
});

test('a client that takes over a session while messages come gets all of them', async () => {
  await come().subscribeAsync('room/+', { qos: 1 });
  for (let life = 0; life < 5; life++) {
    await send(20);
    // The earlier connection is still there.
    come();
    await send(20);
  }
  await eventually(() => expect(new Set(seen).size).toBe(sent));
});
