import {
  type Alarm,
  type Command,
  type Device,
  type Gateway,
  isOpenTestMode,
  type LiveDelta,
  type LiveSnapshot,
  type PointValue,
  type PositionFlood,
  type Quality,
  type QualityReason,
  type TestMode,
  type WorkOrder,
} from '@plantroom/contracts';

export interface LivePoint {
  value: PointValue;
  quality: Quality;
  reason: QualityReason | null;
  wireTimeMs: number;
}

/** `live`: deltas flow. `connecting`: first try. `down`: what is shown is old. */
export type LinkState = 'connecting' | 'live' | 'down';

export interface LinkMeta {
  state: LinkState;
  /** Wire to screen, ms, of the newest value of the last flush; null before the first. */
  latencyMs: number | null;
  /** Browser clock, ms, when the server was last heard; null: never. */
  heardMs: number | null;
  /** Values that the server left out because this browser was slow. */
  thinned: number;
  /** Resubscriptions because of a gap. */
  gaps: number;
  /** server clock − browser clock, ms. */
  clockOffsetMs: number;
}

export type ListTopic = 'alarms' | 'workOrders' | 'gateways' | 'devices' | 'testModes' | 'floods' | 'commands' | 'meta';

type Listener = () => void;

/** Calls back once, before the next paint. */
export type Schedule = (flush: () => void) => void;

const idle: LinkMeta = { state: 'connecting', latencyMs: null, heardMs: null, thinned: 0, gaps: 0, clockOffsetMs: 0 };

/**
 * What the screen knows of the plant. Deltas are merged at once, so what waits for a flush is bounded by the number of points;
 * listeners hear once per flush, and only those whose point or list changed.
 */
export class LiveStore {
  readonly #schedule: Schedule;
  readonly #now: () => number;
  readonly #points = new Map<string, LivePoint>();
  readonly #pointListeners = new Map<string, Set<Listener>>();
  readonly #listListeners = new Map<ListTopic, Set<Listener>>();
  readonly #dirtyPoints = new Set<string>();
  readonly #dirtyLists = new Set<ListTopic>();
  readonly #alarms = new Map<string, Alarm>();
  readonly #orders = new Map<string, WorkOrder>();
  readonly #gateways = new Map<string, Gateway>();
  readonly #devices = new Map<string, Device>();
  readonly #testModes = new Map<string, TestMode>();
  readonly #floods = new Map<string, PositionFlood>();
  /** The newest heard of, by point. */
  readonly #commands = new Map<string, Command>();
  #alarmList: readonly Alarm[] = [];
  #orderList: readonly WorkOrder[] = [];
  #gatewayList: readonly Gateway[] = [];
  #deviceList: readonly Device[] = [];
  #testModeList: readonly TestMode[] = [];
  #floodList: readonly PositionFlood[] = [];
  #meta: LinkMeta = idle;
  #loaded = false;
  #scheduled = false;
  #newestWireMs: number | null = null;

  constructor(options: { schedule: Schedule; now: () => number }) {
    this.#schedule = options.schedule;
    this.#now = options.now;
  }

  point(id: string): LivePoint | undefined {
    return this.#points.get(id);
  }

  /** Not NORM, in no particular order; the same array until it changes. */
  alarms(): readonly Alarm[] {
    return this.#alarmList;
  }

  workOrders(): readonly WorkOrder[] {
    return this.#orderList;
  }

  gateways(): readonly Gateway[] {
    return this.#gatewayList;
  }

  devices(): readonly Device[] {
    return this.#deviceList;
  }

  /** Requested or running. */
  testModes(): readonly TestMode[] {
    return this.#testModeList;
  }

  /** Those that go on. */
  floods(): readonly PositionFlood[] {
    return this.#floodList;
  }

  /** The newest command of a point that was heard of since this page was opened. */
  command(point: string): Command | undefined {
    return this.#commands.get(point);
  }

  meta(): LinkMeta {
    return this.#meta;
  }

  /** False until the first snapshot. */
  loaded(): boolean {
    return this.#loaded;
  }

  onPoint(id: string, listener: Listener): () => void {
    const set = this.#pointListeners.get(id) ?? new Set();
    this.#pointListeners.set(id, set.add(listener));
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.#pointListeners.get(id) === set) this.#pointListeners.delete(id);
    };
  }

  onList(topic: ListTopic, listener: Listener): () => void {
    const set = this.#listListeners.get(topic) ?? new Set();
    this.#listListeners.set(topic, set.add(listener));
    return () => set.delete(listener);
  }

  /** Replaces everything: whatever was held beyond the snapshot is gone. */
  applySnapshot(snapshot: LiveSnapshot): void {
    for (const id of this.#points.keys()) this.#dirtyPoints.add(id);
    this.#points.clear();
    for (const value of snapshot.values) {
      this.#points.set(value.point, {
        value: value.value,
        quality: value.quality,
        reason: value.reason ?? null,
        wireTimeMs: value.wireTimeMs,
      });
      this.#dirtyPoints.add(value.point);
    }
    replace(this.#alarms, snapshot.alarms);
    replace(this.#orders, snapshot.workOrders);
    replace(this.#gateways, snapshot.gateways);
    replace(this.#devices, snapshot.devices);
    replace(this.#testModes, snapshot.testModes);
    replace(this.#floods, snapshot.floods);
    this.#loaded = true;
    for (const topic of ['alarms', 'workOrders', 'gateways', 'devices', 'testModes', 'floods'] as const)
      this.#dirtyLists.add(topic);
    this.setMeta({ state: 'live', heardMs: this.#now() });
  }

  applyDelta(delta: LiveDelta): void {
    for (const [id, value, quality, wireTimeMs, reason] of delta.values ?? []) {
      this.#points.set(id, { value, quality, wireTimeMs, reason: reason ?? null });
      this.#dirtyPoints.add(id);
      if (this.#newestWireMs === null || wireTimeMs > this.#newestWireMs) this.#newestWireMs = wireTimeMs;
    }
    for (const alarm of delta.alarms ?? []) {
      const held = this.#alarms.get(alarm.id);
      if (held !== undefined && held.revision > alarm.revision) continue;
      if (alarm.state === 'NORM') this.#alarms.delete(alarm.id);
      else this.#alarms.set(alarm.id, alarm);
      this.#dirtyLists.add('alarms');
    }
    for (const order of delta.workOrders ?? []) {
      const held = this.#orders.get(order.id);
      if (held !== undefined && held.revision > order.revision) continue;
      if (order.state === 'closed' || order.state === 'cancelled') this.#orders.delete(order.id);
      else this.#orders.set(order.id, order);
      this.#dirtyLists.add('workOrders');
    }
    for (const gateway of delta.gateways ?? []) this.#gateways.set(gateway.id, gateway);
    if (delta.gateways !== undefined) this.#dirtyLists.add('gateways');
    for (const device of delta.devices ?? []) this.#devices.set(device.id, device);
    if (delta.devices !== undefined) this.#dirtyLists.add('devices');
    for (const mode of delta.testModes ?? []) {
      const held = this.#testModes.get(mode.id);
      if (held !== undefined && held.revision > mode.revision) continue;
      if (isOpenTestMode(mode)) this.#testModes.set(mode.id, mode);
      else this.#testModes.delete(mode.id);
      this.#dirtyLists.add('testModes');
    }
    for (const flood of delta.floods ?? []) {
      if (flood.endedMs === null) this.#floods.set(flood.id, flood);
      else this.#floods.delete(flood.id);
      this.#dirtyLists.add('floods');
    }
    for (const command of delta.commands ?? []) this.takeCommand(command);
    this.setMeta({ heardMs: this.#now(), thinned: this.#meta.thinned + (delta.thinned ?? 0) });
  }

  /** From a delta, or the answer to a request: whichever tells more. */
  takeCommand(command: Command): void {
    const held = this.#commands.get(command.point);
    const older =
      held?.id === command.id ? held.revision > command.revision : (held?.requestedMs ?? 0) > command.requestedMs;
    if (older) return;
    this.#commands.set(command.point, command);
    this.#dirtyLists.add('commands');
    this.#request();
  }

  setMeta(change: Partial<LinkMeta>): void {
    this.#meta = { ...this.#meta, ...change };
    this.#dirtyLists.add('meta');
    this.#request();
  }

  /** Server time as this browser knows it, ms. */
  serverNow(): number {
    return this.#now() + this.#meta.clockOffsetMs;
  }

  #request(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#newestWireMs !== null) {
      this.#meta = { ...this.#meta, latencyMs: Math.max(0, this.serverNow() - this.#newestWireMs) };
      this.#newestWireMs = null;
    }
    if (this.#dirtyLists.has('alarms')) this.#alarmList = [...this.#alarms.values()];
    if (this.#dirtyLists.has('workOrders')) this.#orderList = [...this.#orders.values()];
    if (this.#dirtyLists.has('gateways')) this.#gatewayList = [...this.#gateways.values()];
    if (this.#dirtyLists.has('devices')) this.#deviceList = [...this.#devices.values()];
    if (this.#dirtyLists.has('testModes')) this.#testModeList = [...this.#testModes.values()];
    if (this.#dirtyLists.has('floods')) this.#floodList = [...this.#floods.values()];
    const points = [...this.#dirtyPoints];
    const lists = [...this.#dirtyLists];
    this.#dirtyPoints.clear();
    this.#dirtyLists.clear();
    for (const id of points) for (const listener of this.#pointListeners.get(id) ?? []) listener();
    for (const topic of lists) for (const listener of this.#listListeners.get(topic) ?? []) listener();
  }
}

function replace<T extends { id: string }>(map: Map<string, T>, items: readonly T[]): void {
  map.clear();
  for (const item of items) map.set(item.id, item);
}
