import type { HistorianSample, QualityChange } from '../../historian/historian.ts';
import type { Extremes, PointPast, SeriesReader, TakeSamples, Wanted } from '../../historian/series-reader.ts';

const defaultPartMs = 300_000;
const hourMs = 3_600_000;

export interface MemorySeries {
  samples: readonly HistorianSample[];
  quality: readonly QualityChange[];
}

export interface MemoryReaderOptions {
  /** Whether parts of an hour are known; left out: always. */
  hasParts?: (hourStartMs: number) => boolean;
  /** Width of a part; left out: five minutes. */
  partMs?: number;
  /** Whether a bucket has its samples; left out: always. */
  hasSamples?: (startMs: number) => boolean;
  /** Whether the roll-up of an hour knows all samples of it; left out: always. */
  isExact?: (hourStartMs: number) => boolean;
}

/** A store in memory, and which buckets it was asked for. */
export class MemoryReader implements SeriesReader {
  readonly #series: MemorySeries;
  readonly #options: MemoryReaderOptions;
  readonly asked: Wanted[] = [];

  constructor(series: MemorySeries, options: MemoryReaderOptions = {}) {
    this.#series = series;
    this.#options = options;
  }

  past(points: readonly string[], { fromMs, toMs }: { fromMs: number; toMs: number }) {
    const quality = this.#series.quality.toSorted((a, b) => a.timeMs - b.timeMs);
    const past = new Map<string, PointPast>();
    for (const point of points) {
      const marks = quality.filter((mark) => mark.point === point);
      past.set(point, {
        before: {
          sample: this.#of(point).findLast(({ timeMs }) => timeMs < fromMs) ?? null,
          quality: marks.findLast(({ timeMs }) => timeMs < fromMs) ?? null,
        },
        marks: marks.filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs),
      });
    }
    return Promise.resolve(past);
  }

  hours(points: readonly string[], { fromMs, toMs }: { fromMs: number; toMs: number }) {
    const { isExact = () => true } = this.#options;
    const hours = new Map<string, Extremes[]>();
    for (const point of points) {
      const rows = bucketsOf(this.#of(point), hourMs).filter(
        ({ startMs }) => startMs + hourMs > fromMs && startMs < toMs,
      );
      hours.set(
        point,
        rows.map((row) =>
          isExact(row.startMs) ? row : { ...row, low: Number.NaN, high: Number.NaN, last: Number.NaN, isExact: false },
        ),
      );
    }
    return Promise.resolve(hours);
  }

  parts(hours: readonly Wanted[]) {
    const { hasParts = () => true, partMs = defaultPartMs } = this.#options;
    const parts = new Map<string, Extremes[]>();
    for (const { point, startMs } of hours) {
      if (!hasParts(startMs)) continue;
      const its = this.#of(point).filter(({ timeMs }) => timeMs >= startMs && timeMs < startMs + hourMs);
      parts.set(point, [...(parts.get(point) ?? []), ...bucketsOf(its, partMs)]);
    }
    return Promise.resolve(parts);
  }

  samples(wanted: readonly Wanted[], take: TakeSamples) {
    const { hasSamples = () => true } = this.#options;
    for (const [point, its] of Map.groupBy(wanted, (each) => each.point)) {
      for (const each of its) {
        this.asked.push(each);
        if (!hasSamples(each.startMs)) continue;
        const samples = this.#of(point).filter(({ timeMs }) => timeMs >= each.startMs && timeMs < each.endMs);
        take(
          point,
          samples.map(({ timeMs }) => timeMs),
          samples.map(({ value }) => value),
        );
      }
    }
    return Promise.resolve();
  }

  close(): void {
    this.asked.length = 0;
  }

  #of(point: string): HistorianSample[] {
    return this.#series.samples.filter((sample) => sample.point === point).sort((a, b) => a.timeMs - b.timeMs);
  }
}

function bucketsOf(samples: readonly HistorianSample[], ms: number): Extremes[] {
  return [...Map.groupBy(samples, ({ timeMs }) => Math.floor(timeMs / ms) * ms)].map(([startMs, its]) => ({
    startMs,
    endMs: startMs + ms,
    firstMs: its[0]?.timeMs ?? startMs,
    low: Math.min(...its.map(({ value }) => value)),
    high: Math.max(...its.map(({ value }) => value)),
    last: its.at(-1)?.value ?? Number.NaN,
    isExact: true,
  }));
}
