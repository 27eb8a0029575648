import type { JournalRow, LocalText } from '@plantroom/contracts';

/** An alarm that was raised in a test mode. */
export interface TestedAlarm {
  alarm: string;
  equipment: string | null;
  name: LocalText | null;
  priority: JournalRow['priority'];
  lifeSafety: boolean;
  /** How often it was raised, and when first (wire time). */
  raises: number;
  firstMs: number;
  /** Stood when the test ended, and became real. */
  isReal: boolean;
}

/** Pure: what the journal of a test mode says of alarms, in the order in which they were first raised. */
export function testedAlarms(rows: readonly JournalRow[]): TestedAlarm[] {
  const found = new Map<string, TestedAlarm>();
  for (const row of [...rows].sort((a, b) => a.seq - b.seq)) {
    const held = found.get(row.alarm);
    if (row.action === 'activated' || row.action === 'reactivated') {
      const { alarm, equipment, name, priority, lifeSafety, atMs } = row;
      if (held !== undefined) held.raises++;
      else {
        const first = { alarm, equipment, name, priority, lifeSafety };
        found.set(alarm, { ...first, raises: 1, firstMs: atMs, isReal: false });
      }
    } else if (row.action === 'test-ended' && row.details?.cause !== undefined && held !== undefined)
      held.isReal = true;
  }
  return [...found.values()].sort((a, b) => a.firstMs - b.firstMs);
}
