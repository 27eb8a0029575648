import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { silentLogger } from '@plantroom/contracts';
import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';
import { readBrokerEnvironment } from './broker-environment.ts';
import { startBroker } from './start-broker.ts';

const broker = () => startBroker({ host: '127.0.0.1', port: 0, logger: silentLogger });

test('a retained message reaches a client that subscribes later', async () => {
  const { port, stop } = await broker();
  const first = await connectAsync(`mqtt://127.0.0.1:${port}`);
  await first.publishAsync('a/b', 'kept', { qos: 1, retain: true });
  const second = await connectAsync(`mqtt://127.0.0.1:${port}`);
  const message = new Promise<string>((resolve) =>
    second.once('message', (topic, payload) => resolve(`${topic} ${payload.toString()}`)),
  );
  await second.subscribeAsync('a/#');
  expect(await message).toBe('a/b kept');
  await Promise.all([first.endAsync(), second.endAsync()]);
  await stop();
});

test('stop cuts connected clients and frees the port', async () => {
  const first = await broker();
  const client = await connectAsync(`mqtt://127.0.0.1:${first.port}`, { reconnectPeriod: 0 });
  const closed = new Promise<void>((resolve) => client.once('close', resolve));
  await first.stop();
  await closed;
  const second = await startBroker({ host: '127.0.0.1', port: first.port, logger: silentLogger });
  expect(second.port).toBe(first.port);
  await second.stop();
  await client.endAsync(true);
});

test('a taken port is one error that names port, variable and remedy', async () => {
  const { port, stop } = await broker();
  await expect(startBroker({ host: '127.0.0.1', port, logger: silentLogger })).rejects.toThrow(
    `MQTT port ${port} on 127.0.0.1 is taken by another program; stop that program, or set PLANTROOM_MQTT_PORT to a free port`,
  );
  await stop();
});

test('the environment defaults to port 1883 on loopback and a wrong value is named', () => {
  expect(readBrokerEnvironment({})).toEqual({ host: '127.0.0.1', port: 1883, logLevel: 'info' });
  expect(() => readBrokerEnvironment({ PLANTROOM_MQTT_PORT: '70000' })).toThrow('PLANTROOM_MQTT_PORT is "70000"');
  expect(() => readBrokerEnvironment({ PLANTROOM_LOG_LEVEL: 'loud' })).toThrow('PLANTROOM_LOG_LEVEL is "loud"');
});

const main = fileURLToPath(new URL('../broker-main.ts', import.meta.url));

test('the process tells its parent when it is ready and stops cleanly on SIGTERM', async () => {
  const child = fork(main, { env: { ...process.env, PLANTROOM_MQTT_PORT: '0' }, silent: true });
  const [message] = (await once(child, 'message')) as [{ ready: boolean; port: number }];
  expect(message.ready).toBe(true);
  const client = await connectAsync(`mqtt://127.0.0.1:${message.port}`, { reconnectPeriod: 0 });
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  await client.endAsync(true);
});

test('the process ends with exit code 2 when its port is taken', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const address = holder.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const child = fork(main, { env: { ...process.env, PLANTROOM_MQTT_PORT: String(port) }, silent: true });
  let output = '';
  child.stdout?.on('data', (text: Buffer) => {
    output += text.toString();
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(2);
  expect(output.trim().split('\n')).toHaveLength(1);
  expect(output).toContain('PLANTROOM_MQTT_PORT');
  await new Promise((resolve) => holder.close(resolve));
});
