/** A unit that does not answer, as its line knows it. */
export interface SilentUnit {
  /** Its shortest poll period. */
  periodMs: number;
  /** What it may take to answer by its profile. */
  timeoutMs: number;
  /** The longest that an answer of it, or of any unit of the line, took; undefined: none has ever answered. */
  slowestMs: number | undefined;
  /** What a probe has been seen to cost the line beyond its own time-out (a gateway that waits by itself); 0: nothing. */
  heldMs: number;
}

export interface Probe {
  /** How long its one request is waited for. */
  timeoutMs: number;
  /** From this probe to the next. */
  intervalMs: number;
}

/** Of the time in which nothing else is due. */
const shareOfIdle = 0.7;
/** Of all time, taken from the other units where the line has no idle time: so much for one silent unit, twice for two or more. */
const shareOfBusy = 0.04;
const mostCounted = 2;
/** An answer that comes within twice the longest so far and some milliseconds of our own delay is still caught. */
const margin = 2;
const ownDelayMs = 10;
const leastMs = 25;
/** A longer wait finds nobody whom the line has known so far, and keeps the others and writes waiting. */
const comfortableMs = 250;
/** Kept back for a probe of full length now and then: a unit may have become slower than it ever was. */
const savedShare = 0.15;

/**
 * The share of a line's time that its silent units may cost, 0…1. The polls of the others need `load`. With it one silent unit costs the
 * others at most four percent of their rate and two or more eight: below the five and ten that are allowed.
 */
export function probeShare(load: number, silentUnits: number): number {
  return Math.max(0, 1 - load) * shareOfIdle + Math.min(silentUnits, mostCounted) * shareOfBusy;
}

/**
 * How a silent unit is probed. A probe costs its time-out, so it waits only as long as answers on this line have needed, and comes once
 * a period (a unit that has recovered is then back within two) as long as its part of the share pays for that; else less often.
 */
export function planProbe(unit: SilentUnit, ownShare: number): Probe {
  const payable = ownShare * unit.periodMs * (1 - savedShare);
  const least =
    unit.slowestMs === undefined || unit.heldMs > 0
      ? unit.timeoutMs
      : Math.min(unit.timeoutMs, Math.max(leastMs, unit.slowestMs * margin + ownDelayMs));
  const timeoutMs = Math.max(least, Math.min(payable, comfortableMs, unit.timeoutMs));
  const costMs = Math.max(timeoutMs, unit.heldMs);
  const isFull = timeoutMs >= unit.timeoutMs;
  return { timeoutMs, intervalMs: Math.max(unit.periodMs, costMs / (ownShare * (isFull ? 1 : 1 - savedShare))) };
}

/** What has been kept back after so long. A probe of full length is due when it pays for one. */
export function savedAfter(savedMs: number, { elapsedMs, ownShare }: { elapsedMs: number; ownShare: number }): number {
  return savedMs + elapsedMs * ownShare * savedShare;
}
