import { pointName, pointsPerBlock } from '../registers.ts';
import type { RigDevice, Serving } from './serving.ts';

/** How a device came back: the slowest of its points. */
export interface Recovery {
  device: RigDevice;
  /** From the end of the fault to the wire time of the first value served after it, ms. */
  afterMs: number;
  /** Requests that it had been asked since, the answered one included. */
  requests: number;
}

interface Watch {
  sinceMs: number;
  requestsBefore: number;
  missing: Set<number>;
  worst: Recovery;
  resolve(recovery: Recovery): void;
}

/** Sees every good value that is stored, and tells when a device is back with all its points. */
export class Recoveries {
  readonly #watches = new Map<RigDevice, Set<Watch>>();

  /** Resolves when every point has been stored with a value served after `sinceMs`; never, when one does not come. */
  back(device: RigDevice, sinceMs: number): { done: Promise<Recovery>; missing(): string[] } {
    const missing = new Set(
      device.blocks.flatMap((block) => Array.from({ length: pointsPerBlock }, (_, i) => block.firstPoint + i)),
    );
    const done = new Promise<Recovery>((resolve) => {
      const worst = { device, afterMs: 0, requests: 0 };
      const watch: Watch = { sinceMs, requestsBefore: device.requests, missing, worst, resolve };
      const watches = this.#watches.get(device) ?? new Set();
      this.#watches.set(device, watches.add(watch));
    });
    return { done, missing: () => [...missing].map(pointName) };
  }

  stored(device: RigDevice, point: number, serving: Serving, timeMs: number): void {
    const watches = this.#watches.get(device);
    for (const watch of watches ?? []) {
      if ((serving.sentAtMs ?? 0) < watch.sinceMs || !watch.missing.delete(point)) continue;
      watch.worst.afterMs = Math.max(watch.worst.afterMs, timeMs - watch.sinceMs);
      watch.worst.requests = Math.max(watch.worst.requests, serving.requestNumber - watch.requestsBefore);
      if (watch.missing.size > 0) continue;
      watches?.delete(watch);
      watch.resolve(watch.worst);
    }
  }
}
