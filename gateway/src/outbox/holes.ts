import type { StoredHole } from './batch-store.ts';

/** More than this many are joined, oldest first: the record of losses is bounded too. */
export const maxHoles = 500;

/** Adds a hole; one that begins where another of its lane ended grows it instead. */
export function withHole(holes: readonly StoredHole[], hole: StoredHole): StoredHole[] {
  const before = holes.findIndex((held) => held.lane === hole.lane && held.next === hole.first);
  const joined = before === -1 ? undefined : holes[before];
  if (joined !== undefined) return holes.map((held, i) => (i === before ? union(joined, hole) : held));
  const [first, second, ...rest] = holes;
  if (holes.length < maxHoles || first === undefined || second === undefined) return [...holes, hole];
  return first.lane === second.lane ? [union(first, second), ...rest, hole] : [second, ...rest, hole];
}

function union(a: StoredHole, b: StoredHole): StoredHole {
  return {
    lane: a.lane,
    first: Math.min(a.first, b.first),
    next: Math.max(a.next, b.next),
    fromMs: Math.min(a.fromMs, b.fromMs),
    toMs: Math.max(a.toMs, b.toMs),
    count: a.count + b.count,
    recordedMs: Math.max(a.recordedMs, b.recordedMs),
  };
}
