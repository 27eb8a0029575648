import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Reading, silentLogger, systemClock } from '@plantroom/contracts';
import mqtt, { type MqttClient } from 'mqtt';
import { type LoadedGateway, loadGatewayConfig } from '../../../gateway/src/config/load-config.ts';
import type { Driver } from '../../../gateway/src/drivers/driver.ts';
import { mqttDriver } from '../../../gateway/src/drivers/mqtt/mqtt-factory.ts';
import { openMemoryOutbox } from '../../../gateway/src/outbox/memory-outbox.ts';
import type { Outbox } from '../../../gateway/src/outbox/outbox.ts';
import { Pipeline } from '../../../gateway/src/pipeline/pipeline.ts';
import { pointTable } from '../../../gateway/src/pipeline/point-table.ts';
import { type MqttTap, tapMqtt } from '../../helpers/mqtt-tap.ts';
import { type RunningMosquitto, runMosquitto } from '../../helpers/run-mosquitto.ts';

/** A gateway file with these devices, whose broker is at `url`. */
export function gatewayFile(url: string, devices: readonly string[], more = 'uplinks: {}'): string {
  return `gateway: edge-1
site: tower
connections:
  - { id: field, protocol: mqtt, url: "${url}" }
devices:
${devices.map((device) => `  - ${device}`).join('\n')}
${more}
outbox: { file: outbox.sqlite }
`;
}

interface Surroundings {
  broker: RunningMosquitto;
  tap: MqttTap;
  publisher: MqttClient;
  folder: string;
}

/** Mosquitto, a line that can break, and the real driver and pipeline behind it. */
export class MosquittoBed {
  readonly broker: RunningMosquitto;
  readonly tap: MqttTap;
  readonly publisher: MqttClient;
  readonly outbox: Outbox;
  readonly #folder: string;
  readonly #pipeline: Pipeline;
  readonly driver: Driver;

  private constructor(
    { broker, tap, publisher, folder }: Surroundings,
    { config, devices }: LoadedGateway,
    { version }: { version: '5' | undefined },
  ) {
    this.broker = broker;
    this.tap = tap;
    this.publisher = publisher;
    this.#folder = folder;
    const [connection] = config.connections;
    if (connection?.protocol !== 'mqtt') throw new Error('the file has no MQTT connection');
    const shared = { clock: systemClock, logger: silentLogger };
    this.outbox = openMemoryOutbox({ uplinks: ['test'], ...shared });
    this.#pipeline = new Pipeline({ table: pointTable('tower', devices), outbox: this.outbox, ...shared });
    const options = { ...connection, ...(version === undefined ? {} : { version }) };
    this.driver = mqttDriver.create({ connection: options, devices, ...shared });
  }

  /** `version`: of MQTT; left out: 3.1.1. */
  static async open(devices: readonly string[], version?: '5'): Promise<MosquittoBed> {
    const broker = await runMosquitto();
    const tap = await tapMqtt(broker.url);
    const publisher = await mqtt.connectAsync(broker.url);
    const folder = mkdtempSync(join(tmpdir(), 'plantroom-mqtt-'));
    const file = join(folder, 'gateway.yaml');
    writeFileSync(file, gatewayFile(tap.url, devices));
    const loaded = await loadGatewayConfig({ file, environment: {} });
    if (loaded.problems.length > 0) throw new Error(JSON.stringify(loaded.problems));
    return new MosquittoBed({ broker, tap, publisher, folder }, loaded, { version });
  }

  async start(): Promise<void> {
    this.#pipeline.start();
    await this.driver.start(this.#pipeline);
  }

  async publish(topic: string, payload: string, options: { retain?: boolean } = {}): Promise<void> {
    await this.publisher.publishAsync(topic, payload, { qos: 1, ...options });
  }

  /** Everything in the outbox, in order. */
  stored(): Reading[] {
    return (['safety', 'live'] as const).flatMap((lane) => this.outbox.read(lane, 0, 10_000)?.readings ?? []);
  }

  /** Of one point: value and what is wrong with it, if anything. */
  said(point: string): [unknown, string][] {
    return this.stored()
      .filter((reading) => reading.point === `tower/${point}`)
      .map(({ value, quality, reason }) => [value, reason ?? quality]);
  }

  async close(): Promise<void> {
    await this.driver.stop();
    this.#pipeline.stop();
    await this.publisher.endAsync(true);
    await this.tap.close();
    await this.broker.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
