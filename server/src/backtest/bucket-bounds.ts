import type { AlarmCondition, PointValue } from '@plantroom/contracts';
import { conditionHolds } from '../domain/alarms/condition.ts';

/** How the stored number of a point is read: history keeps states as 0 and 1. */
export type ValueKind = 'number' | 'boolean';

export const storedValue = (stored: number, kind: ValueKind): PointValue =>
  kind === 'boolean' ? stored !== 0 : stored;

/**
 * Whether no value between the extremes can change what the condition said last, so that a bucket of such values needs no reading. False also where
 * that cannot be told.
 */
export function staysThrough(
  condition: AlarmCondition,
  { low, high, kind }: { low: number; high: number; kind: ValueKind },
  held: boolean,
): boolean {
  const same = (stored: number): boolean => conditionHolds(condition, storedValue(stored, kind), held) === held;
  if (low === high) return same(low);
  switch (condition.type) {
    case 'limit':
      // Beyond the limit on one side only: what is true of both ends is true of all between.
      return kind === 'number' && same(low) && same(high);
    case 'non-zero':
      return kind === 'number' && held && (low > 0 || high < 0);
    case 'off-normal':
      return !held && !condition.values.some((value) => Number(value) >= low && Number(value) <= high);
    default:
      return false;
  }
}

/** What such a bucket does to a condition that said `held` before it: nothing, turn it for good, or nobody knows without its values. */
export function outcomeOf(
  condition: AlarmCondition,
  bucket: { low: number; high: number; kind: ValueKind },
  held: boolean,
): 'stays' | 'turns' | 'either' {
  if (staysThrough(condition, bucket, held)) return 'stays';
  const { low, high, kind } = bucket;
  if (low !== high && condition.type !== 'limit') return 'either';
  const turns = (stored: number): boolean => conditionHolds(condition, storedValue(stored, kind), held) === !held;
  return turns(low) && turns(high) && staysThrough(condition, bucket, !held) ? 'turns' : 'either';
}
