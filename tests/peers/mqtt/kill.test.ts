import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { eventually } from '@plantroom/contracts/testing';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gatewayProgram } from '../../../scripts/stack/processes.ts';
import { peer } from '../../helpers/peers.ts';
import { type RunningMosquitto, runMosquitto } from '../../helpers/run-mosquitto.ts';
import { type RunningProgram, runProgram } from '../../helpers/run-program.ts';
import { gatewayFile } from './bed.ts';

const mosquitto = peer('mosquitto');
const room =
  '{ id: room, profile: zigbee2mqtt/wsdcgq11lm, connection: field, parameters: { friendly-name: room }, serves: { zone: room } }';

let broker: RunningMosquitto;
let folder: string;
let receiver: Server;
/** Temperatures in the order in which they came first: what was sent and not yet marked as sent comes again, with its old time. */
let temperatures: Set<number>;
let gateway: RunningProgram | undefined;

/** Waits as long as the test may: a loaded machine takes minutes to start a program. */
async function startGateway(): Promise<RunningProgram> {
  const started = runProgram(
    process.execPath,
    [...gatewayProgram.nodeOptions, gatewayProgram.module, '--config', join(folder, 'gateway.yaml')],
    {
      PLANTROOM_DATA_DIR: folder,
      PLANTROOM_LOG_LEVEL: 'info',
    },
  );
  gateway = started;
  while (!started.output().includes('gateway is running')) {
    if (!isAlive(started.pid)) throw new Error(`the gateway has ended: ${started.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return started;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe.skipIf(!mosquitto.available)(
  `a gateway that is killed between receipt and append ${mosquitto.available ? '' : mosquitto.hint}`,
  () => {
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'plantroom-kill-'));
      broker = await runMosquitto();
      temperatures = new Set();
      receiver = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const body = Buffer.concat(chunks);
          const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
          for (const line of text.toString().split('\n')) {
            const [, value] = /^hvac-zone,.*\btemperature=(-?[\d.]+)/.exec(line) ?? [];
            if (value !== undefined) temperatures.add(Number(value));
          }
          response.writeHead(204).end();
        });
      });
      receiver.listen(0, '127.0.0.1');
      await once(receiver, 'listening');
      const { port } = receiver.address() as AddressInfo;
      const uplinks = `uplinks:\n  lineProtocol: { url: "http://127.0.0.1:${port}", api: v2 }`;
      writeFileSync(join(folder, 'gateway.yaml'), gatewayFile(broker.url, [room], uplinks));
    });
    afterEach(async () => {
      await gateway?.stop();
      receiver.closeAllConnections();
      receiver.close();
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test('loses no message of quality of service 1', { timeout: 1_800_000 }, async () => {
      const sensor = await mqtt.connectAsync(broker.url);
      const publish = (temperature: number) =>
        sensor.publishAsync('zigbee2mqtt/room', JSON.stringify({ temperature }), { qos: 1 });
      const killed = await startGateway();
      // Only what comes out at the other end shows that the subscription stands.
      await eventually(
        async () => {
          await publish(10);
          expect([...temperatures], killed.output()).toEqual([10]);
        },
        { what: 'the first value has gone all the way' },
      );

      // Another process holds the outbox for writing, as a copy or a slow disk does: what arrives now cannot be appended.
      const holder = new DatabaseSync(join(folder, 'outbox.sqlite'));
      await eventually(() => holder.exec('BEGIN IMMEDIATE'), { what: 'the outbox is held' });
      const sent = [21, 22, 23, 24, 25];
      for (const temperature of sent) await publish(temperature);
      await eventually(() => expect(killed.output()).toContain('not stored'), {
        what: 'it has arrived and is not stored',
      });
      process.kill(killed.pid, 'SIGKILL');
      await killed.stop();
      holder.exec('ROLLBACK');
      holder.close();
      expect([...temperatures]).toEqual([10]);

      const next = await startGateway();
      await eventually(() => expect([...temperatures], next.output()).toEqual([10, ...sent]), {
        what: 'the broker has sent again what was not acknowledged',
      });
      await sensor.endAsync();
    });
  },
);
