import type { BacktestDifference } from '@plantroom/contracts';
import type { Occurrence } from './occurrence-recorder.ts';

/**
 * Pairs occurrences that overlap; both lists are in order of time. Of several that overlap one, the first is its pair: where two become one, the second
 * is gone.
 */
export function compareOccurrences(
  before: readonly Occurrence[],
  after: readonly Occurrence[],
  mostItems: number,
): Omit<BacktestDifference, 'truncated'> {
  const counts = { same: 0, moved: 0, gone: 0, new: 0 };
  const items: BacktestDifference['items'] = [];
  const note = (kind: 'moved' | 'gone' | 'new', a: Occurrence | null, b: Occurrence | null): void => {
    counts[kind]++;
    if (items.length < mostItems) items.push({ kind, before: a, after: b });
  };
  let i = 0;
  let j = 0;
  for (;;) {
    const [a, b] = [before[i], after[j]];
    if (a === undefined && b === undefined) return { ...counts, items };
    if (b === undefined || (a !== undefined && isBefore(a, b))) {
      note('gone', a ?? null, null);
      i++;
    } else if (a === undefined || isBefore(b, a)) {
      note('new', null, b);
      j++;
    } else {
      if (a.raisedMs === b.raisedMs && a.returnedMs === b.returnedMs) counts.same++;
      else note('moved', a, b);
      i++;
      j++;
    }
  }
}

/** Over before the other's condition began. */
const isBefore = (a: Occurrence, b: Occurrence): boolean => a.returnedMs !== null && a.returnedMs < b.onsetMs;
