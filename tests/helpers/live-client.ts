import {
  type Alarm,
  type LiveDelta,
  type LiveSnapshot,
  type LiveSubscription,
  livePath,
  type WorkOrder,
} from '@plantroom/contracts';
import { io, type Socket } from 'socket.io-client';

/** A screen without pixels: what a dashboard would hold after the snapshot and all deltas. */
export class LiveClient {
  readonly alarms = new Map<string, Alarm>();
  readonly workOrders = new Map<string, WorkOrder>();
  readonly values = new Map<string, { value: unknown; quality: string; wireTimeMs: number }>();
  readonly #socket: Socket;

  constructor(url: string, cookie: string) {
    this.#socket = io(url, {
      path: livePath,
      transports: ['websocket'],
      extraHeaders: { cookie },
      reconnection: false,
    });
  }

  async subscribe(subscription: LiveSubscription): Promise<void> {
    this.#socket.on('delta', (delta: LiveDelta) => this.#apply(delta));
    const snapshot = (await this.#socket.timeout(20_000).emitWithAck('subscribe', subscription)) as LiveSnapshot;
    for (const { point, value, quality, wireTimeMs } of snapshot.values)
      this.values.set(point, { value, quality, wireTimeMs });
    for (const alarm of snapshot.alarms) this.alarms.set(alarm.id, alarm);
    for (const order of snapshot.workOrders) this.workOrders.set(order.id, order);
  }

  close(): void {
    this.#socket.close();
  }

  #apply(delta: LiveDelta): void {
    for (const [point, value, quality, wireTimeMs] of delta.values ?? [])
      this.values.set(point, { value, quality, wireTimeMs });
    for (const alarm of delta.alarms ?? []) this.alarms.set(alarm.id, alarm);
    for (const order of delta.workOrders ?? []) this.workOrders.set(order.id, order);
  }
}
