import type { ToldAlarm } from './line/duty-receiver.ts';

/** An alarm that somebody was told of; times since the start of the scenario, ms. */
export interface SeenTold {
  /** Without the site. */
  alarm: string;
  /** Of the announcement: one that comes with the same is a repetition. */
  occurrence: string | null;
  /** By wire time. */
  atMs: number;
  /** By server time. */
  toldMs: number;
  /** It goes alone and at once. */
  urgent: boolean;
  /** It came with the summary of a flood of alarms. */
  inFlood: boolean;
  lifeSafety: boolean;
}

/** Pure. In the order in which they were told. */
export function whatWasTold(
  told: readonly ToldAlarm[],
  { zeroMs, site }: { zeroMs: number; site: string },
): SeenTold[] {
  return told
    .map(({ alarm, occurrence, atMs, toldMs, lifeSafety, critical, inFlood }) => ({
      alarm: alarm.slice(site.length + 1),
      occurrence,
      atMs: atMs - zeroMs,
      toldMs: toldMs - zeroMs,
      urgent: lifeSafety || critical,
      inFlood,
      lifeSafety,
    }))
    .sort((a, b) => a.toldMs - b.toldMs || a.atMs - b.atMs);
}
