import type { JournalDetails, TestMode } from '@plantroom/contracts';
import { passTestTime } from '../domain/test-modes/test-mode.ts';
import type { Plant } from './plant.ts';
import type { RuleBook } from './rule-book.ts';
import type { UnitOfWork } from './unit-of-work.ts';

type TestAction = 'test-started' | 'test-extended' | 'test-ended' | 'test-expired';

export interface TestDesk {
  book: RuleBook;
  plant: Plant;
}

/**
 * Takes a test mode as it has become into the unit of work: start, other end and end go to the journal, once an equipment; what the end leaves
 * standing becomes real.
 */
export function settleTestMode(
  work: UnitOfWork,
  { before, after }: { before: TestMode | null; after: TestMode },
  desk: TestDesk,
): void {
  if (after === before) return;
  work.testModes.set(after.id, after);
  const action = actionOf(before, after);
  if (action === null) return;
  for (const equipment of after.equipment) journal(work, { action, after, equipment }, desk);
  if (action !== 'test-ended' && action !== 'test-expired') return;
  const over = { type: 'test-over' as const, mode: after.id, atMs: after.endedMs ?? work.nowMs };
  for (const entry of new Set([...desk.book.standing(), ...work.changes.keys()])) work.apply(entry, over);
}

/** Ends what has come to its time. */
export function expireTestModes(work: UnitOfWork, due: readonly TestMode[], desk: TestDesk): void {
  for (const before of due) settleTestMode(work, { before, after: passTestTime(before, work.nowMs) }, desk);
}

/** Null: nobody approved it, or it waits for that. */
function actionOf(before: TestMode | null, { state }: TestMode): TestAction | null {
  if (state === 'running') return before?.state === 'running' ? 'test-extended' : 'test-started';
  if (state === 'ended') return 'test-ended';
  return state === 'expired' ? 'test-expired' : null;
}

function journal(
  work: UnitOfWork,
  { action, after, equipment }: { action: TestAction; after: TestMode; equipment: string },
  { plant }: TestDesk,
): void {
  const atMs = after.endedMs ?? work.nowMs;
  const change = after.extensions.at(-1);
  const details: JournalDetails = { test: after.id, untilMs: after.untilMs };
  if (after.workOrder !== null) details.workOrder = after.workOrder;
  if (after.approvedBy !== null) details.approver = after.approvedBy;
  work.journal.push({
    alarm: `${equipment}#test-mode`,
    equipment,
    name: plant.equipment.has(equipment) ? { zh: '测试模式', en: 'Test mode' } : null,
    lifeSafety: false,
    occurrence: after.id,
    action,
    stateBefore: 'NORM',
    stateAfter: 'NORM',
    priority: 'low',
    atMs,
    recordedMs: work.nowMs,
    historical: false,
    user:
      action === 'test-started' ? after.requestedBy : action === 'test-extended' ? (change?.by ?? null) : after.endedBy,
    comment:
      action === 'test-started' ? after.reason : action === 'test-extended' ? (change?.reason ?? null) : after.comment,
    details,
    value: null,
  });
}
