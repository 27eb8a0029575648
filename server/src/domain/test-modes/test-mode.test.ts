import type { TestMode } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { TestBook } from './test-book.ts';
import { approveTest, endTestMode, extendTest, passTestTime, requestTest } from './test-mode.ts';

const hourMs = 3_600_000;
const asked = {
  id: 'test-1',
  site: 'hq',
  equipment: ['hq/zone-2', 'hq/zone-1'],
  reason: 'yearly test',
  workOrder: null,
  untilMs: 2 * hourMs,
  user: 'li',
};
const requested = (): TestMode => requestTest(asked, { open: [], nowMs: 0 }).mode!;
const running = (): TestMode => approveTest(requested(), { user: 'wang', nowMs: hourMs }).mode!;

test('one asks, another approves, and only then it runs', () => {
  const mode = requested();
  expect(mode).toMatchObject({
    state: 'requested',
    requestedBy: 'li',
    startedMs: null,
    equipment: ['hq/zone-1', 'hq/zone-2'],
  });
  expect(approveTest(mode, { user: 'li', nowMs: hourMs })).toEqual({ refused: 'TEST_MODE_SAME_PERSON' });
  expect(running()).toMatchObject({ state: 'running', approvedBy: 'wang', startedMs: hourMs, revision: 2 });
});

test('approving again changes nothing for whoever approved, and is refused to others', () => {
  const mode = running();
  expect(approveTest(mode, { user: 'wang', nowMs: hourMs }).mode).toBe(mode);
  expect(approveTest(mode, { user: 'zhao', nowMs: hourMs })).toEqual({ refused: 'TEST_MODE_STATE' });
});

test.each([
  ['in the past', 0],
  ['more than eight hours away', 8 * hourMs + 1],
])('an end %s is refused', (_, untilMs) => {
  const refused = { refused: 'TEST_MODE_TIME_OUT_OF_RANGE' };
  expect(requestTest({ ...asked, untilMs }, { open: [], nowMs: 0 })).toEqual(refused);
  const extension = { untilMs: untilMs + hourMs, reason: 'late', user: 'wang', nowMs: hourMs };
  expect(extendTest(running(), extension)).toEqual(refused);
});

test('a request whose end has come cannot be approved any more', () => {
  expect(approveTest(requested(), { user: 'wang', nowMs: 2 * hourMs })).toEqual({
    refused: 'TEST_MODE_TIME_OUT_OF_RANGE',
  });
});

test('an equipment is in one open test mode at a time', () => {
  const again = { ...asked, id: 'test-2', equipment: ['hq/zone-1'] };
  expect(requestTest(again, { open: [requested()], nowMs: 0 })).toEqual({ refused: 'TEST_MODE_OVERLAP' });
  expect(requestTest({ ...again, equipment: ['hq/zone-3'] }, { open: [requested()], nowMs: 0 }).mode?.id).toBe(
    'test-2',
  );
});

test('an extension is kept with who and why, and the same end again is none', () => {
  const extended = extendTest(running(), { untilMs: 5 * hourMs, reason: 'more zones', user: 'wang', nowMs: hourMs })
    .mode!;
  expect(extended.extensions).toEqual([{ by: 'wang', atMs: hourMs, untilMs: 5 * hourMs, reason: 'more zones' }]);
  expect(extendTest(extended, { untilMs: 5 * hourMs, reason: 'x', user: 'li', nowMs: hourMs }).mode).toBe(extended);
  expect(extendTest(requested(), { untilMs: 3 * hourMs, reason: 'x', user: 'li', nowMs: 0 })).toEqual({
    refused: 'TEST_MODE_STATE',
  });
});

test('by hand it is ended or withdrawn, by time expired or lapsed, and once', () => {
  const by = { user: 'li', comment: null, nowMs: hourMs };
  expect(endTestMode(running(), by).state).toBe('ended');
  expect(endTestMode(requested(), by).state).toBe('withdrawn');
  expect(passTestTime(running(), 3 * hourMs)).toMatchObject({ state: 'expired', endedMs: 2 * hourMs, endedBy: null });
  expect(passTestTime(requested(), 2 * hourMs).state).toBe('lapsed');
  const early = running();
  expect(passTestTime(early, 2 * hourMs - 1)).toBe(early);
  const over = endTestMode(running(), by);
  expect([endTestMode(over, by), passTestTime(over, 9 * hourMs)]).toEqual([over, over]);
});

test('what began within a test belongs to it: live only while it runs, in late data also afterwards', () => {
  const book = new TestBook();
  const raised = (onsetMs: number) => ({ type: 'raised' as const, onsetMs, atMs: onsetMs, value: true });
  const late = (onsetMs: number) => ({ type: 'historical' as const, edges: [raised(onsetMs)], sound: true });
  const seen = (equipment: string, event: Parameters<TestBook['testOf']>[1]) => book.testOf([equipment], event);
  book.take([requested()]);
  expect(seen('hq/zone-1', raised(hourMs))).toBeNull();
  book.take([running()]);
  expect(seen('hq/zone-1', raised(hourMs))).toBe('test-1');
  expect(seen('hq/zone-1', raised(hourMs - 1))).toBeNull();
  expect(seen('hq/zone-3', raised(hourMs))).toBeNull();
  book.take([passTestTime(running(), 2 * hourMs)]);
  expect(seen('hq/zone-1', raised(hourMs + 1))).toBeNull();
  expect(
    [late(hourMs - 1), late(hourMs), late(2 * hourMs - 1), late(2 * hourMs)].map((e) => seen('hq/zone-1', e)),
  ).toEqual([null, 'test-1', 'test-1', null]);
});
