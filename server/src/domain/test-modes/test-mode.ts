import { isOpenTestMode, maxTestModeMs, type TestMode, type TestModeRefusal } from '@plantroom/contracts';

/** Either the test mode as it is now, which is the same object when nothing was to be done, or why not. */
export type TestModeOutcome = { mode: TestMode; refused?: undefined } | { refused: TestModeRefusal; mode?: undefined };

export interface TestModeAsked {
  id: string;
  site: string;
  equipment: readonly string[];
  reason: string;
  workOrder: string | null;
  untilMs: number;
  user: string;
}

const isWithinReach = (untilMs: number, nowMs: number): boolean => untilMs > nowMs && untilMs - nowMs <= maxTestModeMs;

/** `open`: those that are requested or running; an equipment is in one at a time. */
export function requestTest(
  asked: TestModeAsked,
  { open, nowMs }: { open: readonly TestMode[]; nowMs: number },
): TestModeOutcome {
  if (!isWithinReach(asked.untilMs, nowMs)) return { refused: 'TEST_MODE_TIME_OUT_OF_RANGE' };
  if (open.some(({ equipment }) => equipment.some((id) => asked.equipment.includes(id))))
    return { refused: 'TEST_MODE_OVERLAP' };
  const { id, site, equipment, reason, workOrder, untilMs, user } = asked;
  return {
    mode: {
      id,
      site,
      equipment: equipment.toSorted(),
      state: 'requested',
      reason,
      workOrder,
      requestedBy: user,
      requestedMs: nowMs,
      approvedBy: null,
      startedMs: null,
      untilMs,
      extensions: [],
      endedMs: null,
      endedBy: null,
      comment: null,
      revision: 1,
    },
  };
}

/** Four eyes: never by whoever asked for it. It begins with the approval. */
export function approveTest(mode: TestMode, { user, nowMs }: { user: string; nowMs: number }): TestModeOutcome {
  if (mode.state === 'running' && mode.approvedBy === user) return { mode };
  if (mode.state !== 'requested') return { refused: 'TEST_MODE_STATE' };
  if (mode.requestedBy === user) return { refused: 'TEST_MODE_SAME_PERSON' };
  if (!isWithinReach(mode.untilMs, nowMs)) return { refused: 'TEST_MODE_TIME_OUT_OF_RANGE' };
  return { mode: changed(mode, { state: 'running', approvedBy: user, startedMs: nowMs }) };
}

/** Another end, later or earlier, for one that runs. */
export function extendTest(
  mode: TestMode,
  { untilMs, reason, user, nowMs }: { untilMs: number; reason: string; user: string; nowMs: number },
): TestModeOutcome {
  if (mode.state !== 'running') return { refused: 'TEST_MODE_STATE' };
  if (mode.untilMs === untilMs) return { mode };
  if (!isWithinReach(untilMs, nowMs)) return { refused: 'TEST_MODE_TIME_OUT_OF_RANGE' };
  const extensions = [...mode.extensions, { by: user, atMs: nowMs, untilMs, reason }];
  return { mode: changed(mode, { untilMs, extensions }) };
}

/** By hand; one that is over stays as it is. */
export function endTestMode(
  mode: TestMode,
  { user, comment, nowMs }: { user: string; comment: string | null; nowMs: number },
): TestMode {
  if (!isOpenTestMode(mode)) return mode;
  const state = mode.state === 'running' ? 'ended' : 'withdrawn';
  return changed(mode, { state, endedMs: nowMs, endedBy: user, comment });
}

/** At its time, which is also the end that a server that was away finds afterwards. */
export function passTestTime(mode: TestMode, nowMs: number): TestMode {
  if (!isOpenTestMode(mode) || mode.untilMs > nowMs) return mode;
  return changed(mode, { state: mode.state === 'running' ? 'expired' : 'lapsed', endedMs: mode.untilMs });
}

const changed = (mode: TestMode, change: Partial<TestMode>): TestMode => ({
  ...mode,
  ...change,
  revision: mode.revision + 1,
});
