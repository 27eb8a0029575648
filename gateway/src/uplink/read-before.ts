import type { Outbox, OutboxSlice, StoredLane } from '../outbox/outbox.ts';

/** As `Outbox.read`, of what lies before `until` only. Positions may have gaps, so a slice can reach further than it is long. */
export function readBefore(
  outbox: Pick<Outbox, 'read'>,
  lane: StoredLane,
  { from, until, most }: { from: number; until: number; most: number },
): OutboxSlice | undefined {
  for (let count = Math.min(most, until - from); count > 0; count = Math.floor(count / 2)) {
    const slice = outbox.read(lane, from, count);
    if (slice === undefined || slice.from >= until) return undefined;
    if (slice.to <= until) return slice;
    if (slice.readings.length <= 1) return { ...slice, to: until };
  }
  return undefined;
}
