import type { Clock, Command, Gateway, LiveSnapshot, LiveSubscription } from '@plantroom/contracts';
import type { CurrentValues } from '../current/current-values.ts';
import type { Engine } from '../engine/engine.ts';
import type { GatewayPlace } from '../engine/plant.ts';
import type { OutboxBook } from '../outboxes/outbox-book.ts';
import type { Db } from '../repositories/database.ts';
import { openOrders } from '../repositories/work-order-repository.ts';
import { type GatewayCounts, gatewayView } from '../views/plant-views.ts';
import { LiveConnection, type LiveLimits, type LiveSocket } from './live-connection.ts';

export interface LiveHubOptions {
  engine: Engine;
  current: CurrentValues;
  db: Db;
  clock: Clock;
  gatewayCounts: (gateway: string) => GatewayCounts | undefined;
  outboxes: Pick<OutboxBook, 'of' | 'onChange'>;
  /** Commands that move on; the answer ends it. */
  onCommand: (listener: (command: Command) => void) => () => void;
  /** Left out: 4 MiB, and cut off after 100 flushes (10 s) above it. */
  limits?: LiveLimits;
}

const flushMs = 100;
const defaultLimits: LiveLimits = { maxBufferedBytes: 4 * 1024 * 1024, maxSlowFlushes: 100 };

/** Joins what the server knows to the screens: a snapshot, then deltas, one flush each 100 ms; life safety at once. */
export class LiveHub {
  readonly #options: LiveHubOptions;
  readonly #connections = new Set<LiveConnection>();
  readonly #stops: (() => void)[] = [];
  #cancelFlush: () => void = () => undefined;

  constructor(options: LiveHubOptions) {
    this.#options = options;
  }

  start(): void {
    const { engine, current, onCommand, outboxes } = this.#options;
    this.#stops.push(
      outboxes.onChange((id) => {
        const gateway = engine.plant.gateways.get(id);
        if (gateway === undefined) return;
        const gateways = [this.#gatewayView(gateway)];
        for (const connection of this.#connections) connection.state({ gateways });
      }),
      onCommand((command) => {
        for (const connection of this.#connections) connection.state({ commands: [command] });
      }),
      current.onChange((value) => {
        for (const connection of this.#connections) connection.value(value);
      }),
      engine.onEvent((event) => {
        const { alarms, workOrders, devices, testModes, floods } = event;
        const gateways = event.gateways.map((gateway) => this.#gatewayView(gateway));
        for (const connection of this.#connections)
          connection.state({ alarms, workOrders, devices, gateways, testModes, floods });
        if (alarms.some((alarm) => alarm.lifeSafety)) this.#flush();
      }),
    );
    this.#schedule();
  }

  stop(): void {
    this.#cancelFlush();
    for (const stop of this.#stops.splice(0)) stop();
    this.#connections.clear();
  }

  connect(socket: LiveSocket): LiveConnection {
    const connection = new LiveConnection(socket, this.#options.limits ?? defaultLimits);
    this.#connections.add(connection);
    return connection;
  }

  disconnect(connection: LiveConnection): void {
    this.#connections.delete(connection);
  }

  /** Deltas wait until `send` has been called with the snapshot. */
  async subscribe(
    connection: LiveConnection,
    subscription: LiveSubscription,
    send: (snapshot: LiveSnapshot) => void,
  ): Promise<void> {
    const { engine, current, db, clock } = this.#options;
    // Subscribed before the orders are read: what changes meanwhile is told again as a delta, with a higher revision.
    connection.subscribe(subscription.scope);
    const workOrders = await openOrders(db);
    send({
      seq: connection.open(),
      serverTimeMs: clock.nowMs(),
      values: [...current.all()].filter((value) => connection.wants(value.point)),
      alarms: [...engine.book.standing()].map((entry) => entry.alarm),
      workOrders,
      gateways: [...engine.plant.gateways.values()].map((gateway) => this.#gatewayView(gateway)),
      devices: [...engine.plant.devices.values()],
      testModes: engine.tests.open(),
      floods: engine.floods.open(clock.nowMs()),
    });
  }

  stats(): { clients: number } {
    return { clients: this.#connections.size };
  }

  #gatewayView(gateway: GatewayPlace): Gateway {
    const { engine, gatewayCounts, outboxes } = this.#options;
    return gatewayView(engine, gateway, { counts: gatewayCounts(gateway.id), outbox: outboxes.of(gateway.id) });
  }

  #schedule(): void {
    this.#cancelFlush = this.#options.clock.after(flushMs, () => {
      this.#flush();
      this.#schedule();
    });
  }

  #flush(): void {
    const nowMs = this.#options.clock.nowMs();
    for (const connection of this.#connections) connection.flush(nowMs);
  }
}
