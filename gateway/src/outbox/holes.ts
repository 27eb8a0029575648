import type { HoleReason, OutboxHole } from '@plantroom/contracts';
import { type StoredLane, storedLanes } from './outbox.ts';

/** More than this many are joined, oldest first: the record of losses is bounded too. */
export const maxHoles = 500;

/** Adds a hole; one that begins where another of its kind ended grows it instead. */
export function withHole(holes: readonly OutboxHole[], hole: OutboxHole): OutboxHole[] {
  const before = holes.findIndex((held) => isOfKind(held, hole) && held.next === hole.first && sameUplinks(held, hole));
  const joined = before === -1 ? undefined : holes[before];
  if (joined !== undefined) return holes.map((held, i) => (i === before ? union(joined, hole) : held));
  const all = [...holes, hole];
  return all.length > maxHoles ? withoutOldest(all) : all;
}

/** The oldest two of one kind become one; there are fewer kinds than holes, so there are two. */
function withoutOldest(holes: readonly OutboxHole[]): OutboxHole[] {
  for (const [at, hole] of holes.entries()) {
    const other = holes.findIndex((held, i) => i > at && isOfKind(held, hole));
    const found = holes[other];
    if (found !== undefined)
      return holes.flatMap((held, i) => (i === other ? [] : i === at ? union(hole, found) : held));
  }
  return [...holes];
}

const isOfKind = (a: OutboxHole, b: OutboxHole): boolean => a.lane === b.lane && a.reason === b.reason;
const sameUplinks = (a: OutboxHole, b: OutboxHole): boolean => a.uplinks.join() === b.uplinks.join();

function union(a: OutboxHole, b: OutboxHole): OutboxHole {
  return {
    lane: a.lane,
    reason: a.reason,
    first: Math.min(a.first, b.first),
    next: Math.max(a.next, b.next),
    fromMs: Math.min(a.fromMs, b.fromMs),
    toMs: Math.max(a.toMs, b.toMs),
    count: a.count === null || b.count === null ? null : a.count + b.count,
    uplinks: [...new Set([...a.uplinks, ...b.uplinks])].sort(),
    recordedMs: Math.max(a.recordedMs, b.recordedMs),
  };
}

/** Reasons that leave nothing behind at their positions. */
const empty: ReadonlySet<HoleReason> = new Set(['dropped', 'outdated', 'damaged']);

/** The parts of `from` to `next` (exclusive) that no hole says are gone altogether. */
export function untold(
  holes: readonly OutboxHole[],
  span: { lane: StoredLane; from: number; next: number },
): { from: number; next: number }[] {
  let open = span.from < span.next ? [{ from: span.from, next: span.next }] : [];
  for (const hole of holes) {
    if (hole.lane !== span.lane || !empty.has(hole.reason)) continue;
    open = open.flatMap(({ from, next }) =>
      [
        { from, next: Math.min(next, hole.first) },
        { from: Math.max(from, hole.next), next },
      ].filter((part) => part.from < part.next),
    );
  }
  return open;
}

export function countOf(holes: readonly OutboxHole[]): Record<StoredLane, number> {
  const counts = { safety: 0, live: 0 };
  for (const lane of storedLanes) for (const hole of holes) if (hole.lane === lane) counts[lane] += hole.count ?? 0;
  return counts;
}
