import {
  type Clock,
  errorMessage,
  type Logger,
  PlantroomError,
  sparkplugNamespace,
  sparkplugStateTopic,
} from '@plantroom/contracts';
import { connect, type MqttClient } from 'mqtt';

export interface HostConnectionOptions {
  url: string;
  username?: string;
  password?: string;
  hostId: string;
  clock: Clock;
  logger: Logger;
  onMessage: (topic: string, payload: Buffer, retained: boolean) => void;
  /** STATE is online: gateways come now. */
  onOnline: () => void;
  onLost: () => void;
}

const reconnectMs = 1_000;
/** A broker that no longer answers, or does not at first, is noticed as soon as a gateway would notice it (MQTT 3.1.1 §3.1.2.10). */
const keepaliveS = 15;
const connectTimeoutMs = 10_000;
/** How long a stop waits for the broker to take our STATE. */
const stateTimeoutMs = 2_000;

/** The MQTT side of a Sparkplug host: session, subscriptions, STATE and its Will (Sparkplug 3.0, host application). */
export class HostConnection {
  readonly #options: HostConnectionOptions;
  readonly #stateTopic: string;
  #client: MqttClient | null = null;
  #timestampMs = 0;
  #online = false;
  #stopping = false;
  #told = '';

  constructor(options: HostConnectionOptions) {
    this.#options = options;
    this.#stateTopic = sparkplugStateTopic(options.hostId);
  }

  get online(): boolean {
    return this.#online;
  }

  start(): void {
    const { url, username, password, hostId, logger } = this.#options;
    const client = connect(url, {
      clientId: `${hostId}-host-${Math.random().toString(16).slice(2, 10)}`,
      clean: true,
      reconnectPeriod: reconnectMs,
      keepalive: keepaliveS,
      connectTimeout: connectTimeoutMs,
      // Else mqtt.js keeps a buffer for each of 65,536 packet ids.
      writeCache: false,
      // Its trace costs a call for every step of a packet even when nobody reads it.
      log: () => undefined,
      resubscribe: false,
      will: this.#will(),
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    });
    this.#client = client;
    // The birth must carry the timestamp of the Will of its own connection, so each connection gets a new one.
    client.on('reconnect', () => {
      client.options.will = this.#will();
    });
    client.on('connect', () => void this.#giveBirth(client));
    client.on('close', () => this.#lost());
    client.on('error', (error) => this.#tellOnce(errorMessage(error)));
    client.on('message', (topic, payload, { retain }) => {
      if (topic === this.#stateTopic) this.#ownState(payload);
      else this.#options.onMessage(topic, payload, retain);
    });
    logger.info({ url: redacted(url), hostId }, 'connecting to the MQTT broker');
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const client = this.#client;
    if (client === null) return;
    if (client.connected && this.#online) {
      const timestamp = Math.max(this.#options.clock.nowMs(), this.#timestampMs);
      const death = JSON.stringify({ online: false, timestamp });
      const published = client.publishAsync(this.#stateTopic, death, { qos: 1, retain: true }).then(
        () => true,
        () => false,
      );
      // Without its PUBACK the packet would wait for a next connection that never comes; then the Will speaks for us.
      const taken = await Promise.race([published, this.#closedOrLate(client).then(() => false)]);
      if (!taken) this.#options.logger.warn({}, 'the broker did not take STATE offline; the Will tells it');
      await client.endAsync(!taken);
    } else await client.endAsync(true);
    this.#client = null;
  }

  #closedOrLate(client: MqttClient): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(stateTimeoutMs, resolve);
      client.once('close', () => {
        cancel();
        resolve();
      });
    });
  }

  /** NCMD and DCMD: QoS 0, not retained (8.3 item 8). */
  command(topic: string, payload: Buffer): void {
    this.#client?.publish(topic, payload, { qos: 0, retain: false });
  }

  /** QoS 1; resolves when the broker has taken it. Rejects, worth trying again, when it is away or goes before that. */
  async publish(topic: string, payload: string, { retain }: { retain: boolean }): Promise<void> {
    const client = this.#client;
    const away = () =>
      new PlantroomError('BROKER_AWAY', `the MQTT broker did not take "${topic}"`, { retryable: true });
    if (client === null || !this.#online) throw away();
    let gone = (): void => undefined;
    const closed = new Promise<never>((_, reject) => {
      gone = () => reject(away());
      client.once('close', gone);
    });
    try {
      await Promise.race([client.publishAsync(topic, payload, { qos: 1, retain }), closed]);
    } finally {
      client.off('close', gone);
    }
  }

  async #giveBirth(client: MqttClient): Promise<void> {
    try {
      // Subscriptions first, then the birth (message-flow-phid-sparkplug-subscription).
      const granted = await client.subscribeAsync({
        [this.#stateTopic]: { qos: 1 },
        [`${sparkplugNamespace}/#`]: { qos: 1 },
      });
      const refused = granted.filter(({ qos }) => qos >= 128).map(({ topic }) => topic);
      if (refused.length > 0) throw new Error(`the broker refuses to let us subscribe ${refused.join(', ')}`);
      await this.#publishOnline(client);
      this.#online = true;
      this.#told = '';
      this.#options.logger.info({ hostId: this.#options.hostId }, 'Sparkplug host online');
      this.#options.onOnline();
    } catch (error) {
      if (this.#stopping) return;
      this.#tellOnce(errorMessage(error));
      // Closing it makes the client come again after its pause.
      client.stream.destroy();
    }
  }

  async #publishOnline(client: MqttClient): Promise<void> {
    const birth = JSON.stringify({ online: true, timestamp: this.#timestampMs });
    await client.publishAsync(this.#stateTopic, birth, { qos: 1, retain: true });
  }

  /** Somebody says that we are offline, most likely the late Will of our last connection (hid-sparkplug-state-message-delivered). */
  #ownState(payload: Buffer): void {
    const client = this.#client;
    if (client === null || this.#stopping || !this.#online || !saysOffline(payload)) return;
    this.#publishOnline(client).catch((error: unknown) => this.#tellOnce(errorMessage(error)));
  }

  #lost(): void {
    if (!this.#online) return;
    this.#online = false;
    if (this.#stopping) return;
    this.#options.logger.warn({ url: redacted(this.#options.url) }, 'connection to the MQTT broker lost');
    this.#options.onLost();
  }

  #will() {
    this.#timestampMs = Math.max(this.#options.clock.nowMs(), this.#timestampMs + 1);
    return {
      topic: this.#stateTopic,
      payload: Buffer.from(JSON.stringify({ online: false, timestamp: this.#timestampMs })),
      qos: 1 as const,
      retain: true,
    };
  }

  /** A broker that is away answers the same each second. */
  #tellOnce(reason: string): void {
    if (this.#stopping || reason === this.#told) return;
    this.#told = reason;
    this.#options.logger.error(
      { url: redacted(this.#options.url), reason },
      `the MQTT broker at ${redacted(this.#options.url)} cannot be used (PLANTROOM_MQTT_URL): ${reason}; trying again each second`,
    );
  }
}

function saysOffline(payload: Buffer): boolean {
  try {
    const state: unknown = JSON.parse(payload.toString());
    return typeof state === 'object' && state !== null && 'online' in state && state.online === false;
  } catch {
    return false;
  }
}

function redacted(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//…@');
}
