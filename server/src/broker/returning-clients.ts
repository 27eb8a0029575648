import type { AedesPublishPacket, Client } from 'aedes';
import type { BoundedQueues } from './bounded-queues.ts';

type Deliver = (packet: AedesPublishPacket, done: () => void) => void;
/** What aedes subscribes with; not among its types. */
interface Deliveries {
  deliver0: Deliver;
  deliverQoS: Deliver;
}

interface Held {
  packet: AedesPublishPacket;
  deliver: Deliver;
}

/**
 * A client that comes back to its session gets what was kept for it, and behind that what comes meanwhile. aedes (1.2) subscribes such a client
 * before it empties its queue, in which each new message lies too: they come in between, twice, before the CONNACK, and the acknowledgement of
 * one copy takes the ground from under the other, upon which aedes cuts the client off ("no such packet"). Here everything new waits until
 * the queue is empty, and what the queue has held is not sent again.
 */
export class ReturningClients {
  /** Clients whose queue is being emptied, and the numbers of what was in it. */
  readonly #emptying = new WeakMap<Client, { held: Held[]; kept: Set<number> }>();

  /** Before it is subscribed to anything. */
  connecting(client: Client, queues: Pick<BoundedQueues, 'wasDropped'>): void {
    const emptying: { held: Held[]; kept: Set<number> } = { held: [], kept: new Set() };
    this.#emptying.set(client, emptying);
    const deliveries = client as unknown as Deliveries;
    let newest = 0;
    const behindQueue =
      (deliver: Deliver): Deliver =>
      (packet, done) => {
        if (this.#emptying.has(client)) {
          emptying.held.push({ packet, deliver });
          setImmediate(done);
          // Its successor has the session; a late delivery to this one would renumber what the successor has to acknowledge.
        } else if (client.closed) setImmediate(done);
        else deliver(packet, done);
      };
    /** Of overlapping subscriptions the second copy makes aedes clear a message that was not sent yet, so it ends here. */
    const once =
      (deliver: Deliver): Deliver =>
      (packet, done) => {
        // Retained messages for a new subscription have no number.
        const number = packet.brokerId ? packet.brokerCounter : undefined;
        if (number !== undefined && number <= newest) return void setImmediate(done);
        newest = number ?? newest;
        if (number !== undefined && packet.qos > 0 && queues.wasDropped(client.id, number)) setImmediate(done);
        else deliver(packet, done);
      };
    deliveries.deliver0 = behindQueue(deliveries.deliver0);
    deliveries.deliverQoS = behindQueue(once(deliveries.deliverQoS));
  }

  /** aedes is about to send this to the client. */
  forwarding(client: Client, { brokerCounter }: { brokerCounter: number }): void {
    this.#emptying.get(client)?.kept.add(brokerCounter);
  }

  /** Its queue is empty. */
  ready(client: Client): void {
    const emptying = this.#emptying.get(client);
    if (emptying === undefined) return;
    this.#emptying.delete(client);
    for (const { packet, deliver } of emptying.held.splice(0))
      if (packet.qos === 0 || !emptying.kept.has(packet.brokerCounter)) deliver(packet, () => undefined);
  }
}
