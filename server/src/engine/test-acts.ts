import type { TestMode, TestModeRefusal, TestModeRequest } from '@plantroom/contracts';
import {
  approveTest,
  endTestMode,
  extendTest,
  requestTest,
  type TestModeOutcome,
} from '../domain/test-modes/test-mode.ts';
import { appendAudit } from '../repositories/audit-repository.ts';
import { insertTestMode, nextTestModeNumber, type TestModeAct } from '../repositories/test-mode-repository.ts';
import type { CommandContext } from './committer.ts';
import type { Engine } from './engine.ts';
import { settleTestMode } from './test-desk.ts';

export type TestAct =
  | { type: 'approve' }
  | { type: 'extend'; untilMs: number; reason: string }
  | { type: 'end'; comment: string | null };

/** What people do about test modes, in the transaction of their command. Each leaves a line in the audit. */
export async function askForTest(
  engine: Engine,
  { db, work }: CommandContext,
  { asked, site, user, act }: { asked: TestModeRequest; site: string; user: string; act: TestModeAct | null },
): Promise<TestModeOutcome> {
  const number = await nextTestModeNumber(db);
  const { equipment, untilMs } = asked;
  const reason = asked.reason.trim();
  const workOrder = asked.workOrder?.trim() ?? null;
  const outcome = requestTest(
    { id: `test-${number}`, site, equipment, reason, workOrder, untilMs, user },
    { open: engine.tests.open(), nowMs: work.nowMs },
  );
  if (outcome.mode === undefined) return outcome;
  await insertTestMode(db, outcome.mode, { number, act });
  settleTestMode(work, { before: null, after: outcome.mode }, engine);
  const details = { equipment: outcome.mode.equipment, workOrder, untilMs };
  const subject = outcome.mode.id;
  await appendAudit(db, { atMs: work.nowMs, user, action: 'test-mode.request', subject, reason, details });
  return outcome;
}

/** `before`: the test mode as the engine knows it. */
export async function actOnTest(
  engine: Engine,
  { db, work }: CommandContext,
  { before, act, user }: { before: TestMode; act: TestAct; user: string },
): Promise<TestModeOutcome> {
  const outcome = outcomeOf(before, act, { user, nowMs: work.nowMs });
  if (outcome.mode === undefined || outcome.mode === before) return outcome;
  settleTestMode(work, { before, after: outcome.mode }, engine);
  const { equipment, state, untilMs } = outcome.mode;
  await appendAudit(db, {
    atMs: work.nowMs,
    user,
    action: `test-mode.${act.type}`,
    subject: before.id,
    reason: act.type === 'extend' ? act.reason : act.type === 'end' ? act.comment : null,
    details: { equipment, state, untilMs, untilBeforeMs: before.untilMs },
  });
  return outcome;
}

function outcomeOf(before: TestMode, act: TestAct, by: { user: string; nowMs: number }): TestModeOutcome {
  switch (act.type) {
    case 'approve':
      return approveTest(before, by);
    case 'extend':
      return extendTest(before, { ...by, untilMs: act.untilMs, reason: act.reason });
    case 'end':
      return { mode: endTestMode(before, { ...by, comment: act.comment }) };
  }
}

export const testRefusalTexts: Record<TestModeRefusal, { status: 400 | 403 | 409; text: string }> = {
  TEST_MODE_OVERLAP: { status: 409, text: 'some of the equipment is in an open test mode already' },
  TEST_MODE_TIME_OUT_OF_RANGE: { status: 400, text: 'the end must lie in the future and at most eight hours from now' },
  TEST_MODE_SAME_PERSON: {
    status: 403,
    text: 'whoever asked for a test mode cannot approve it; another person has to',
  },
  TEST_MODE_STATE: { status: 409, text: 'the test mode is not in a state in which this can be done' },
};
