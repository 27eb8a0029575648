import { type CurrentValue, heartbeatMs } from '@plantroom/contracts';
import { usable } from '../alarms/condition.ts';

/** A gateway repeats with the next poll, and its network may hold a message back. */
const graceMs = 60_000;

/**
 * Pure: whether a point is confirmed alive: its value is usable, and has been told within its bound. `silenceMs` null: its node does not repeat what does
 * not change, and only its quality counts.
 */
export function isAlive(value: CurrentValue | undefined, silenceMs: number | null, nowMs: number): boolean {
  if (value === undefined || !usable(value.quality, value.reason)) return false;
  return silenceMs === null || nowMs - value.ingestTimeMs <= Math.max(silenceMs, heartbeatMs) + graceMs;
}
