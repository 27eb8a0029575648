import type { HistoryAggregate, HistorySeries } from '@plantroom/contracts';
import type { HistorianSample, QualityChange } from './historian.ts';

interface NaiveQuestion {
  samples: readonly HistorianSample[];
  quality: readonly QualityChange[];
  nowMs: number;
  fromMs: number;
  toMs: number;
  resolutionMs: number;
  aggregate: HistoryAggregate;
}

/**
 * The definition of a query, written the slow and obvious way for the contract suite: what is in force is looked up anew for every span
 * between two instants at which anything could change.
 */
export function naiveSeries(question: NaiveQuestion): Omit<HistorySeries, 'point'> {
  const { samples, fromMs, toMs, resolutionMs, aggregate } = question;
  const sorted = samples.toSorted((a, b) => a.timeMs - b.timeMs);
  const within = sorted.filter((s) => s.timeMs >= fromMs && s.timeMs < toMs);
  const endMs = Math.min(toMs, Math.max(question.nowMs, (within.at(-1)?.timeMs ?? Number.NEGATIVE_INFINITY) + 1));
  const holes = naiveHoles(question, endMs);
  if (aggregate === 'raw') {
    return { t: within.map((s) => s.timeMs), v: within.map((s) => s.value), truncated: false, holes };
  }

  const rows: { t: number; spans: { ms: number; value: number }[] }[] = [];
  for (let t = Math.floor(fromMs / resolutionMs) * resolutionMs; t < endMs; t += resolutionMs) {
    const spans = spansOf(question, Math.max(t, fromMs), Math.min(t + resolutionMs, endMs));
    const gapBefore = rows.length === 0 || rows.at(-1)?.spans.length === 0;
    if (spans.length > 0 || !gapBefore) rows.push({ t, spans });
  }
  const pick = (how: HistoryAggregate) => rows.map(({ spans }) => (spans.length === 0 ? null : fold(spans, how)));
  const series = { t: rows.map(({ t }) => t), truncated: false, holes };
  if (aggregate !== 'minmax') return { ...series, v: pick(aggregate) };
  return { ...series, v: pick('mean'), min: pick('min'), max: pick('max') };
}

function fold(spans: readonly { ms: number; value: number }[], how: HistoryAggregate): number {
  const values = spans.map(({ value }) => value);
  if (how === 'min') return Math.min(...values);
  if (how === 'max') return Math.max(...values);
  if (how === 'last') return values.at(-1) ?? Number.NaN;
  return spans.reduce((sum, { ms, value }) => sum + ms * value, 0) / spans.reduce((sum, { ms }) => sum + ms, 0);
}

function spansOf(question: NaiveQuestion, fromMs: number, toMs: number): { ms: number; value: number }[] {
  const edges = edgesOf(question, fromMs, toMs);
  return edges.slice(0, -1).flatMap((at, i) => {
    const value = valueAt(question, at);
    const ms = (edges[i + 1] ?? at) - at;
    return value === undefined || badAt(question, at) !== undefined ? [] : [{ ms, value }];
  });
}

function edgesOf({ samples, quality }: NaiveQuestion, fromMs: number, toMs: number): number[] {
  const inside = [...samples, ...quality].map((e) => e.timeMs).filter((t) => t > fromMs && t < toMs);
  return [...new Set([fromMs, ...inside, toMs])].sort((a, b) => a - b);
}

function newestAt<T extends { timeMs: number }>(events: readonly T[], atMs: number): T | undefined {
  return events
    .filter((e) => e.timeMs <= atMs)
    .reduce<T | undefined>((a, b) => (a && a.timeMs > b.timeMs ? a : b), undefined);
}

function valueAt({ samples }: NaiveQuestion, atMs: number): number | undefined {
  return newestAt(samples, atMs)?.value;
}

/** The change to bad that is in force: not followed by another change, nor by a later sample. */
function badAt({ samples, quality }: NaiveQuestion, atMs: number): QualityChange | undefined {
  const change = newestAt(quality, atMs);
  if (change?.code !== 0) return undefined;
  const sample = newestAt(samples, atMs);
  return sample !== undefined && sample.timeMs > change.timeMs ? undefined : change;
}

function naiveHoles(question: NaiveQuestion, endMs: number): HistorySeries['holes'] {
  const holes: HistorySeries['holes'] = [];
  const edges = edgesOf(question, question.fromMs, Math.max(endMs, question.fromMs));
  let former: QualityChange | undefined;
  edges.slice(0, -1).forEach((at, i) => {
    const bad = badAt(question, at);
    const toMs = edges[i + 1] ?? at;
    const open = holes.at(-1);
    if (bad !== undefined && bad === former && open !== undefined) open.toMs = toMs;
    else if (bad !== undefined) holes.push({ fromMs: at, toMs, reason: bad.reason ?? 'bad' });
    former = bad;
  });
  return holes;
}
