import type { AlarmFlood } from '@plantroom/contracts';

const beginsAbove = 10;
const endsBelow = 5;

/** Pure: floods in counts of consecutive periods. One begins with a period of more than ten and ends before the first of fewer than five. */
export function floodsIn(
  counts: ArrayLike<number>,
  { fromMs, stepMs }: { fromMs: number; stepMs: number },
): AlarmFlood[] {
  const floods: AlarmFlood[] = [];
  let open: AlarmFlood | null = null;
  for (let at = 0; at < counts.length; at++) {
    const count = counts[at] ?? 0;
    if (open === null && count > beginsAbove) {
      open = { fromMs: fromMs + at * stepMs, toMs: 0, alarms: 0, peak: 0 };
      floods.push(open);
    } else if (count < endsBelow) open = null;
    if (open === null) continue;
    open.toMs = fromMs + (at + 1) * stepMs;
    open.alarms += count;
    open.peak = Math.max(open.peak, count);
  }
  return floods;
}
