import { heartbeatMs, type Reading } from '@plantroom/contracts';
import type { Stage } from './stage.ts';

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
