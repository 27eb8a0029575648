import type { GatewayPoint, PointTable } from './point-table.ts';

/** `unknown`: nothing live has been heard since the start, and its silence limit has not passed. */
export type DeviceState = 'unknown' | 'online' | 'offline';

/**
 * Who has been heard, and when. Times are the monotonic clock's, so that a step of the wall clock loses no device.
 * A device is offline when all its points are lost or when it says so itself; one live value brings it back.
 */
export class Availability {
  readonly #table: PointTable;
  readonly #heardMs: Float64Array;
  readonly #lost: Uint8Array;
  readonly #stale: Uint8Array;
  readonly #refused: Uint8Array;
  readonly #lostOfDevice: Uint32Array;
  readonly #states: DeviceState[];
  readonly #listeners = new Set<(device: string, state: DeviceState) => void>();

  constructor(table: PointTable) {
    this.#table = table;
    this.#heardMs = new Float64Array(table.points.length);
    this.#lost = new Uint8Array(table.points.length);
    this.#stale = new Uint8Array(table.points.length);
    this.#refused = new Uint8Array(table.points.length);
    this.#lostOfDevice = new Uint32Array(table.devices.length);
    this.#states = table.devices.map(() => 'unknown');
  }

  /** Silence counts from here for what has not been heard yet. */
  begin(monotonicMs: number): void {
    this.#heardMs.fill(monotonicMs);
  }

  state(deviceIndex: number): DeviceState {
    return this.#states[deviceIndex] ?? 'unknown';
  }

  isLost(point: GatewayPoint): boolean {
    return this.#lost[point.index] === 1;
  }

  /** The device last answered for this point with a refusal: it is there, but the value is not to be had. */
  isRefused(point: GatewayPoint): boolean {
    return this.#refused[point.index] === 1;
  }

  /** A live value came. */
  heard(point: GatewayPoint, monotonicMs: number): void {
    this.#heardMs[point.index] = monotonicMs;
    this.#refused[point.index] = 0;
    this.#stale[point.index] = 0;
    if (this.#lost[point.index] === 1) {
      this.#lost[point.index] = 0;
      this.#lostOfDevice[point.deviceIndex] = (this.#lostOfDevice[point.deviceIndex] ?? 1) - 1;
    }
    if (this.#states[point.deviceIndex] !== 'online') this.#become(point.deviceIndex, 'online');
  }

  refused(point: GatewayPoint, refused: boolean): void {
    this.#refused[point.index] = refused ? 1 : 0;
  }

  /** The device says that it is there; its points wait for values, their silence counts anew. */
  saidOnline(deviceIndex: number, monotonicMs: number): void {
    for (const point of this.#table.ofDevice[deviceIndex] ?? []) {
      if (this.#lost[point.index] === 0) this.#heardMs[point.index] = monotonicMs;
    }
    if (this.#states[deviceIndex] !== 'online') this.#become(deviceIndex, 'online');
  }

  /** The device says that it is gone. Answers the points that are lost by that. */
  saidOffline(deviceIndex: number): GatewayPoint[] {
    const lost = (this.#table.ofDevice[deviceIndex] ?? []).filter((point) => this.#lose(point));
    if (this.#states[deviceIndex] !== 'offline') this.#become(deviceIndex, 'offline');
    return lost;
  }

  /** Points whose silence limit has passed since the last call. */
  due(monotonicMs: number): GatewayPoint[] {
    const lost: GatewayPoint[] = [];
    for (const point of this.#table.points) {
      if (this.#lost[point.index] === 1) continue;
      if (monotonicMs - (this.#heardMs[point.index] ?? 0) < point.silenceMs) continue;
      this.#lose(point);
      lost.push(point);
      const all = this.#table.ofDevice[point.deviceIndex]?.length;
      if (this.#lostOfDevice[point.deviceIndex] === all) this.#become(point.deviceIndex, 'offline');
    }
    return lost;
  }

  /** Points that have missed their polls since the last call, and are not lost. */
  dueStale(monotonicMs: number): GatewayPoint[] {
    return this.#table.points.filter((point) => {
      if (this.#stale[point.index] === 1 || this.#lost[point.index] === 1) return false;
      if (monotonicMs - (this.#heardMs[point.index] ?? 0) < point.staleMs) return false;
      this.#stale[point.index] = 1;
      return true;
    });
  }

  onChange(call: (device: string, state: DeviceState) => void): () => void {
    this.#listeners.add(call);
    return () => this.#listeners.delete(call);
  }

  #lose(point: GatewayPoint): boolean {
    if (this.#lost[point.index] === 1) return false;
    this.#lost[point.index] = 1;
    this.#lostOfDevice[point.deviceIndex] = (this.#lostOfDevice[point.deviceIndex] ?? 0) + 1;
    return true;
  }

  #become(deviceIndex: number, state: DeviceState): void {
    if (this.#states[deviceIndex] === state) return;
    this.#states[deviceIndex] = state;
    const device = this.#table.devices[deviceIndex];
    if (device !== undefined) for (const listener of this.#listeners) listener(device.id, state);
  }
}
