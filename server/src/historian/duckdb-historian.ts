import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HistorySeries } from '@plantroom/contracts';
import { readLatest, readSeries } from './duckdb/duckdb-reader.ts';
import { DuckDbStore } from './duckdb/duckdb-store.ts';
import type { Historian, HistorianQuery, HistorianSample, QualityChange } from './historian.ts';
import type { DuckDbOptions } from './historian-options.ts';
import { checkQuality, checkSamples } from './sample-check.ts';
import { seriesRange } from './series-fold.ts';
import { WriteQueue, type WriteQueueStats } from './write-queue.ts';

const defaultMaxPendingSamples = 2_000_000;

/** The embedded historian: one DuckDB file in the data folder. */
export class DuckDbHistorian implements Historian {
  readonly kind = 'duckdb';
  readonly #options: DuckDbOptions;
  readonly #store: DuckDbStore;
  readonly #queue: WriteQueue;

  constructor(options: DuckDbOptions) {
    this.#options = options;
    this.#store = new DuckDbStore(join(options.folder, 'history.duckdb'));
    this.#queue = new WriteQueue(
      (batch) => this.#store.write(batch),
      options.maxPendingSamples ?? defaultMaxPendingSamples,
    );
  }

  async start(): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true });
    await this.#store.open();
    this.#options.logger.info({ folder: this.#options.folder, days: this.#store.days().length }, 'historian open');
  }

  async stop(): Promise<void> {
    await this.#queue.drain();
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

  async ping(): Promise<void> {
    const connection = await this.#store.connect();
    try {
      await connection.run('SELECT 1');
    } finally {
      connection.closeSync();
    }
  }

  stats(): WriteQueueStats {
    return this.#queue.stats();
  }
}
