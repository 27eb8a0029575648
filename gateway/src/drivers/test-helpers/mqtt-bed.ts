import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { type Clock, type Logger, silentLogger, systemClock } from '@plantroom/contracts';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';
import type { Driver } from '../driver.ts';
import { mqttDriver } from '../mqtt/mqtt-factory.ts';
import { mqttDevice } from './devices.ts';
import type { RecordingSink } from './recording-sink.ts';
import { until } from './scripted-server.ts';

export const leak = mqttDevice('leak-1', {
  'water-leak': { topic: 'zigbee2mqtt/leak-1', path: 'water_leak' },
  battery: { topic: 'zigbee2mqtt/leak-1', path: 'battery' },
});

/** A real broker on a port of its own, what it saw, and drivers that are stopped with it. */
export class MqttBed {
  readonly broker: Aedes;
  /** Topic of each PUBACK it was sent, in order. */
  readonly acks: string[] = [];
  readonly subscriptions: string[] = [];
  readonly connected: { close(): void }[] = [];
  readonly #drivers: Driver[] = [];
  server: Server | undefined;
  port = 0;

  private constructor(broker: Aedes) {
    this.broker = broker;
    broker.on('client', (client) => this.connected.push(client));
    broker.on('ack', (packet) =>
      this.acks.push(packet !== undefined && 'topic' in packet ? String(packet.topic) : (packet?.cmd ?? '')),
    );
    broker.on('subscribe', (list) => this.subscriptions.push(...list.map((s) => s.topic)));
  }

  static async open(): Promise<MqttBed> {
    const bed = new MqttBed(await Aedes.createBroker());
    await bed.listen();
    return bed;
  }

  /** On the port it had before, if any. */
  async listen(): Promise<void> {
    const server = createServer(this.broker.handle);
    this.server = server;
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const driver of this.#drivers) await driver.stop();
    await new Promise<void>((resolve) => this.broker.close(() => resolve()));
    this.server?.close();
  }

  create(devices = [leak], logger: Logger = silentLogger, { clock = systemClock }: { clock?: Clock } = {}): Driver {
    const driver = mqttDriver.create({
      connection: { id: 'zigbee', protocol: 'mqtt', url: `mqtt://127.0.0.1:${this.port}`, clientId: 'edge-zigbee' },
      devices,
      clock,
      logger,
    });
    this.#drivers.push(driver);
    return driver;
  }

  async started(sink: RecordingSink, devices = [leak], logger?: Logger): Promise<Driver> {
    const driver = this.create(devices, logger);
    await driver.start(sink);
    await until(() => this.subscriptions.length > 0 && driver.stats().connected);
    return driver;
  }

  async publish(topic: string, payload: string, retain = false): Promise<void> {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${this.port}`);
    await client.publishAsync(topic, payload, { qos: 1, retain });
    await client.endAsync();
  }
}
