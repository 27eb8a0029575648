import type { Extremes, SeriesReader, Wanted } from '../historian/series-reader.ts';
import type { Piece, PointTrack } from './point-track.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Minutes of samples read with one statement: what a sample a second makes of them fits in memory. */
const mostMinutes = 120_000;
/** The same where every value is kept until the points of a rule have been brought together. */
const mostMinutesKept = 10_000;
/** Points planned before others have their turn. */
const tracksInATurn = 5;

export interface TracksRun {
  reader: SeriesReader;
  tracks: readonly PointTrack[];
  range: { fromMs: number; toMs: number };
  /** Up to when anything is known: the end of the range, or the present. */
  endMs: number;
  /** Everything up to this time has been told of all points. */
  reached: (toMs: number) => Promise<void>;
  /** Called often; throws to end the run. */
  pause: (toMs: number) => Promise<void>;
}

/**
 * Takes some points through a range: hours first, then the parts of the hours in which something may change, then the samples of such parts.
 * Answers the minutes of which samples were read.
 */
export async function runTracks({ reader, tracks, range, endMs, reached, pause }: TracksRun): Promise<number> {
  const hours = await reader.hours(
    tracks.map(({ point }) => point),
    range,
  );
  await pause(range.fromMs);
  const byPoint = new Map(tracks.map((track) => [track.point, track]));
  const isKept = tracks.some(({ readsAll }) => readsAll);
  let sampled = 0;
  let fromMs = floor(range.fromMs);
  while (fromMs < range.toMs) {
    const planned: { track: PointTrack; pieces: readonly Piece[] }[] = [];
    for (const [at, track] of tracks.entries()) {
      if (at % tracksInATurn === 0) await pause(fromMs);
      planned.push({ track, pieces: track.plan(between(hours.get(track.point), fromMs, range.toMs)) });
    }
    const toMs = stretchEnd(planned, { fromMs, toMs: range.toMs }, isKept ? mostMinutesKept : mostMinutes);
    const stretch = planned.map(({ track, pieces }) => ({
      track,
      pieces: pieces.filter(({ startMs }) => startMs < toMs),
    }));
    const parts = await reader.parts(stretch.flatMap(({ track, pieces }) => wantedOf(track, pieces)));
    await pause(fromMs);
    const wanted: Wanted[] = [];
    for (const [at, { track, pieces }] of stretch.entries()) {
      if (at % tracksInATurn === 0) await pause(fromMs);
      const finer = track.plan(inParts(pieces, parts.get(track.point) ?? []));
      for (const each of wantedOf(track, finer)) {
        wanted.push(each);
        sampled += (each.endMs - each.startMs) / minuteMs;
      }
      track.begin(finer);
    }
    if (wanted.length > 0) {
      await reader.samples(wanted, (point, times, values) => byPoint.get(point)?.samples(times, values));
    }
    for (const track of tracks) track.finish(Math.min(toMs, range.toMs));
    await reached(Math.min(toMs, endMs));
    await pause(toMs);
    fromMs = toMs;
  }
  for (const track of tracks) track.end(endMs);
  return sampled;
}

const floor = (atMs: number): number => Math.floor(atMs / hourMs) * hourMs;

function between(hours: readonly Extremes[] | undefined, fromMs: number, toMs: number): readonly Extremes[] {
  return (hours ?? []).filter(({ startMs }) => startMs >= fromMs && startMs < toMs);
}

/** As many whole hours as may be read at once, one at least. */
function stretchEnd(
  planned: readonly { pieces: readonly Piece[] }[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
  most: number,
): number {
  const needed = new Map<number, number>();
  for (const { pieces } of planned) {
    for (const { startMs, needsSamples } of pieces) {
      if (needsSamples) needed.set(startMs, (needed.get(startMs) ?? 0) + 60);
    }
  }
  let sum = 0;
  for (const [startMs, minutes] of [...needed].sort(([a], [b]) => a - b)) {
    sum += minutes;
    if (sum > most && startMs > fromMs) return startMs;
  }
  return Math.max(toMs, fromMs + hourMs);
}

function wantedOf({ point }: PointTrack, pieces: readonly Piece[]): Wanted[] {
  return pieces.flatMap(({ startMs, endMs, needsSamples }) => (needsSamples ? { point, startMs, endMs } : []));
}

/** In the place of the hours that need a closer look their parts, where there are any. */
function inParts(pieces: readonly Piece[], parts: readonly Extremes[]): Extremes[] {
  const ofHour = Map.groupBy(parts, ({ startMs }) => floor(startMs));
  return pieces.flatMap((piece): Extremes[] => (piece.needsSamples ? ofHour.get(piece.startMs) : undefined) ?? [piece]);
}
