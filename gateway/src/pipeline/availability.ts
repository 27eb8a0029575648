import type { GatewayPoint, PointTable } from './point-table.ts';

/** `unknown`: nothing live has been heard since the start, and its silence limit has not passed. */
export type DeviceState = 'unknown' | 'online' | 'offline';

/**
 * Who has been heard, and when. Times are the monotonic clock's, so that a step of the wall clock loses no device.
 * A device is offline when all its points are lost or when it says so itself; one live value brings it back.
 */
export class Availability {
  #table: PointTable;
  #heardMs: Float64Array;
  /** Of each point, as in the table. */
  #silenceMs: Float64Array;
  #staleMs: Float64Array;
  #lost: Uint8Array;
  #stale: Uint8Array;
  #refused: Uint8Array;
  #lostOfDevice: Uint32Array;
  #states: DeviceState[];
  /** Before then no point can be lost, and none grow stale: it is heard ever later, and these times with it. */
  #nextLossMs = Number.NEGATIVE_INFINITY;
  #nextStaleMs = Number.NEGATIVE_INFINITY;
  readonly #listeners = new Set<(device: string, state: DeviceState) => void>();

  constructor(table: PointTable) {
    this.#table = table;
    this.#heardMs = new Float64Array(table.points.length);
    this.#silenceMs = Float64Array.from(table.points, ({ silenceMs }) => silenceMs);
    this.#staleMs = Float64Array.from(table.points, ({ staleMs }) => staleMs);
    this.#lost = new Uint8Array(table.points.length);
    this.#stale = new Uint8Array(table.points.length);
    this.#refused = new Uint8Array(table.points.length);
    this.#lostOfDevice = new Uint32Array(table.devices.length);
    this.#states = table.devices.map(() => 'unknown');
  }

  /** Silence counts from here for what has not been heard yet. */
  begin(monotonicMs: number): void {
    this.#heardMs.fill(monotonicMs);
    this.#lookAgain();
  }

  /** The points are those of another table from now on: what is known of them and of their devices goes with their ids. */
  change(table: PointTable, monotonicMs: number): void {
    const from = this.#table;
    const [heardMs, lost, stale, refused] = [this.#heardMs, this.#lost, this.#stale, this.#refused];
    this.#table = table;
    this.#lookAgain();
    this.#heardMs = new Float64Array(table.points.length).fill(monotonicMs);
    this.#silenceMs = Float64Array.from(table.points, ({ silenceMs }) => silenceMs);
    this.#staleMs = Float64Array.from(table.points, ({ staleMs }) => staleMs);
    this.#lost = new Uint8Array(table.points.length);
    this.#stale = new Uint8Array(table.points.length);
    this.#refused = new Uint8Array(table.points.length);
    this.#lostOfDevice = new Uint32Array(table.devices.length);
    for (const { id, index, deviceIndex } of table.points) {
      const former = from.byId.get(id)?.index;
      if (former === undefined) continue;
      this.#heardMs[index] = heardMs[former] ?? monotonicMs;
      this.#lost[index] = lost[former] ?? 0;
      this.#stale[index] = stale[former] ?? 0;
      this.#refused[index] = refused[former] ?? 0;
      this.#lostOfDevice[deviceIndex] = (this.#lostOfDevice[deviceIndex] ?? 0) + (lost[former] ?? 0);
    }
    const states = this.#states;
    this.#states = table.devices.map(({ id }) => states[from.deviceIndex.get(id) ?? -1] ?? 'unknown');
    // What still answered of it may be what was taken out.
    for (let device = 0; device < this.#states.length; device++) this.#endIfLost(device);
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
    if (this.#stale[point.index] === 1) {
      this.#stale[point.index] = 0;
      this.#lookAgain();
    }
    if (this.#lost[point.index] === 1) {
      this.#lost[point.index] = 0;
      this.#lookAgain();
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
    const [lost, heardMs, silenceMs] = [this.#lost, this.#heardMs, this.#silenceMs];
    const due: GatewayPoint[] = [];
    if (monotonicMs < this.#nextLossMs) return due;
    this.#nextLossMs = Number.POSITIVE_INFINITY;
    let nextMs = Number.POSITIVE_INFINITY;
    for (let i = 0; i < heardMs.length; i++) {
      if (lost[i] === 1) continue;
      const atMs = (heardMs[i] as number) + (silenceMs[i] as number);
      if (monotonicMs < atMs) {
        if (atMs < nextMs) nextMs = atMs;
        continue;
      }
      const point = this.#table.points[i] as GatewayPoint;
      this.#lose(point);
      due.push(point);
      this.#endIfLost(point.deviceIndex);
    }
    this.#nextLossMs = Math.min(this.#nextLossMs, nextMs);
    return due;
  }

  /** Points that have missed their polls since the last call, and are not lost. */
  dueStale(monotonicMs: number): GatewayPoint[] {
    const [lost, stale, heardMs, staleMs] = [this.#lost, this.#stale, this.#heardMs, this.#staleMs];
    const due: GatewayPoint[] = [];
    if (monotonicMs < this.#nextStaleMs) return due;
    this.#nextStaleMs = Number.POSITIVE_INFINITY;
    let nextMs = Number.POSITIVE_INFINITY;
    for (let i = 0; i < heardMs.length; i++) {
      if (stale[i] === 1 || lost[i] === 1) continue;
      const atMs = (heardMs[i] as number) + (staleMs[i] as number);
      if (monotonicMs < atMs) {
        if (atMs < nextMs) nextMs = atMs;
        continue;
      }
      stale[i] = 1;
      due.push(this.#table.points[i] as GatewayPoint);
    }
    this.#nextStaleMs = Math.min(this.#nextStaleMs, nextMs);
    return due;
  }

  onChange(call: (device: string, state: DeviceState) => void): () => void {
    this.#listeners.add(call);
    return () => this.#listeners.delete(call);
  }

  #lookAgain(): void {
    this.#nextLossMs = Number.NEGATIVE_INFINITY;
    this.#nextStaleMs = Number.NEGATIVE_INFINITY;
  }

  #lose(point: GatewayPoint): boolean {
    if (this.#lost[point.index] === 1) return false;
    this.#lost[point.index] = 1;
    this.#lostOfDevice[point.deviceIndex] = (this.#lostOfDevice[point.deviceIndex] ?? 0) + 1;
    return true;
  }

  #endIfLost(deviceIndex: number): void {
    const all = this.#table.ofDevice[deviceIndex]?.length ?? 0;
    if (all > 0 && this.#lostOfDevice[deviceIndex] === all) this.#become(deviceIndex, 'offline');
  }

  #become(deviceIndex: number, state: DeviceState): void {
    if (this.#states[deviceIndex] === state) return;
    this.#states[deviceIndex] = state;
    const device = this.#table.devices[deviceIndex];
    if (device !== undefined) for (const listener of this.#listeners) listener(device.id, state);
  }
}
