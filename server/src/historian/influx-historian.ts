import type { HistorySeries } from '@plantroom/contracts';
import type { Historian, HistorianQuery, HistorianSample, QualityChange } from './historian.ts';
import type { InfluxOptions } from './historian-options.ts';
import { InfluxHttp } from './influx/influx-http.ts';
import { readLatest, readQuality, readSeries } from './influx/influx-reader.ts';
import { qualityLine, sampleLine, unknownMeasurement } from './influx/line.ts';
import { checkQuality, checkSamples } from './sample-check.ts';
import { seriesRange } from './series-fold.ts';
import { type WriteBatch, WriteQueue, type WriteQueueStats } from './write-queue.ts';

const defaultMaxPendingSamples = 500_000;
/** InfluxDB's own advice for one request is 5 000-10 000 lines. */
const maxLines = 10_000;

/** InfluxDB as the historian: measurement = class, tags site and equipment, one field per point. Verified against 1.6.7. */
export class InfluxHistorian implements Historian {
  readonly kind = 'influxdb';
  readonly #options: InfluxOptions;
  readonly #http: InfluxHttp;
  readonly #queue: WriteQueue;

  constructor(options: InfluxOptions) {
    this.#options = options;
    this.#http = new InfluxHttp(options);
    this.#queue = new WriteQueue((batch) => this.#store(batch), options.maxPendingSamples ?? defaultMaxPendingSamples);
  }

  async start(): Promise<void> {
    const { org, url, bucket, logger } = this.#options;
    if (org === undefined) await this.#http.createDatabase();
    else await this.#http.ping();
    logger.info({ url, bucket }, 'historian open');
  }

  async stop(): Promise<void> {
    await this.#queue.drain();
  }

  async write(samples: readonly HistorianSample[], quality: readonly QualityChange[]): Promise<void> {
    const unknown = (): boolean => false;
    checkSamples(samples, unknown);
    checkQuality(quality, unknown);
    await this.#queue.write(samples, quality);
  }

  async query(query: HistorianQuery): Promise<HistorySeries[]> {
    const range = seriesRange(query, this.#options.clock.nowMs());
    const series: HistorySeries[] = [];
    for (const point of query.points) {
      series.push(await readSeries(this.#http, { point, measurement: this.#options.classOf(point), range }));
    }
    return series;
  }

  async latest(points: readonly string[]): Promise<HistorianSample[]> {
    const found: HistorianSample[] = [];
    for (let at = 0; at < points.length; at += 200) {
      const some = points.slice(at, at + 200).map((point) => ({ point, measurement: this.#options.classOf(point) }));
      found.push(...(await readLatest(this.#http, some)));
    }
    return found;
  }

  async quality(points: readonly string[], range: { fromMs: number; toMs: number }): Promise<QualityChange[]> {
    const changes: QualityChange[] = [];
    for (const point of points) {
      const { before, marks } = await readQuality(this.#http, point, range);
      changes.push(...[...(before === null ? [] : [before]), ...marks].map((mark) => ({ point, ...mark })));
    }
    return changes;
  }

  async ping(): Promise<void> {
    await this.#http.ping();
  }

  stats(): WriteQueueStats {
    return this.#queue.stats();
  }

  async #store(batch: WriteBatch): Promise<void> {
    const { classOf } = this.#options;
    let lines: string[] = [];
    const flush = async (): Promise<void> => {
      if (lines.length === 0) return;
      const text = lines.join('\n');
      lines = [];
      await this.#http.write(text);
    };
    for (const samples of batch.samples) {
      for (const sample of samples) {
        if (lines.push(sampleLine(sample, classOf(sample.point) ?? unknownMeasurement)) >= maxLines) await flush();
      }
    }
    for (const change of batch.quality) if (lines.push(qualityLine(change)) >= maxLines) await flush();
    await flush();
  }
}
