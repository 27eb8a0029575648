import type { NotificationPerson } from '@plantroom/contracts';
import { addDays, instantOf, localTime, minutesOf } from './zoned-time.ts';

/** When the quiet hours that hold now end; null: there are none now. From and to alike: none at all. */
export function quietUntil(quiet: NotificationPerson['quiet'], atMs: number): number | null {
  if (quiet === null) return null;
  const from = minutesOf(quiet.from);
  const to = minutesOf(quiet.to);
  const today = localTime(atMs, quiet.timeZone);
  for (const begins of [addDays(today, -1), today]) {
    const fromMs = instantOf(begins, from, quiet.timeZone);
    const toMs = instantOf(to < from ? addDays(begins, 1) : begins, to, quiet.timeZone);
    if (fromMs <= atMs && atMs < toMs) return toMs;
  }
  return null;
}
