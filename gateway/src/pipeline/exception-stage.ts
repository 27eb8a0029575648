import type { Reading } from '@plantroom/contracts';
import type { Stage } from './stage.ts';

/**
 * An unchanged value is sent again after this long: charts would otherwise show an old point as a gap, roll-ups would have empty
 * hours, and the watchdog of the safety lane could not tell calm from a broken line. Five minutes costs 12 readings an hour and point.
 */
export const heartbeatMs = 300_000;

/** What was sent last. */
export type Sent = Pick<Reading, 'value' | 'quality' | 'reason' | 'wireTimeMs'> | null;

/** Report by exception: passes a change of quality, a change of at least the deadband, and the heartbeat. */
export const exceptionStage: Stage<Sent> = {
  name: 'exception',
  initial: () => null,
  apply(sent, reading, binding) {
    return isNews(sent, reading, binding.deadband) ? { state: reading, reading } : { state: sent, reading: undefined };
  },
};

export function isNews(sent: Sent, reading: Reading, deadband: number): boolean {
  if (sent === null || sent.quality !== reading.quality || sent.reason !== reading.reason) return true;
  // Either way: after a step back of the clock the difference is negative, and life must show all the same.
  if (Math.abs(reading.wireTimeMs - sent.wireTimeMs) >= heartbeatMs) return true;
  if (sent.value === reading.value) return false;
  if (typeof sent.value === 'number' && typeof reading.value === 'number')
    return Math.abs(reading.value - sent.value) >= deadband;
  return true;
}
