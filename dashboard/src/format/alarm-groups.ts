import type { Alarm } from '@plantroom/contracts';
import { compareAlarms } from './alarm-look.ts';

/** One line of the list: an alarm with what follows from it. */
export interface AlarmGroup {
  alarm: Alarm;
  /** Announced alarms that came behind it in its group, worst first. */
  after: Alarm[];
  /** What it suppresses by design and what of that is true, worst first. */
  suppressed: Alarm[];
}

/** Alarms that an alarm suppresses, the worst first. */
export function suppressedBy(id: string, alarms: readonly Alarm[]): Alarm[] {
  return alarms.filter((alarm) => alarm.suppressedBy.includes(id)).sort(compareAlarms);
}

/** Announced alarms whose first-out this one is, the worst first. */
export function afterFirst(id: string, alarms: readonly Alarm[]): Alarm[] {
  return alarms.filter((alarm) => alarm.firstOut === id && alarm.suppressedBy.length === 0).sort(compareAlarms);
}

/**
 * Pure: alarms under what came first. `shown`: what the list is to show; a follower goes under its first-out if that is shown too, life safety
 * never does. `all`: whatever stands, for what is suppressed. A group stands where its worst alarm would.
 */
export function groupAlarms(shown: readonly Alarm[], all: readonly Alarm[]): AlarmGroup[] {
  const here = new Set(shown.map(({ id }) => id));
  const isUnder = ({ id, firstOut, lifeSafety }: Alarm): boolean =>
    firstOut !== null && firstOut !== id && !lifeSafety && here.has(firstOut);
  const groups = shown
    .filter((alarm) => !isUnder(alarm))
    .map((alarm) => ({
      alarm,
      after: shown.filter((other) => isUnder(other) && other.firstOut === alarm.id).sort(compareAlarms),
      suppressed: suppressedBy(alarm.id, all).filter((other) => !here.has(other.id)),
    }));
  const placed = new Set(groups.flatMap(({ alarm, after }) => [alarm.id, ...after.map(({ id }) => id)]));
  // Its first-out is under another one itself: it must not get lost.
  for (const alarm of shown) if (!placed.has(alarm.id)) groups.push({ alarm, after: [], suppressed: [] });
  const worst = ({ alarm, after }: AlarmGroup): Alarm => [alarm, ...after].sort(compareAlarms)[0] ?? alarm;
  return groups.sort((a, b) => compareAlarms(worst(a), worst(b)));
}
