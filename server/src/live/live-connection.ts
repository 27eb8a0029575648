import type {
  Alarm,
  Command,
  CurrentValue,
  Device,
  Gateway,
  LiveDelta,
  LiveSnapshot,
  LiveSubscription,
  LiveValue,
  PositionFlood,
  TestMode,
  WorkOrder,
} from '@plantroom/contracts';

/** The part of a socket that a connection needs. */
export interface LiveSocket {
  delta(delta: LiveDelta): void;
  overrun(dropped: { values: number }): void;
  /** Bytes that the kernel has not taken yet. */
  bufferedBytes(): number;
  close(): void;
}

export interface LiveLimits {
  /** Above it values wait, and only their newest is kept. */
  maxBufferedBytes: number;
  /** Flushes in a row above the bound before the connection is cut off. */
  maxSlowFlushes: number;
}

interface Pending {
  values: Map<string, CurrentValue>;
  alarms: Map<string, Alarm>;
  workOrders: Map<string, WorkOrder>;
  gateways: Map<string, Gateway>;
  devices: Map<string, Device>;
  testModes: Map<string, TestMode>;
  floods: Map<string, PositionFlood>;
  commands: Map<string, Command>;
}

const nothing = (): Pending => ({
  values: new Map(),
  alarms: new Map(),
  workOrders: new Map(),
  gateways: new Map(),
  devices: new Map(),
  testModes: new Map(),
  floods: new Map(),
  commands: new Map(),
});

/**
 * One screen. What waits is bounded by what exists: the newest of each point, alarm and order. Values are skipped while the
 * socket is full; alarms, orders and links never are.
 */
export class LiveConnection {
  readonly #socket: LiveSocket;
  readonly #limits: LiveLimits;
  #wants: (point: string) => boolean = () => false;
  #pending = nothing();
  #seq = 0;
  #subscribed = false;
  /** Until the snapshot is out, deltas wait: one before it would be lost and leave a gap. */
  #open = false;
  #replaced = 0;
  #slowFlushes = 0;
  #closed = false;

  constructor(socket: LiveSocket, limits: LiveLimits) {
    this.#socket = socket;
    this.#limits = limits;
  }

  /** From now on news is kept for the scope; it goes out once `open` has been called. */
  subscribe(scope: LiveSubscription['scope']): void {
    this.#wants = wanted(scope);
    this.#pending = nothing();
    this.#subscribed = true;
    this.#open = false;
  }

  /** Called in the turn in which the snapshot is sent; answers its sequence number. */
  open(): number {
    this.#open = true;
    return this.#seq;
  }

  wants(point: string): boolean {
    return this.#wants(point);
  }

  value(value: CurrentValue): void {
    if (!this.#subscribed || !this.#wants(value.point)) return;
    // Only what a full socket held back counts as left out; conflation within one flush is the agreed rate.
    if (this.#slowFlushes > 0 && this.#pending.values.has(value.point)) this.#replaced++;
    this.#pending.values.set(value.point, value);
  }

  state(
    news: Partial<Pick<LiveSnapshot, 'alarms' | 'workOrders' | 'gateways' | 'devices' | 'testModes' | 'floods'>> & {
      commands?: readonly Command[];
    },
  ): void {
    if (!this.#subscribed) return;
    for (const alarm of news.alarms ?? []) this.#pending.alarms.set(alarm.id, alarm);
    for (const order of news.workOrders ?? []) this.#pending.workOrders.set(order.id, order);
    for (const gateway of news.gateways ?? []) this.#pending.gateways.set(gateway.id, gateway);
    for (const device of news.devices ?? []) this.#pending.devices.set(device.id, device);
    for (const mode of news.testModes ?? []) this.#pending.testModes.set(mode.id, mode);
    for (const flood of news.floods ?? []) this.#pending.floods.set(flood.id, flood);
    for (const command of news.commands ?? []) this.#pending.commands.set(command.id, command);
  }

  flush(serverTimeMs: number): void {
    if (!this.#open || this.#closed) return;
    const full = this.#socket.bufferedBytes() > this.#limits.maxBufferedBytes;
    this.#slowFlushes = full ? this.#slowFlushes + 1 : 0;
    if (this.#slowFlushes > this.#limits.maxSlowFlushes) {
      this.#closed = true;
      this.#socket.overrun({ values: this.#replaced + this.#pending.values.size });
      this.#socket.close();
      return;
    }
    const { values, alarms, workOrders, gateways, devices, testModes, floods, commands } = this.#pending;
    const delta: LiveDelta = { seq: this.#seq + 1, serverTimeMs };
    if (!full && values.size > 0) {
      delta.values = [...values.values()].map(liveValue);
      values.clear();
      if (this.#replaced > 0) delta.thinned = this.#replaced;
      this.#replaced = 0;
    }
    if (alarms.size > 0) delta.alarms = drain(alarms);
    if (workOrders.size > 0) delta.workOrders = drain(workOrders);
    if (gateways.size > 0) delta.gateways = drain(gateways);
    if (devices.size > 0) delta.devices = drain(devices);
    if (testModes.size > 0) delta.testModes = drain(testModes);
    if (floods.size > 0) delta.floods = drain(floods);
    if (commands.size > 0) delta.commands = drain(commands);
    if (Object.keys(delta).length === 2) return;
    this.#seq++;
    this.#socket.delta(delta);
  }
}

function drain<T>(map: Map<string, T>): T[] {
  const items = [...map.values()];
  map.clear();
  return items;
}

function liveValue({ point, value, quality, wireTimeMs, reason }: CurrentValue): LiveValue {
  return reason === undefined ? [point, value, quality, wireTimeMs] : [point, value, quality, wireTimeMs, reason];
}

function wanted(scope: LiveSubscription['scope']): (point: string) => boolean {
  switch (scope.kind) {
    case 'site':
      return (point) => point.startsWith(`${scope.site}/`);
    case 'equipment': {
      const ids = new Set(scope.ids);
      return (point) => ids.has(point.slice(0, point.lastIndexOf('/')));
    }
    case 'points': {
      const ids = new Set(scope.ids);
      return (point) => ids.has(point);
    }
    case 'none':
      return () => false;
  }
}
