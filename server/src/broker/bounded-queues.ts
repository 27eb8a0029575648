import type { Logger } from '@plantroom/contracts';
import type { Aedes, AedesPublishPacket } from 'aedes';

/** As aedes uses it; not among its types. */
interface Queues {
  outgoingEnqueueCombi(subscriptions: readonly { clientId: string }[], packet: AedesPublishPacket): Promise<void>;
  outgoingClearMessageId(client: { id: string }, packet: object): Promise<object | undefined>;
}

export interface BoundedQueuesOptions {
  aedes: Aedes;
  /** Messages kept for one client. */
  most: number;
  logger: Logger;
}

/**
 * What the broker keeps for clients with a session: each message once for each client, however many of its subscriptions fit, and no more
 * than a bound. A client that never comes back would otherwise take all memory. The newest is dropped, as by Mosquitto, counted and said once.
 */
export class BoundedQueues {
  readonly #o: BoundedQueuesOptions;
  readonly #waiting = new Map<string, number>();
  readonly #full = new Set<string>();
  /** What was dropped for a client that is there: it must not get past its queue either. */
  readonly #passedOver = new Map<string, Set<number>>();
  #dropped = 0;

  constructor(options: BoundedQueuesOptions) {
    this.#o = options;
    const queues = (options.aedes as unknown as { persistence: Queues }).persistence;
    const enqueue = queues.outgoingEnqueueCombi.bind(queues);
    const clear = queues.outgoingClearMessageId.bind(queues);
    queues.outgoingEnqueueCombi = (subscriptions, packet) => {
      const clients = new Map(subscriptions.map((subscription) => [subscription.clientId, subscription]));
      return enqueue(
        [...clients.values()].filter(({ clientId }) => this.#hasRoom(clientId, packet)),
        packet,
      );
    };
    queues.outgoingClearMessageId = async (client, packet) => {
      const cleared = await clear(client, packet);
      if (cleared !== undefined) this.#left(client.id);
      return cleared;
    };
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Whether this message was dropped for the client. Asked once for each. */
  wasDropped(clientId: string, brokerCounter: number): boolean {
    return this.#passedOver.get(clientId)?.delete(brokerCounter) === true;
  }

  #hasRoom(clientId: string, { brokerCounter }: AedesPublishPacket): boolean {
    const { aedes, most, logger } = this.#o;
    const waiting = this.#waiting.get(clientId) ?? 0;
    if (waiting < most) {
      this.#waiting.set(clientId, waiting + 1);
      return true;
    }
    this.#dropped += 1;
    if (!this.#full.has(clientId))
      logger.error({ client: clientId, most }, 'an MQTT client does not fetch its messages; what comes now is dropped');
    this.#full.add(clientId);
    if ((aedes as unknown as { clients: Record<string, unknown> }).clients[clientId] !== undefined) {
      const passedOver = this.#passedOver.get(clientId) ?? new Set();
      this.#passedOver.set(clientId, passedOver.add(brokerCounter));
    }
    return false;
  }

  #left(clientId: string): void {
    const waiting = (this.#waiting.get(clientId) ?? 1) - 1;
    if (waiting > 0) {
      this.#waiting.set(clientId, waiting);
      return;
    }
    this.#waiting.delete(clientId);
    this.#full.delete(clientId);
    this.#passedOver.delete(clientId);
  }
}
