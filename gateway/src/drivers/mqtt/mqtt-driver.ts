import { type Clock, errorMessage, type Logger } from '@plantroom/contracts';
import mqtt, { type IPublishPacket, type MqttClient } from 'mqtt';
import type { MqttConnection } from '../../config/gateway-config.ts';
import type { Driver, DriverSink, DriverStats, ReadFailure } from '../driver.ts';
import { parseDeviceTime } from './device-time.ts';
import { valueAt } from './payload-path.ts';
import { type MqttDevice, type Route, routesOf } from './topic-routes.ts';

export interface MqttDriverOptions {
  connection: MqttConnection;
  devices: readonly MqttDevice[];
  clock: Clock;
  logger: Logger;
}

const reconnectMs = 1000;
/** How long a stop waits for the broker. */
const farewellMs = 2000;
/** A SUBSCRIBE packet with thousands of topics exceeds what small brokers take. */
const topicsPerSubscribe = 100;
/** How much of a faulty payload is shown. */
const shownBytes = 120;

/**
 * Devices that report by themselves. The session is persistent and the quality of service 1, and a message is acknowledged only after
 * `sink.settled` has returned, that is when its readings are in the outbox: what a crash interrupts, the broker sends again.
 * mqtt.js sends the PUBACK when the callback of `handleMessage` is called without an error and takes no next packet before that, which
 * is the backpressure; its 'message' event would acknowledge whatever the listener did.
 */
export class MqttDriver implements Driver {
  readonly #options: MqttDriverOptions;
  readonly #routes: Map<string, Route[]>;
  /** Topics and devices whose fault has been told and not been mended since. */
  readonly #told = new Set<string>();
  #sink: DriverSink | undefined;
  #client: MqttClient | undefined;
  #cancelRetry: (() => void) | undefined;
  #subscribed = false;
  #connects = 0;
  #messages = 0;
  #malformed = 0;

  constructor(options: MqttDriverOptions) {
    this.#options = options;
    this.#routes = routesOf(options.devices);
  }

  start(sink: DriverSink): Promise<void> {
    const { connection, logger } = this.#options;
    this.#sink = sink;
    const client = mqtt.connect(connection.url, {
      clientId: connection.clientId ?? connection.id,
      clean: false,
      resubscribe: false,
      reconnectPeriod: reconnectMs,
      ...(connection.username === undefined ? {} : { username: connection.username }),
      ...(connection.password === undefined ? {} : { password: connection.password }),
    });
    this.#client = client;
    client.handleMessage = (packet, done) => this.#receive(packet, done);
    client.on('connect', ({ sessionPresent }) => {
      this.#connects += 1;
      this.#mended('connection');
      logger.info({ connection: connection.id, sessionPresent }, `connected to ${connection.url}`);
      if (!sessionPresent || !this.#subscribed) this.#subscribe(client);
    });
    client.on('close', () => this.#lost(`connection to ${connection.url} lost`));
    client.on('error', (error) => this.#lost(`${connection.url}: ${errorMessage(error)}`));
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#cancelRetry?.();
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) await leave(client, this.#options.clock);
  }

  stats(): DriverStats {
    return {
      connected: this.#client?.connected ?? false,
      requests: 0,
      responses: 0,
      timeouts: 0,
      exceptions: 0,
      malformed: this.#malformed,
      overruns: 0,
      reconnects: Math.max(0, this.#connects - 1),
      messages: this.#messages,
    };
  }

  #subscribe(client: MqttClient): void {
    const { connection, logger } = this.#options;
    const topics = [...this.#routes.keys()];
    for (let from = 0; from < topics.length; from += topicsPerSubscribe) {
      client.subscribe(topics.slice(from, from + topicsPerSubscribe), { qos: 1 }, (error, granted = []) => {
        const refused = granted.filter((grant) => grant.qos >= 128).map((grant) => grant.topic);
        if (error === null && refused.length === 0) return;
        const which = refused.length > 0 ? refused.join(', ') : 'all topics';
        const reason = error === null ? 'not allowed' : errorMessage(error);
        logger.error({ connection: connection.id, topics: refused }, `broker refuses ${which}: ${reason}`);
      });
    }
    this.#subscribed = true;
  }

  #receive(packet: IPublishPacket, done: (error?: Error) => void): void {
    const { clock, logger, connection } = this.#options;
    const atMs = clock.nowMs();
    this.#messages += 1;
    try {
      for (const route of this.#routes.get(packet.topic) ?? []) this.#give(route, packet, atMs);
      this.#mended('sink');
      done();
    } catch (error) {
      // The readings are not stored: no PUBACK; a new connection makes the broker send the message again.
      if (this.#isNew('sink')) logger.error({ connection: connection.id, error }, `not stored: ${errorMessage(error)}`);
      this.#cancelRetry?.();
      this.#cancelRetry = clock.after(reconnectMs, () => this.#client?.stream.destroy());
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #give(route: Route, packet: IPublishPacket, atMs: number): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    const { device } = route;
    const payload = parsed(packet.payload);
    if (route.availability !== undefined) this.#availability(route, payload, { sink, packet, atMs });
    if (route.bindings.length > 0) {
      if (route.structured && (typeof payload !== 'object' || payload === null)) {
        this.#complain(route, packet, { sink, atMs, expected: 'a JSON object' });
      } else {
        this.#mended(`${device.id} ${packet.topic}`);
        const raw = { payload };
        const time = device.profile.mqtt.time;
        const deviceTimeMs = time === undefined ? undefined : parseDeviceTime(valueAt(payload, time));
        const extra = {
          ...(deviceTimeMs === undefined ? {} : { deviceTimeMs }),
          ...(packet.retain ? { retained: true } : {}),
        };
        for (const binding of route.bindings) sink.raw(device.id, binding, raw, atMs, extra);
      }
    }
    sink.settled(device.id, atMs);
  }

  #availability(route: Route, payload: unknown, { sink, packet, atMs }: Arrival): void {
    const { availability, device } = route;
    if (availability === undefined) return;
    // Where JSON is the rule, older firmware sends the bare word (zigbee2mqtt: plain text in legacy setups).
    const word = typeof payload === 'string' ? payload : valueAt(payload, availability.path ?? '');
    if (word === availability.online || word === availability.offline) {
      this.#mended(`${device.id} ${packet.topic}`);
      sink.availability(device.id, word === availability.online, atMs);
    } else if (route.bindings.length === 0) {
      const expected = `"${availability.online}" or "${availability.offline}"`;
      this.#complain(route, packet, { sink, atMs, expected });
    }
  }

  /** One error per topic and device until a sound payload comes; every one is counted. */
  #complain(route: Route, packet: IPublishPacket, { sink, atMs, expected }: Complaint): void {
    const { device, bindings } = route;
    this.#malformed += 1;
    const text = packet.payload.toString();
    const start = text.length > shownBytes ? `${text.slice(0, shownBytes)}…` : text;
    const message = `payload of topic "${packet.topic}" is not ${expected}: ${JSON.stringify(start)}`;
    if (this.#isNew(`${device.id} ${packet.topic}`)) {
      this.#options.logger.error({ device: device.id, topic: packet.topic }, `device ${device.id}: ${message}`);
    }
    const failure: ReadFailure = { kind: 'malformed', message };
    if (bindings.length > 0) sink.failed(device.id, bindings, failure, atMs);
  }

  #lost(message: string): void {
    if (this.#client === undefined || !this.#isNew('connection')) return;
    const { clock, devices, logger, connection } = this.#options;
    logger.warn({ connection: connection.id }, message);
    for (const device of devices) {
      this.#sink?.failed(device.id, device.bindings, { kind: 'connection', message }, clock.nowMs());
    }
  }

  #isNew(fault: string): boolean {
    if (this.#told.has(fault)) return false;
    this.#told.add(fault);
    return true;
  }

  #mended(fault: string): void {
    this.#told.delete(fault);
  }
}

interface Arrival {
  sink: DriverSink;
  packet: IPublishPacket;
  atMs: number;
}

interface Complaint {
  sink: DriverSink;
  atMs: number;
  expected: string;
}

/** JSON where it is JSON, else the text. */
function parsed(payload: string | Buffer): unknown {
  const text = payload.toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

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
