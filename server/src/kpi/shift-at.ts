import { type Shift, zonedDate, zonedMs } from '@plantroom/contracts';
import { minutesOf } from '../site/site-operations.ts';

export interface ShiftSpan {
  shift: Shift;
  /** Inclusive. */
  fromMs: number;
  /** Exclusive. */
  toMs: number;
}

/** Pure: the shift that a time lies in, on the clock of the zone. `shifts` make a day without gaps. */
export function shiftAt(shifts: readonly Shift[], ms: number, timeZone: string): ShiftSpan {
  const { year, month, day } = zonedDate(ms, timeZone);
  for (const start of [day, day - 1]) {
    for (const shift of shifts) {
      const overnight = minutesOf(shift.to) <= minutesOf(shift.from) ? 1 : 0;
      const fromMs = zonedMs(timeZone, { year, month, day: start }, minutesOf(shift.from));
      const toMs = zonedMs(timeZone, { year, month, day: start + overnight }, minutesOf(shift.to));
      if (fromMs <= ms && ms < toMs) return { shift, fromMs, toMs };
    }
  }
  throw new RangeError(`no shift holds ${new Date(ms).toISOString()}`);
}
