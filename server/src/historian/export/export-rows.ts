import type { HistoryAggregate, HistorySeries } from '@plantroom/contracts';
import type { Historian, QualityChange } from '../historian.ts';

export interface ExportRange {
  fromMs: number;
  /** Exclusive. */
  toMs: number;
  aggregate: HistoryAggregate;
  /** Needed for all but raw. */
  resolutionMs?: number;
}

export interface ExportRow {
  timeMs: number;
  /** Null: no good data from here on, or in this bucket. */
  value: number | null;
  min: number | null;
  max: number | null;
  /** 0 bad, 192 good, 500 uncertain. */
  quality: number;
  reason: string | null;
}

const bad = 0;
const good = 192;
const uncertain = 500;
/** Rows asked for at once: what an export holds in memory, and for how long it keeps the event loop from others. */
const defaultPageRows = 20_000;

/** One point's history in order of time, page by page, from whatever store. */
export async function* exportRows(
  historian: Historian,
  point: string,
  asked: { range: ExportRange; pageRows?: number },
): AsyncGenerator<ExportRow[]> {
  const { range, pageRows = defaultPageRows } = asked;
  const changes = await historian.quality([point], range);
  yield* range.aggregate === 'raw'
    ? samples({ historian, point, range, pageRows, changes })
    : buckets({ historian, point, range, pageRows, changes });
}

interface Export {
  historian: Historian;
  point: string;
  range: ExportRange;
  pageRows: number;
  changes: readonly QualityChange[];
}

async function* samples({ historian, point, range, pageRows, changes }: Export): AsyncGenerator<ExportRow[]> {
  const turns = changes.filter(({ code, timeMs }) => code === bad && timeMs >= range.fromMs);
  let fromMs = range.fromMs;
  for (;;) {
    const [series] = await historian.query({ points: [point], ...range, fromMs, limit: pageRows });
    if (series === undefined) return;
    const lastMs = series.t.at(-1);
    const more = series.truncated && lastMs !== undefined;
    const untilMs = more ? lastMs + 1 : range.toMs;
    const holes = [
      ...turns.filter(({ timeMs }) => timeMs >= fromMs && timeMs < untilMs),
      ...holesWithoutChange(series, { fromMs, untilMs, first: fromMs === range.fromMs, turns }),
    ].map(({ timeMs, reason }) => ({
      timeMs,
      value: null,
      min: null,
      max: null,
      quality: bad,
      reason: reason ?? 'bad',
    }));
    const rows = series.t.map((timeMs, i) => sampleRow(timeMs, series.v[i] ?? null, changes));
    // Stable: a change at the same instant as a sample comes after it.
    yield [...rows, ...holes].sort((a, b) => a.timeMs - b.timeMs);
    if (!more) return;
    fromMs = untilMs;
  }
}

/** Bad from before the range on, or kept no longer. */
function holesWithoutChange(
  series: HistorySeries,
  page: { fromMs: number; untilMs: number; first: boolean; turns: readonly QualityChange[] },
): { timeMs: number; reason: string }[] {
  return series.holes
    .filter(({ fromMs, reason }) => {
      if (fromMs >= page.untilMs || page.turns.some(({ timeMs }) => timeMs === fromMs)) return false;
      // At the beginning of a later page an open hole is only seen again.
      return page.first || (reason === 'expired' && fromMs > page.fromMs);
    })
    .map(({ fromMs, reason }) => ({ timeMs: fromMs, reason }));
}

/** A sample is never written for a bad value, so it is at least uncertain. */
function sampleRow(timeMs: number, value: number | null, changes: readonly QualityChange[]): ExportRow {
  const change = changes[lastAt(changes, timeMs)];
  const doubt = change?.code === uncertain;
  return {
    timeMs,
    value,
    min: null,
    max: null,
    quality: doubt ? uncertain : good,
    reason: doubt ? change.reason : null,
  };
}

async function* buckets({ historian, point, range, pageRows, changes }: Export): AsyncGenerator<ExportRow[]> {
  const { resolutionMs = 1 } = range;
  const windowMs = resolutionMs * pageRows;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (let fromMs = range.fromMs; fromMs < range.toMs; ) {
    const toMs = Math.min((Math.floor(fromMs / windowMs) + 1) * windowMs, range.toMs);
    const [series] = await historian.query({ points: [point], ...range, fromMs, toMs, limit: pageRows + 1 });
    const rows = (series?.t ?? []).map((timeMs, i) =>
      bucketRow(series as HistorySeries, { timeMs, i, resolutionMs }, changes),
    );
    // Buckets that had to be widened may reach into the next window.
    yield rows.filter(({ timeMs }) => timeMs > lastMs);
    lastMs = Math.max(lastMs, rows.at(-1)?.timeMs ?? lastMs);
    fromMs = toMs;
  }
}

function bucketRow(
  series: HistorySeries,
  { timeMs, i, resolutionMs }: { timeMs: number; i: number; resolutionMs: number },
  changes: readonly QualityChange[],
): ExportRow {
  const value = series.v[i] ?? null;
  const row = { timeMs, value, min: series.min?.[i] ?? null, max: series.max?.[i] ?? null };
  if (value === null) {
    const hole = series.holes.find(({ fromMs, toMs }) => fromMs < timeMs + resolutionMs && toMs > timeMs);
    return { ...row, quality: bad, reason: hole?.reason ?? null };
  }
  const inForce = changes.slice(Math.max(0, lastAt(changes, timeMs)), lastAt(changes, timeMs + resolutionMs - 1) + 1);
  const doubt = inForce.find(({ code }) => code === uncertain);
  return { ...row, quality: doubt === undefined ? good : uncertain, reason: doubt?.reason ?? null };
}

/** Index of the last change at or before a time; −1: there is none. */
function lastAt(changes: readonly QualityChange[], timeMs: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle]?.timeMs ?? 0) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
