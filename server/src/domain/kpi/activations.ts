import type { AlarmTrack } from './alarm-track.ts';

const chatterMs = 60_000;
const chatterCount = 3;
const fleetingMs = 5_000;
const staleMs = 86_400_000;

export interface TrackFigures {
  track: AlarmTrack;
  count: number;
  chattering: number;
  fleeting: number;
  /** Of annunciated activations; what is still active counts up to the end. */
  durationsMs: number[];
}

/** Pure: what the annunciated activations of one alarm say. */
export function figuresOf(track: AlarmTrack, toMs: number): TrackFigures {
  const told = track.activations.filter((activation) => activation.annunciated);
  const fleeting = told.filter(
    ({ startMs, endMs, returned }) => returned && endMs !== null && endMs - startMs < fleetingMs,
  );
  return {
    track,
    count: told.length,
    chattering: chatteringAmong(told.map(({ startMs }) => startMs)),
    fleeting: fleeting.length,
    durationsMs: told.map(({ startMs, endMs }) => Math.max(0, (endMs ?? toMs) - startMs)),
  };
}

/** How many of these times are one of three or more that lie within 60 s. */
function chatteringAmong(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const among = new Set<number>();
  for (let at = 0; at + chatterCount <= sorted.length; at++) {
    const last = at + chatterCount - 1;
    if ((sorted[last] ?? 0) - (sorted[at] ?? 0) > chatterMs) continue;
    for (let each = at; each <= last; each++) among.add(each);
  }
  return among.size;
}

export interface StaleSpan {
  track: AlarmTrack;
  startMs: number;
  /** Null: still active at the end. */
  endMs: number | null;
}

/** Pure: activations of more than 24 h, told or not, that were stale at some time in the period. */
export function staleSpans(track: AlarmTrack, { fromMs, toMs }: { fromMs: number; toMs: number }): StaleSpan[] {
  return track.activations.flatMap(({ startMs, endMs }) => {
    const end = endMs === null || endMs > toMs ? null : endMs;
    return overlaps(startMs, end ?? toMs, [fromMs, toMs]) ? [{ track, startMs, endMs: end }] : [];
  });
}

/** Pure: the most alarms that were stale on one day. `days`: midnights from the first day's to the last one's end. */
export function mostStaleADay(spans: readonly StaleSpan[], days: readonly number[], toMs: number): number {
  let most = 0;
  for (let at = 0; at + 1 < days.length; at++) {
    const day = [days[at] ?? 0, Math.min(days[at + 1] ?? 0, toMs)] as const;
    most = Math.max(most, spans.filter(({ startMs, endMs }) => overlaps(startMs, endMs ?? toMs, day)).length);
  }
  return most;
}

/** Whether the part of an activation that lies beyond its 24th hour touches the span. */
function overlaps(startMs: number, endMs: number, [fromMs, toMs]: readonly [number, number]): boolean {
  return Math.max(startMs + staleMs, fromMs) < Math.min(endMs, toMs);
}
