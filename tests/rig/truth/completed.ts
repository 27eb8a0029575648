import type { RigDevice, Serving } from './serving.ts';

/** Polls in which a device was read, as often as in so many of its periods. */
export interface PollCount {
  mean: number;
  worst: number;
  worstDevice: string;
}

/** When each device was read, by the wire times of what was stored. */
export class Completed {
  readonly #times = new Map<RigDevice, number[]>();
  readonly #last = new Map<RigDevice, Serving>();

  stored(device: RigDevice, serving: Serving, timeMs: number): void {
    // One block of the device stands for its poll.
    const [block] = device.blocks;
    if (serving.code !== block?.code || serving.start !== block.start || this.#last.get(device) === serving) return;
    this.#last.set(device, serving);
    const times = this.#times.get(device);
    if (times === undefined) this.#times.set(device, [timeMs]);
    else times.push(timeMs);
  }

  /** Polls of each device from one time to another, UTC ms; the first excluded. */
  within(devices: readonly RigDevice[], { fromMs, toMs }: { fromMs: number; toMs: number }): PollCount {
    const counts = devices.map(
      (device) => (this.#times.get(device) ?? []).filter((atMs) => atMs > fromMs && atMs <= toMs).length,
    );
    const worst = Math.min(...counts);
    return {
      mean: counts.reduce((sum, count) => sum + count, 0) / counts.length,
      worst,
      worstDevice: devices[counts.indexOf(worst)]?.id ?? '',
    };
  }
}
