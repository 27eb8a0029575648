import type { LocalText } from '@plantroom/contracts';

/** The flood of alarms in which a notice waits, as its summary tells it. */
export interface NoticeFlood {
  id: string;
  /** Of the operating position. */
  position: LocalText;
  /** Server time. */
  beganMs: number;
  /** Null: it goes on. */
  endedMs: number | null;
}

const summaryEveryMs = 300_000;

/** Pure: when the next summary of a flood goes out: each five minutes from its begin, or as often as the channel gathers if that is longer. */
export function summaryDueMs({ beganMs }: NoticeFlood, nowMs: number, gatherMs: number): number {
  const everyMs = Math.max(summaryEveryMs, gatherMs);
  return beganMs + (Math.max(0, Math.floor((nowMs - beganMs) / everyMs)) + 1) * everyMs;
}
