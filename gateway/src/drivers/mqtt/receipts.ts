import { crc32 } from 'node:zlib';
import type { Clock } from '@plantroom/contracts';
import type { IPublishPacket } from 'mqtt';

export interface ReceiptsOptions {
  clock: Clock;
  /** Returns when what these devices have said is stored; throws when it is not. */
  settle(devices: ReadonlySet<string>): void;
  /** Writes PUBACKs to the connection on which the packets came. */
  acknowledge(connection: unknown, packetIds: readonly number[]): void;
  onFault(error: unknown): void;
  onStored(): void;
}

/** After a failed append. */
const retryMs = 1000;

/**
 * Holds the PUBACKs of a burst until its readings are in the outbox: one append and one write for all packets that came in one turn of
 * the event loop. What could not be stored stays unacknowledged and is tried again; a crash makes the broker send it again.
 * Packet ids are 16 bits wide, which bounds both lists.
 */
export class Receipts {
  readonly #o: ReceiptsOptions;
  readonly #devices = new Set<string>();
  #waiting: number[] = [];
  #connection: unknown;
  /** What was given to the sink under a packet id, as far as the broker may not know it yet. */
  readonly #given = new Map<number, { topic: string; sum: number; acknowledged: boolean }>();
  #scheduled = false;
  #cancelRetry: (() => void) | undefined;

  constructor(options: ReceiptsOptions) {
    this.#o = options;
  }

  /** A connection has begun; without the old session its packet ids mean nothing any more. */
  begin(connection: unknown, sessionPresent: boolean): void {
    this.#connection = connection;
    // A PUBACK belongs on the connection of its packet; the broker sends what it has not seen acknowledged again.
    this.#waiting = [];
    if (!sessionPresent) this.#given.clear();
  }

  /**
   * True when the broker sends what has been given to the sink before: it only wants its PUBACK. Same id and content, and either DUP or
   * no PUBACK ever written for it, since an id is free again only after that (aedes sends again without DUP).
   */
  isRepeated({ dup, messageId, topic, payload }: IPublishPacket): boolean {
    const given = messageId === undefined ? undefined : this.#given.get(messageId);
    if (given === undefined || (given.acknowledged && !dup)) return false;
    return given.topic === topic && given.sum === crc32(payload);
  }

  /** A message has been given to the sink. */
  add({ messageId, topic, payload }: IPublishPacket, routes: readonly { device: { id: string } }[] = []): void {
    for (const { device } of routes) this.#devices.add(device.id);
    if (messageId !== undefined) {
      this.#given.set(messageId, { topic, sum: crc32(payload), acknowledged: false });
      this.#waiting.push(messageId);
    }
    this.#schedule();
  }

  /** Stores and acknowledges what waits, for instance before a stop. */
  flush(): void {
    if (this.#devices.size === 0 && this.#waiting.length === 0) return;
    try {
      this.#o.settle(this.#devices);
    } catch (error) {
      this.#o.onFault(error);
      this.#cancelRetry ??= this.#o.clock.after(retryMs, () => {
        this.#cancelRetry = undefined;
        this.flush();
      });
      return;
    }
    this.#devices.clear();
    this.#o.onStored();
    const packetIds = this.#waiting;
    this.#waiting = [];
    for (const id of packetIds) {
      const given = this.#given.get(id);
      if (given !== undefined) given.acknowledged = true;
    }
    if (packetIds.length > 0) this.#o.acknowledge(this.#connection, packetIds);
  }

  stop(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // After the packets of one read of the socket, which mqtt.js hands over in one chain of ticks.
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }
}

/** PUBACK of MQTT 3.1.1 and, with the reason code left out for success, of MQTT 5 (3.4.2.1). */
export function pubacks(packetIds: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(4 * packetIds.length);
  for (const [i, id] of packetIds.entries()) bytes.writeUInt32BE(0x4002_0000 + id, 4 * i);
  return bytes;
}
