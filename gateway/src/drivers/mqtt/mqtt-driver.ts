import { type Clock, errorMessage, type Logger } from '@plantroom/contracts';
import type { EncodedWrite, PointBinding } from '@plantroom/device-profiles';
import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import type { MqttConnection } from '../../config/gateway-config.ts';
import { assertWritable } from '../assert-writable.ts';
import type { Driver, DriverSink, DriverStats, WriteResult } from '../driver.ts';
import { CommandSender } from './command-sender.ts';
import { Complaints } from './complaints.ts';
import { distribute } from './distribute.ts';
import { pubacks, Receipts } from './receipts.ts';
import { Subscriptions } from './subscriptions.ts';
import { type MqttDevice, type Route, routesOf } from './topic-routes.ts';

export interface MqttDriverOptions {
  connection: MqttConnection;
  devices: readonly MqttDevice[];
  clock: Clock;
  logger: Logger;
}

const reconnectMs = 1000;
/** A broker that restarts is back sooner; beyond, what its devices said last is no longer known to be so. */
export const brokerGraceMs = 60_000;
/** How long a stop waits for the broker. */
const farewellMs = 2000;
/** Given to mqtt.js for every packet whose PUBACK comes later. */
const acknowledgedLater = new Error('acknowledged when it is stored');

/**
 * Devices that report by themselves. The session is persistent and the quality of service 1, and messages are acknowledged only after
 * `sink.settled` has returned, that is when their readings are in the outbox: what a crash interrupts, the broker sends again.
 * mqtt.js sends the PUBACK itself unless the callback of `handleMessage` gets an error, and takes the next packet in both cases; so it
 * gets one, and the PUBACKs of a whole burst are written together after one append.
 */
export class MqttDriver implements Driver {
  readonly #o: MqttDriverOptions;
  readonly #routes: Map<string, Route[]>;
  readonly #complaints: Complaints;
  readonly #subscriptions: Subscriptions;
  readonly #commands: CommandSender;
  readonly #receipts: Receipts;
  #sink: DriverSink | undefined;
  #client: MqttClient | undefined;
  #subscribed = false;
  /** Ends the grace of a broker that is away; undefined: it is there, or the grace has passed. */
  #cancelGrace: (() => void) | undefined;
  #givenUp = false;
  #connects = 0;
  #messages = 0;

  constructor(options: MqttDriverOptions) {
    const { connection, devices, clock, logger } = options;
    this.#o = options;
    this.#routes = routesOf(devices);
    this.#complaints = new Complaints(logger);
    this.#subscriptions = new Subscriptions([...this.#routes.keys()], { connection: connection.id, logger });
    this.#commands = new CommandSender(clock);
    this.#receipts = new Receipts({
      clock,
      settle: (ids) => {
        for (const id of ids) this.#sink?.settled(id, clock.nowMs());
      },
      acknowledge: (stream, packetIds) => {
        const client = this.#client;
        if (client?.connected === true && client.stream === stream) client.stream.write(pubacks(packetIds));
      },
      onStored: () => this.#complaints.mended('sink'),
      onFault: (error) => {
        if (!this.#complaints.isNew('sink')) return;
        logger.error({ connection: connection.id, error }, `not stored: ${errorMessage(error)}`);
      },
    });
  }

  start(sink: DriverSink): Promise<void> {
    const { connection, logger } = this.#o;
    this.#sink = sink;
    const client = mqtt.connect(connection.url, clientOptions(connection));
    this.#client = client;
    client.handleMessage = (packet, done) => this.#receive(client, packet, done);
    client.on('connect', ({ sessionPresent }) => {
      this.#connects += 1;
      this.#receipts.begin(client.stream, sessionPresent);
      this.#complaints.mended('connection');
      this.#found();
      logger.info({ connection: connection.id, sessionPresent }, `connected to ${connection.url}`);
      if (sessionPresent && this.#subscribed) return;
      this.#subscribed = true;
      this.#subscriptions.subscribe(client);
    });
    client.on('close', () => this.#lost(`connection to ${connection.url} lost`));
    client.on('error', (error) => this.#lost(`${connection.url}: ${errorMessage(error)}`));
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#receipts.flush();
    this.#receipts.stop();
    this.#cancelGrace?.();
    this.#commands.lost('the gateway is stopping');
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) await leave(client, this.#o.clock);
  }

  /** Rejects with READ_ONLY_CLASS for fire and elevators. */
  async write(_device: string, binding: PointBinding, request: EncodedWrite): Promise<WriteResult> {
    assertWritable(binding);
    if (request.protocol !== 'mqtt') {
      const message = `a ${request.protocol} request does not belong on an MQTT connection`;
      return { kind: 'failed', failure: { kind: 'malformed', message } };
    }
    return await this.#commands.send(this.#client, request.topic, request.payload);
  }

  stats(): DriverStats {
    return {
      connected: this.#client?.connected ?? false,
      requests: 0,
      responses: 0,
      timeouts: 0,
      exceptions: 0,
      malformed: this.#complaints.count,
      overruns: 0,
      reconnects: Math.max(0, this.#connects - 1),
      messages: this.#messages,
    };
  }

  #receive(client: MqttClient, packet: IPublishPacket, done: (error?: Error) => void): void {
    // What comes between the last PUBACK and the farewell stays with the broker, or it would be stored now and once more later.
    if (client !== this.#client && packet.qos > 0) return void done(acknowledgedLater);
    const { clock, logger } = this.#o;
    const sink = this.#sink;
    this.#messages += 1;
    const routes = this.#routes.get(packet.topic);
    if (this.#receipts.isRepeated(packet)) logger.debug({ topic: packet.topic }, 'sent again, given already');
    else if (routes === undefined) this.#subscriptions.foreign(client, packet.topic);
    else if (sink !== undefined) {
      distribute(routes, { packet, atMs: clock.nowMs(), sink, complaints: this.#complaints, logger });
    }
    this.#receipts.add(packet, routes);
    done(acknowledgedLater);
  }

  #lost(message: string): void {
    if (this.#client === undefined) return;
    this.#commands.lost(message);
    if (!this.#complaints.isNew('connection')) return;
    const { clock, devices, logger, connection } = this.#o;
    logger.warn({ connection: connection.id }, message);
    for (const device of devices) {
      this.#sink?.failed(device.id, device.bindings, { kind: 'connection', message }, clock.nowMs());
    }
    this.#cancelGrace?.();
    this.#cancelGrace = clock.after(brokerGraceMs, () => {
      this.#cancelGrace = undefined;
      this.#givenUp = true;
      logger.error({ connection: connection.id }, `no broker for ${brokerGraceMs / 1000} s: its devices count as gone`);
      for (const { id } of devices) this.#sink?.availability(id, false, clock.nowMs());
      this.#settle();
    });
  }

  /** The broker is there again. Its devices are, as far as they did not say otherwise themselves; their points wait for values. */
  #found(): void {
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
    if (!this.#givenUp) return;
    this.#givenUp = false;
    const gone = new Set(
      [...this.#routes.values()]
        .flat()
        .flatMap(({ device, presence }) => (presence?.said.includes(false) ? device.id : [])),
    );
    const { clock, devices } = this.#o;
    for (const { id } of devices) if (!gone.has(id)) this.#sink?.availability(id, true, clock.nowMs());
    this.#settle();
  }

  /** What cannot be stored now waits in the sink, and no PUBACK hangs on it. */
  #settle(): void {
    const { clock, devices } = this.#o;
    try {
      for (const { id } of devices) this.#sink?.settled(id, clock.nowMs());
    } catch (error) {
      this.#o.logger.error({ connection: this.#o.connection.id, error }, `not stored: ${errorMessage(error)}`);
    }
  }
}

function clientOptions(connection: MqttConnection): IClientOptions {
  return {
    clientId: connection.clientId ?? connection.id,
    clean: false,
    resubscribe: false,
    reconnectPeriod: reconnectMs,
    // Else mqtt.js keeps a buffer for each of 65,536 packet ids.
    writeCache: false,
    // Its trace costs a call for every step of a packet even when nobody reads it.
    log: () => undefined,
    // A broker that refuses today (starting, password being changed) is asked again.
    reconnectOnConnackError: true,
    ...(connection.username === undefined ? {} : { username: connection.username }),
    ...(connection.password === undefined ? {} : { password: connection.password }),
    ...(connection.version === '5' ? version5 : {}),
  };
}

/** The session outlives the connection only if asked; without its own limit a broker keeps few messages in flight (mosquitto: 20). */
const version5: IClientOptions = {
  protocolVersion: 5,
  properties: { sessionExpiryInterval: 0xffff_ffff, receiveMaximum: 0xffff },
};

/**
 * DISCONNECT when what is under way has been answered; a broker that is gone or silent answers nothing and is not waited for.
 * What was not acknowledged comes again to the persistent session.
 */
async function leave(client: MqttClient, clock: Clock): Promise<void> {
  let cancel = (): void => undefined;
  const cut = new Promise<void>((resolve) => {
    client.once('close', () => resolve());
    cancel = clock.after(farewellMs, resolve);
  });
  if (client.connected) await Promise.race([client.endAsync(false).catch(() => undefined), cut]);
  cancel();
  client.end(true);
}
