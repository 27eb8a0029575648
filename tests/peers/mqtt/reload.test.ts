import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, silentLogger, systemClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteOutbox } from '../../../gateway/src/outbox/sqlite-outbox.ts';
import { type RunningGateway, runGateway } from '../../../gateway/src/run.ts';
import { startBroker } from '../../../server/src/broker/start-broker.ts';
import { peer } from '../../helpers/peers.ts';
import { runMosquitto } from '../../helpers/run-mosquitto.ts';
import { gatewayFile } from './bed.ts';

const mosquitto = peer('mosquitto');
const room = (id: string): string =>
  `{ id: ${id}, profile: zigbee2mqtt/wsdcgq11lm, connection: field, parameters: { friendly-name: ${id} }, serves: { zone: ${id} } }`;

let folder: string;
let broker: { url: string; stop(): Promise<void> };
let publisher: MqttClient;
let running: RunningGateway | undefined;
let errors: string[];
/** How many values each room has been given. */
let given: Map<string, number>;

const writeConfig = (...rooms: string[]): void =>
  writeFileSync(join(folder, 'gateway.yaml'), gatewayFile(broker.url, rooms.map(room)));

async function start(): Promise<void> {
  running = await runGateway(join(folder, 'gateway.yaml'), {
    environment: { dataDir: folder, logLevel: 'silent', variables: {} },
    logger: { ...silentLogger, error: (_: unknown, text?: string) => errors.push(text ?? '') } as Logger,
    watch: false,
  });
}

/** The n-th value: every one beyond the deadband of the one before, all plausible. */
const temperatureOf = (n: number): number => (n % 2 === 0 ? 1 : -1) * (1 + (n % 300) * 0.1);

async function send(id: string, temperature: number): Promise<void> {
  await publisher.publishAsync(`zigbee2mqtt/${id}`, JSON.stringify({ temperature }), { qos: 1 });
}

/** The next value of each of these rooms; the broker has it when this resolves. */
async function next(...rooms: string[]): Promise<void> {
  for (const id of rooms) {
    const n = given.get(id) ?? 0;
    given.set(id, n + 1);
    await send(id, temperatureOf(n));
  }
}

/** Its topic is subscribed to: the broker keeps what comes from now on. */
async function heard(id: string): Promise<void> {
  await eventually(async () => {
    await send(id, 45);
    expect(stored(id, 45)).not.toEqual([]);
  });
}

/** Good temperatures in the order in which they were stored; left out: those of `heard`. Of a copy: the gateway holds the file. */
function stored(id: string, only?: number): unknown[] {
  const copy = mkdtempSync(join(folder, 'copy-'));
  for (const name of ['outbox.sqlite', 'outbox.sqlite-wal'])
    if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(copy, name));
  const outbox = openSqliteOutbox(join(copy, 'outbox.sqlite'), {
    uplinks: [],
    clock: systemClock,
    logger: silentLogger,
  });
  try {
    const readings = outbox.read('live', 0, 100_000)?.readings ?? [];
    return readings.flatMap(({ point, quality, value }) =>
      point === `tower/${id}/temperature` && quality === 'good' && (value === 45) === (only === 45) ? [value] : [],
    );
  } finally {
    outbox.close();
    rmSync(copy, { recursive: true });
  }
}

const all = (id: string): number[] => Array.from({ length: given.get(id) ?? 0 }, (_, n) => temperatureOf(n));

async function runEmbedded(): Promise<{ url: string; stop(): Promise<void> }> {
  const { port, stop } = await startBroker({ host: '127.0.0.1', port: 0, logger: silentLogger });
  return { url: `mqtt://127.0.0.1:${port}`, stop };
}

const brokers = [
  { name: 'Mosquitto', run: runMosquitto, missing: mosquitto.available ? '' : mosquitto.hint },
  { name: 'the embedded broker', run: runEmbedded, missing: '' },
];

for (const { name, run, missing } of brokers)
  describe.skipIf(missing !== '')(`an MQTT line that is made again by a reload, on ${name} ${missing}`, () => {
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'plantroom-reload-'));
      broker = await run();
      publisher = await connectAsync(broker.url);
      errors = [];
      given = new Map();
    });
    afterEach(async () => {
      await running?.stop();
      running = undefined;
      await publisher.endAsync();
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test('loses and repeats none of the messages sent meanwhile, and keeps their order', async () => {
      writeConfig('one', 'two');
      await start();
      await heard('one');
      await heard('two');
      for (let i = 0; i < 20; i++) await next('one', 'two');

      let reloaded = false;
      writeConfig('one', 'two', 'three');
      const reload = running!.reload('test').then(() => {
        reloaded = true;
      });
      for (let i = 0; i < 20 || !reloaded; i++) await next('one', 'two');
      await reload;
      await heard('three');
      for (let i = 0; i < 20; i++) await next('one', 'two', 'three');
      const ofTwo = given.get('two')!;

      writeConfig('one', 'three');
      await running!.reload('test');
      for (let i = 0; i < 20; i++) await next('one', 'two', 'three');
      await eventually(() => {
        expect(stored('one')).toEqual(all('one'));
        expect(stored('three')).toEqual(all('three'));
      });
      await running!.stop();
      running = undefined;

      expect(errors).toEqual([]);
      expect(stored('one')).toEqual(all('one'));
      expect(stored('three')).toEqual(all('three'));
      // Of a room that is no longer asked for, what was sent after that is nobody's.
      const two = stored('two');
      expect(two).toEqual(all('two').slice(0, two.length));
      expect(two.length).toBeLessThanOrEqual(ofTwo);
      expect(two.length).toBeGreaterThanOrEqual(20);
    });
  });
