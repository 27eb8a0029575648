import { errorMessage, type Logger } from '@plantroom/contracts';
import type { MqttClient } from 'mqtt';

/** A SUBSCRIBE packet with thousands of topics exceeds what small brokers take. */
const topicsPerSubscribe = 100;
/** Topics of an earlier configuration that are remembered as told. */
const maxForeign = 1000;

/** Subscriptions at QoS 1 to exactly the topics of the configuration, also where a persistent session still holds others. */
export class Subscriptions {
  readonly #topics: readonly string[];
  readonly #connection: string;
  readonly #logger: Logger;
  readonly #foreign = new Set<string>();
  #toldQos = false;

  constructor(topics: readonly string[], { connection, logger }: { connection: string; logger: Logger }) {
    this.#topics = topics;
    this.#connection = connection;
    this.#logger = logger;
  }

  subscribe(client: MqttClient): void {
    for (let from = 0; from < this.#topics.length; from += topicsPerSubscribe) {
      client.subscribe(this.#topics.slice(from, from + topicsPerSubscribe), { qos: 1 }, (error, granted = []) => {
        // A connection that breaks before the SUBACK comes again and subscribes again.
        if (!client.connected) return;
        this.#judge(error, granted);
      });
    }
  }

  /**
   * A message on a topic that nobody here listens to: the session was made by an earlier configuration, and the broker would go on
   * queueing for it while the gateway is away.
   */
  foreign(client: MqttClient, topic: string): void {
    if (this.#foreign.has(topic) || this.#foreign.size >= maxForeign) return;
    this.#foreign.add(topic);
    this.#logger.info({ connection: this.#connection, topic }, `"${topic}" is no longer configured: unsubscribed`);
    client.unsubscribe(topic, (error) => {
      // Told again when it comes again.
      if (error !== null && error !== undefined) this.#foreign.delete(topic);
    });
  }

  #judge(error: Error | null, granted: readonly { topic: string; qos: number }[]): void {
    const refused = granted.filter(({ qos }) => qos >= 128).map(({ topic }) => topic);
    if (error !== null || refused.length > 0) {
      const which = refused.length > 0 ? refused.join(', ') : 'all topics';
      const reason = refused.length > 0 || error === null ? 'not allowed' : errorMessage(error);
      this.#logger.error({ connection: this.#connection, topics: refused }, `broker refuses ${which}: ${reason}`);
    }
    const lower = granted.find(({ qos }) => qos === 0);
    if (lower === undefined || this.#toldQos) return;
    this.#toldQos = true;
    const text = `broker grants QoS 0 only ("${lower.topic}"): what it sends while the gateway is away or restarts is lost`;
    this.#logger.warn({ connection: this.#connection }, text);
  }
}
