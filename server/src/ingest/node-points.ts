import type { BornMetric } from './born-metrics.ts';
import type { StoredLane } from './ingest.ts';
import type { MappedPoint } from './metric-map.ts';
import { withHash } from './slug.ts';
import { metricAlias, type WireMetric } from './sparkplug-codec.ts';
import { type Arrival, WireTimes } from './wire-times.ts';

export interface PointEntry {
  point: string;
  dataType: number;
  lane: StoredLane;
  times: WireTimes;
  /** Left out: it is taken as it comes. */
  mapped?: MappedPoint;
  /** When it last had a value; monotonic. Kept where it has a time-out only. */
  heardMs: number;
}

/** A metric that a DCMD may set, as the last birth names it. */
export interface Output {
  /** As in topics. */
  device: string;
  name: string;
  alias: number | undefined;
  dataType: number;
}

export interface DeviceEntry {
  readonly name: string;
  readonly slug: string;
  online: boolean;
  /** Born since the last birth of its node. */
  reborn: boolean;
  /** Some of its points may not be silent for long. */
  hasTimeouts: boolean;
  readonly names: Map<string, PointEntry>;
  aliases: number[];
}

/** The devices and points of one edge node. Aliases are unique per node and end with its birth; wire times outlive births. */
export class NodePoints {
  readonly devices = new Map<string, DeviceEntry>();
  readonly #times = new Map<string, WireTimes>();
  /** What has arrived since the last report of its lane. */
  readonly #touched: Record<StoredLane, WireTimes[]> = { safety: [], live: [] };
  /** The node reports what it has sent; holds for what is born from now on. */
  isVouchedFor = false;
  readonly #aliases = new Map<number, PointEntry>();
  /** By point. */
  readonly #outputs = new Map<string, Output>();

  get count(): number {
    return this.#times.size;
  }

  /** Replaces what the device was born with before. `nowMs`: monotonic. */
  bear(device: DeviceEntry, metrics: readonly BornMetric[], nowMs: number): PointEntry[] {
    const { name } = device;
    for (const alias of device.aliases) this.#aliases.delete(alias);
    device.aliases = [];
    device.names.clear();
    for (const [point, output] of this.#outputs) if (output.device === name) this.#outputs.delete(point);
    device.online = true;
    device.reborn = true;
    device.hasTimeouts = metrics.some(({ mapped }) => (mapped?.timeoutMs ?? null) !== null);
    return metrics.map(({ name: metricName, alias, dataType, born, mapped }) => {
      const entry: PointEntry = {
        point: born.point,
        dataType,
        lane: born.lane,
        times: this.#timesOf(born.point),
        heardMs: nowMs,
        ...(mapped === undefined ? {} : { mapped }),
      };
      device.names.set(metricName, entry);
      if (alias !== undefined) {
        this.#aliases.set(alias, entry);
        device.aliases.push(alias);
      }
      if (born.write !== undefined) this.#outputs.set(born.point, { device: name, name: metricName, alias, dataType });
      return entry;
    });
  }

  /** All that its gateway has sent of the lane since the last report has come. */
  seal(lane: StoredLane, stretch: { isAhead: boolean }): void {
    for (const times of this.#touched[lane]) times.seal(stretch);
    this.#touched[lane] = [];
  }

  /** The backlog has met what went ahead of it. */
  join(): void {
    for (const times of this.#times.values()) times.join();
  }

  /** Something has not come, or goes on elsewhere. That what came of the other lane is torn too costs it an interval, no reading. */
  tear(): void {
    for (const times of this.#times.values()) times.tear();
    this.#touched.safety = [];
    this.#touched.live = [];
  }

  /** Hot path. */
  arrive({ times, lane }: PointEntry, timeMs: number): Arrival {
    if (!times.isOpen) this.#touched[lane].push(times);
    return times.arrive(timeMs);
  }

  /** Hot path. */
  find(metric: WireMetric, device: DeviceEntry | undefined): PointEntry | undefined {
    const alias = metricAlias(metric);
    return alias === undefined ? device?.names.get(metric.name ?? '') : this.#aliases.get(alias);
  }

  /** Undefined: it is no output, or its device is not there. */
  output(point: string): Output | undefined {
    const output = this.#outputs.get(point);
    const device = this.devices.get(output?.device ?? '');
    return device?.online && device.reborn ? output : undefined;
  }

  /** Nothing can be understood before the next births. */
  forgetBirths(): void {
    this.#aliases.clear();
    this.#outputs.clear();
    for (const device of this.devices.values()) {
      device.aliases = [];
      device.reborn = false;
    }
  }

  /** Its points, marked so that a birth that repeats their last reading is news. */
  degrade(device: DeviceEntry): string[] {
    device.online = false;
    device.reborn = false;
    return [...device.names.values()].map(({ point, times }) => {
      times.degraded = true;
      return point;
    });
  }

  /** Those that have had no value for longer than they may, once. `nowMs`: monotonic. */
  overdue(nowMs: number): string[] {
    const late: string[] = [];
    for (const device of this.devices.values()) {
      if (!device.online || !device.hasTimeouts) continue;
      for (const { point, times, mapped, heardMs } of device.names.values()) {
        const timeoutMs = mapped?.timeoutMs ?? null;
        if (timeoutMs === null || times.degraded || nowMs - heardMs < timeoutMs) continue;
        times.degraded = true;
        late.push(point);
      }
    }
    return late;
  }

  /** By its name in topics, '' for the node itself. `slug`: in ids, unless another device of the node has it. */
  device(name: string, slug: string): DeviceEntry {
    let device = this.devices.get(name);
    if (device === undefined) {
      // Ids should differ in more than case (case-sensitivity-sparkplug-ids); where they do not, they stay two.
      const isTaken = [...this.devices.values()].some((other) => other.slug === slug);
      const free = isTaken ? withHash(slug, name) : slug;
      device = { name, slug: free, online: false, reborn: false, hasTimeouts: false, names: new Map(), aliases: [] };
      this.devices.set(name, device);
    }
    return device;
  }

  #timesOf(point: string): WireTimes {
    let times = this.#times.get(point);
    if (times === undefined) {
      times = new WireTimes();
      this.#times.set(point, times);
    }
    times.isVouchedFor = this.isVouchedFor;
    return times;
  }
}
