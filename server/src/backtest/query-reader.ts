import type { Historian } from '../historian/historian.ts';
import type { Extremes, PointPast, SeriesReader, TakeSamples, Wanted } from '../historian/series-reader.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** Samples asked for at once. */
const mostSamples = 100_000;

/**
 * Reads through `query` alone, for a store that offers no more: it tells of no extremes, so every sample is read. Slower than roll-ups, and the
 * same in what comes of it.
 */
export class QueryReader implements SeriesReader {
  readonly #historian: Historian;

  constructor(historian: Historian) {
    this.#historian = historian;
  }

  async past(points: readonly string[], { fromMs, toMs }: { fromMs: number; toMs: number }) {
    const quality = Map.groupBy(await this.#historian.quality(points, { fromMs, toMs }), ({ point }) => point);
    const past = new Map<string, PointPast>();
    for (const point of points) {
      const marks = (quality.get(point) ?? []).filter(({ timeMs }) => timeMs < toMs);
      past.set(point, {
        before: {
          sample: await this.#newestBefore(point, fromMs),
          quality: marks.findLast(({ timeMs }) => timeMs < fromMs) ?? null,
        },
        marks: marks.filter(({ timeMs }) => timeMs >= fromMs),
      });
    }
    return past;
  }

  hours(points: readonly string[], { fromMs, toMs }: { fromMs: number; toMs: number }) {
    const hours: Extremes[] = [];
    for (let startMs = Math.floor(fromMs / hourMs) * hourMs; startMs < toMs; startMs += hourMs) {
      hours.push({
        startMs,
        endMs: startMs + hourMs,
        firstMs: startMs,
        low: Number.NaN,
        high: Number.NaN,
        last: Number.NaN,
        isExact: false,
      });
    }
    return Promise.resolve(new Map(points.map((point) => [point, hours])));
  }

  parts(): Promise<Map<string, Extremes[]>> {
    return Promise.resolve(new Map());
  }

  async samples(wanted: readonly Wanted[], take: TakeSamples): Promise<void> {
    for (const [point, its] of Map.groupBy(wanted, (each) => each.point)) {
      for (const { fromMs, toMs } of joined(its)) await this.#read(point, { fromMs, toMs }, take);
    }
  }

  close(): void {
    // Nothing is held open.
  }

  async #read(point: string, range: { fromMs: number; toMs: number }, take: TakeSamples): Promise<void> {
    let { fromMs } = range;
    for (;;) {
      const query = { points: [point], fromMs, toMs: range.toMs, aggregate: 'raw', limit: mostSamples } as const;
      const [series] = await this.#historian.query(query);
      const last = series?.t.at(-1);
      if (series === undefined || last === undefined) return;
      take(
        point,
        series.t,
        series.v.map((value) => value ?? Number.NaN),
      );
      if (!series.truncated) return;
      fromMs = last + 1;
    }
  }

  /** The last sample of a day, a month, a year before: a bucket's `last` would not tell its time. */
  async #newestBefore(point: string, beforeMs: number): Promise<{ timeMs: number; value: number } | null> {
    for (const days of [1, 30, 400]) {
      const query = { points: [point], fromMs: beforeMs - days * dayMs, toMs: beforeMs, aggregate: 'last' } as const;
      const [coarse] = await this.#historian.query({ ...query, resolutionMs: hourMs, limit: 10_000 });
      if (coarse === undefined || coarse.t.length === 0) continue;
      const newest: { timeMs: number; value: number }[] = [];
      // From the last hour backwards until one has a sample: the value is held on in those behind it.
      for (const startMs of coarse.t.toReversed()) {
        const range = { fromMs: Math.max(startMs, query.fromMs), toMs: Math.min(startMs + hourMs, beforeMs) };
        await this.#read(point, range, (_, times, values) => {
          const [timeMs, value] = [times.at(-1), values.at(-1)];
          if (timeMs !== undefined && value !== undefined) newest.push({ timeMs, value });
        });
        const last = newest.at(-1);
        if (last !== undefined) return last;
      }
    }
    return null;
  }
}

/** Buckets that meet, as one stretch; a day at most. */
function joined(wanted: readonly Wanted[]): { fromMs: number; toMs: number }[] {
  const stretches: { fromMs: number; toMs: number }[] = [];
  for (const { startMs, endMs: toMs } of wanted) {
    const last = stretches.at(-1);
    if (last?.toMs === startMs && toMs - last.fromMs <= dayMs) last.toMs = toMs;
    else stretches.push({ fromMs: startMs, toMs });
  }
  return stretches;
}
