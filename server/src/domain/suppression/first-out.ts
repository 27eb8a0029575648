import type { Alarm } from '@plantroom/contracts';

/** What comes later than this behind the first alarm of an equipment is another matter. */
export const firstOutWindowMs = 600_000;

/**
 * Pure: the alarm that came first in the group of one that has just been raised. `family`: the other alarms of its equipment with its parts, and
 * those with the same cause that nobody can hear. Null: it is the first itself, or alone. Life safety is never grouped.
 */
export function firstOutOf(raised: Alarm, family: Iterable<Alarm>): string | null {
  if (raised.lifeSafety) return null;
  const [cause] = raised.suppressedBy;
  if (cause !== undefined) return cause;
  const onsetMs = raised.onsetMs ?? 0;
  let first: Alarm | null = null;
  for (const alarm of family) {
    if (alarm.id === raised.id || alarm.lifeSafety || !alarm.flags.active || alarm.flags.suppressed) continue;
    const sinceMs = alarm.onsetMs ?? 0;
    if (sinceMs > onsetMs || onsetMs - (alarm.activeMs ?? sinceMs) > firstOutWindowMs) continue;
    if (first === null || sinceMs < (first.onsetMs ?? 0) || (sinceMs === first.onsetMs && alarm.id < first.id))
      first = alarm;
  }
  if (first === null) return null;
  const leader = first.firstOut ?? first.id;
  return leader === raised.id ? null : leader;
}
