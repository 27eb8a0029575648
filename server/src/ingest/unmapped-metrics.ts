import type { Logger, UnmappedMetric } from '@plantroom/contracts';
import type { BornMetric } from './born-metrics.ts';

type Unmapped = Pick<UnmappedMetric, 'device' | 'metric' | 'point'>;

/** A birth can hold a hundred thousand; a person maps them by pattern after the first few. */
const mostListed = 1_000;

/** What of one node is not mapped, by the last birth of each device. */
export class UnmappedMetrics {
  readonly #byDevice = new Map<string | null, { listed: Unmapped[]; count: number }>();
  readonly #logger: Logger;
  readonly #gateway: string;

  constructor(gateway: string, logger: Logger) {
    this.#gateway = gateway;
    this.#logger = logger;
  }

  /** Said once, and again when their number has changed. */
  born(device: string | null, metrics: readonly BornMetric[]): void {
    const found = metrics.filter(({ mapped }) => mapped === undefined);
    const listed = found.slice(0, mostListed).map(({ name, born }) => ({ device, metric: name, point: born.point }));
    const before = this.#byDevice.get(device)?.count ?? 0;
    this.#byDevice.set(device, { listed, count: found.length });
    if (found.length === before || found.length === 0) return;
    this.#logger.info(
      { gateway: this.#gateway, device, count: found.length, first: listed.slice(0, 5).map(({ metric }) => metric) },
      'metrics of a foreign node are not mapped; /api/unmapped-metrics lists them',
    );
  }

  get count(): number {
    return [...this.#byDevice.values()].reduce((sum, { count }) => sum + count, 0);
  }

  list(): Unmapped[] {
    return [...this.#byDevice.values()].flatMap(({ listed }) => listed).slice(0, mostListed);
  }
}
