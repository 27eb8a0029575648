import { mkdir } from 'node:fs/promises';
import type { HistorySeries } from '@plantroom/contracts';
import { readLatest, readQuality, readSeries } from './duckdb/duckdb-reader.ts';
import { DuckDbSeriesReader } from './duckdb/duckdb-series-reader.ts';
import { DuckDbStore } from './duckdb/duckdb-store.ts';
import { Maintenance, type MaintenanceStats } from './duckdb/maintenance.ts';
import type { Historian, HistorianQuery, HistorianSample, QualityChange } from './historian.ts';
import type { DuckDbOptions } from './historian-options.ts';
import { checkQuality, checkSamples } from './sample-check.ts';
import { seriesRange } from './series-fold.ts';
import { WriteQueue, type WriteQueueStats } from './write-queue.ts';

const defaultMaxPendingSamples = 2_000_000;

/** The embedded historian: DuckDB files in the data folder. */
export class DuckDbHistorian implements Historian {
  readonly kind = 'duckdb';
  readonly #options: DuckDbOptions;
  readonly #store: DuckDbStore;
  readonly #queue: WriteQueue;
  readonly #maintenance: Maintenance;

  constructor(options: DuckDbOptions) {
    this.#options = options;
    this.#store = new DuckDbStore(options.folder);
    this.#queue = new WriteQueue(
      (batch) => this.#store.write(batch),
      options.maxPendingSamples ?? defaultMaxPendingSamples,
    );
    const { retention = null, classOf = () => null, clock, logger, chunkSamples } = options;
    const chunks = chunkSamples === undefined ? {} : { chunkSamples };
    this.#maintenance = new Maintenance({ store: this.#store, retention, classOf, clock, logger, ...chunks });
  }

  async start(): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true });
    await this.#store.open();
    this.#maintenance.start();
    const { folder, logger, retention } = this.#options;
    const kept = retention?.toString() ?? 'for ever';
    logger.info({ folder, days: this.#store.days.size, kept }, 'historian open');
  }

  async stop(): Promise<void> {
    await this.#queue.drain();
    await this.#maintenance.stop();
    try {
      await this.#store.checkpoint();
    } finally {
      this.#store.close();
    }
  }

  async write(samples: readonly HistorianSample[], quality: readonly QualityChange[]): Promise<void> {
    const isKnown = (point: string): boolean => this.#store.points.get(point) !== undefined;
    checkSamples(samples, isKnown);
    checkQuality(quality, isKnown);
    await this.#queue.write(samples, quality);
  }

  async query(query: HistorianQuery): Promise<HistorySeries[]> {
    return await readSeries(this.#store, query.points, seriesRange(query, this.#options.clock.nowMs()));
  }

  async latest(points: readonly string[]): Promise<HistorianSample[]> {
    return await readLatest(this.#store, points);
  }

  async quality(points: readonly string[], range: { fromMs: number; toMs: number }): Promise<QualityChange[]> {
    return await readQuality(this.#store, points, range);
  }

  async reader(): Promise<DuckDbSeriesReader> {
    return await DuckDbSeriesReader.open(this.#store);
  }

  /** Compacts every closed day and applies the retention now, without waiting for late samples to settle. */
  async maintain(): Promise<void> {
    await this.#maintenance.run({ settled: true });
  }

  /** When the round of maintenance that runs at the moment is over. */
  async settled(): Promise<void> {
    await this.#maintenance.settled();
  }

  async ping(): Promise<void> {
    const connection = await this.#store.connect();
    try {
      await connection.run('SELECT 1');
    } finally {
      connection.closeSync();
    }
  }

  trouble(): string | null {
    return this.#maintenance.trouble;
  }

  stats(): WriteQueueStats & MaintenanceStats {
    return { ...this.#queue.stats(), ...this.#maintenance.stats() };
  }
}
