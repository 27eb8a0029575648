import type { Alarm, AlarmDefinition } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { testDefinition } from '../test-helpers/definition.ts';
import type { AlarmEvent } from './alarm-events.ts';
import { displayState } from './display-state.ts';
import { nextDue } from './due.ts';
import { initialAlarm, transition } from './machine.ts';

const nowMs = 1_000_000;
const raised: AlarmEvent = { type: 'raised', onsetMs: 5_000, atMs: 20_000, value: 250 };
const returned: AlarmEvent = { type: 'returned', atMs: 50_000, value: 320 };
const ack: AlarmEvent = { type: 'acknowledge', user: 'li', comment: 'seen' };
const lost: AlarmEvent = { type: 'quality', uncertain: true, atMs: 30_000 };
const found: AlarmEvent = { type: 'quality', uncertain: false, atMs: 31_000 };
const configured: AlarmEvent = { type: 'configured', withdrawn: false, user: 'chen', comment: null };
const hourMs = 3_600_000;
const shelve = (over: object = {}): AlarmEvent => ({
  type: 'shelve',
  mode: 'timed',
  untilMs: nowMs + hourMs,
  maxMs: 8 * hourMs,
  user: 'li',
  reason: 'flaps',
  ...over,
});
const unshelve: AlarmEvent = { type: 'unshelve', user: 'wang', comment: 'mended' };
const suppress = (cause: string): AlarmEvent => ({ type: 'suppress', cause, atMs: nowMs, user: null, comment: null });
const unsuppress = (cause: string): AlarmEvent => ({
  type: 'unsuppress',
  cause,
  atMs: nowMs,
  user: null,
  comment: null,
});
const outOfService: AlarmEvent = {
  type: 'out-of-service',
  user: 'li',
  approver: 'chen',
  workOrder: 'WO-7',
  reviewMs: nowMs + hourMs,
  reason: 'seal is changed',
};
const backInService: AlarmEvent = { type: 'return-to-service', user: 'li', comment: null };
const worse: AlarmEvent = { type: 'severity', priority: 'critical', atMs: 40_000, value: 100 };

const run = (latching: boolean, all: readonly AlarmEvent[], from?: Alarm): Alarm => {
  const definition = testDefinition({ latching });
  return all.reduce(
    (alarm, event) => transition(definition, alarm, { event, nowMs }).alarm,
    from ?? initialAlarm(definition),
  );
};

test('a first raise begins an occurrence, is announced and asks for an order', () => {
  const { alarm, effects } = transition(testDefinition(), initialAlarm(testDefinition()), { event: raised, nowMs });
  expect(alarm).toMatchObject({ count: 1, onsetMs: 5_000, activeMs: 20_000, onsetValue: 250, ackedBy: null });
  expect(effects.map((effect) => effect.type)).toEqual(['journal', 'announce', 'request-order']);
});

test('a raise before the acknowledgement continues the occurrence; one after NORM begins another', () => {
  const first = run(false, [raised]);
  const again = run(false, [returned, { ...raised, onsetMs: 60_000 }], first);
  expect(again).toMatchObject({ occurrence: first.occurrence, count: 2, onsetMs: 5_000 });
  const fresh = run(false, [ack, returned, { ...raised, onsetMs: 90_000 }], again);
  expect(fresh).toMatchObject({ count: 1, onsetMs: 90_000 });
  expect(fresh.occurrence).not.toBe(first.occurrence);
});

test('an acknowledged, latched alarm that comes back must be acknowledged again', () => {
  expect(run(true, [raised, returned, ack, raised])).toMatchObject({ state: 'UNACK', count: 2, ackedBy: null });
});

test('every display state follows from the flags by precedence', () => {
  const none = {
    active: true,
    acked: false,
    latched: true,
    shelved: true,
    suppressed: true,
    outOfService: true,
    uncertain: false,
  };
  expect(displayState(none)).toBe('OOSRV');
  expect(displayState({ ...none, outOfService: false })).toBe('DSUPR');
  expect(displayState({ ...none, outOfService: false, suppressed: false })).toBe('SHLVD');
});

/** Every step from the start, by the server's time. */
function play(definition: AlarmDefinition, steps: readonly (AlarmEvent | { event: AlarmEvent; nowMs: number })[]) {
  let alarm = initialAlarm(definition);
  let last = { alarm, effects: [] as readonly { type: string }[] };
  const actions: string[] = [];
  for (const step of steps) {
    last = transition(definition, alarm, 'event' in step ? step : { event: step, nowMs });
    alarm = last.alarm;
    for (const effect of last.effects) if ('entry' in effect) actions.push((effect.entry as { action: string }).action);
  }
  return { alarm, actions, follow: last.effects.map(({ type }) => type).filter((type) => type !== 'journal') };
}

test('a source that is heard again takes the mark away, and changed words alone do not touch a normal alarm', () => {
  expect(play(testDefinition(), [raised, lost, found]).actions).toEqual(['activated', 'uncertain', 'certain']);
  const changed = testDefinition({ priority: 'low' });
  expect(transition(changed, run(false, []), { event: configured, nowMs }).effects).toEqual([]);
  expect(transition(changed, run(false, [raised]), { event: configured, nowMs }).alarm.priority).toBe('low');
});

test('unshelving by hand counts as acknowledged by who does it; expiry asks again', () => {
  const byHand = play(testDefinition(), [raised, shelve(), unshelve]);
  expect(byHand.alarm).toMatchObject({ state: 'ACKED', ackedBy: 'wang', ackComment: 'mended', shelving: null });
  expect(byHand.follow).toEqual([]);
  const byTime = play(testDefinition(), [
    raised,
    ack,
    shelve(),
    { event: { type: 'shelving-due' }, nowMs: nowMs + hourMs },
  ]);
  expect(byTime.alarm).toMatchObject({ state: 'UNACK', ackedBy: null, shelving: null });
  expect(byTime.follow).toEqual(['announce', 'request-order']);
});

test('shelving ends when it was said to: asking before changes nothing, and shelving again moves the end', () => {
  const early = { event: { type: 'shelving-due' } as const, nowMs: nowMs + hourMs - 1 };
  expect(play(testDefinition(), [raised, shelve(), early]).alarm.state).toBe('SHLVD');
  const longer = play(testDefinition(), [raised, shelve(), shelve({ untilMs: nowMs + 2 * hourMs })]);
  expect(longer.alarm.shelving?.untilMs).toBe(nowMs + 2 * hourMs);
  expect(longer.actions).toEqual(['activated', 'shelved', 'shelved']);
  expect(play(testDefinition(), [raised, shelve(), shelve()]).actions).toEqual(['activated', 'shelved']);
});

test.each([
  ['at once', nowMs],
  ['in the past', nowMs - 1],
  ['beyond the longest time', nowMs + 8 * hourMs + 1],
])('a shelving that would end %s is refused', (_, untilMs) => {
  const result = transition(testDefinition(), run(false, [raised]), { event: shelve({ untilMs }), nowMs });
  expect(result).toMatchObject({ refused: 'SHELVING_TIME_OUT_OF_RANGE', effects: [] });
});

test('a one-shot shelving ends with the return, and at its end at the latest', () => {
  const once = shelve({ mode: 'one-shot' });
  const gone = play(testDefinition(), [raised, once, returned]);
  expect(gone.alarm).toMatchObject({ state: 'NORM', shelving: null });
  expect(gone.actions).toEqual(['activated', 'shelved', 'returned', 'shelving-expired']);
  expect(gone.follow).toEqual(['condition-cleared']);
  const due = { event: { type: 'shelving-due' } as const, nowMs: nowMs + hourMs };
  expect(play(testDefinition(), [raised, once, due]).alarm.state).toBe('UNACK');
});

test('a latch survives every hiding', () => {
  const latching = testDefinition({ latching: true });
  const due = { event: { type: 'shelving-due' } as const, nowMs: nowMs + hourMs };
  expect(play(latching, [raised, shelve(), returned, due]).alarm.state).toBe('LATCHED-UNACK');
  expect(play(latching, [raised, suppress('a'), returned, unsuppress('a')]).alarm.state).toBe('LATCHED-UNACK');
  expect(play(latching, [raised, outOfService, returned, backInService]).alarm.state).toBe('LATCHED-UNACK');
});

test('an alarm is suppressed as long as anything suppresses it', () => {
  const two = play(testDefinition(), [raised, suppress('b'), suppress('a'), unsuppress('b')]);
  expect(two.alarm).toMatchObject({ state: 'DSUPR', suppressedBy: ['a'] });
  expect(two.actions).toEqual(['activated', 'suppressed', 'suppressed', 'unsuppressed']);
  expect(play(testDefinition(), [raised, suppress('b'), unsuppress('c')]).alarm.suppressedBy).toEqual(['b']);
});

test('a raise while hidden calls nobody; a shelved one asks for its order all the same', () => {
  expect(play(testDefinition(), [shelve(), raised]).follow).toEqual(['request-order']);
  expect(play(testDefinition(), [suppress('a'), raised]).follow).toEqual([]);
  expect(play(testDefinition(), [outOfService, raised]).follow).toEqual([]);
});

test('what was raised while suppressed or out of service is announced and asks for its order when that ends', () => {
  expect(play(testDefinition(), [suppress('a'), raised, unsuppress('a')]).follow).toEqual([
    'announce',
    'request-order',
  ]);
  expect(play(testDefinition(), [outOfService, raised, backInService]).follow).toEqual(['announce', 'request-order']);
  expect(play(testDefinition(), [suppress('a'), raised, returned, unsuppress('a')])).toMatchObject({
    alarm: { state: 'NORM', count: 1 },
    follow: [],
  });
});

test('one hiding that ends under another announces nothing yet', () => {
  const hidden = play(testDefinition(), [raised, suppress('a'), outOfService, unsuppress('a')]);
  expect(hidden).toMatchObject({ alarm: { state: 'OOSRV', flags: { acked: false } }, follow: [] });
});

test('a raise after a return while shelved and acknowledged is another occurrence', () => {
  const first = run(false, [raised, ack, shelve()]);
  const second = run(false, [returned, { ...raised, onsetMs: 90_000 }], first);
  expect(second).toMatchObject({ state: 'SHLVD', count: 1, onsetMs: 90_000 });
  expect(second.occurrence).not.toBe(first.occurrence);
});

test('the review date says once that somebody has to look, and leaves the alarm out of service', () => {
  const due = { event: { type: 'review-due' } as const, nowMs: nowMs + hourMs };
  const { alarm, actions } = play(testDefinition(), [outOfService, due, due]);
  expect(alarm).toMatchObject({ state: 'OOSRV', serviceRemoval: { reviewDue: true } });
  expect(actions).toEqual(['out-of-service', 'review-due']);
  const past = { ...outOfService, reviewMs: nowMs } as AlarmEvent;
  expect(transition(testDefinition(), run(false, []), { event: past, nowMs }).refused).toBe('REVIEW_DATE_OUT_OF_RANGE');
});

test('an acknowledged alarm that stands asks again, as often as its definition says', () => {
  const definition = testDefinition({ reAlarmMs: hourMs, reAlarmLimit: 1 });
  const at = (ms: number, event: AlarmEvent) => ({ event, nowMs: nowMs + ms });
  const due: AlarmEvent = { type: 're-alarm-due' };
  expect(play(definition, [raised, ack, at(hourMs - 1, due)]).alarm.state).toBe('ACKED');
  const asked = play(definition, [raised, ack, at(hourMs, due)]);
  expect(asked).toMatchObject({ alarm: { state: 'UNACK', reAlarms: 1, ackedBy: null }, follow: ['announce'] });
  const quiet = play(definition, [raised, ack, at(hourMs, due), at(hourMs, ack), at(9 * hourMs, due)]);
  expect(quiet.alarm).toMatchObject({ state: 'ACKED', reAlarms: 1 });
  expect(nextDue(definition, quiet.alarm)).toBeNull();
  const next = play(definition, [raised, ack, at(hourMs, due), ack, returned, raised]);
  expect(next.alarm).toMatchObject({ count: 1, reAlarms: 0 });
});

test('a priority that rises is held until the occurrence is over, whatever the definition says meanwhile', () => {
  const risen = play(testDefinition(), [raised, ack, worse]);
  expect(risen).toMatchObject({
    alarm: { state: 'UNACK', priority: 'critical', heldPriority: 'critical' },
    follow: ['announce', 'request-order'],
  });
  const lower: AlarmEvent = { ...worse, priority: 'medium' } as AlarmEvent;
  expect(play(testDefinition(), [raised, worse, lower]).alarm.priority).toBe('critical');
  const edited = transition(testDefinition({ priority: 'medium' }), risen.alarm, { event: configured, nowMs });
  expect(edited.alarm.priority).toBe('critical');
  expect(play(testDefinition(), [raised, worse, returned, raised]).alarm.priority).toBe('critical');
  expect(play(testDefinition(), [raised, worse, ack, returned, raised]).alarm).toMatchObject({
    priority: 'high',
    heldPriority: null,
  });
});

test('an alarm whose class becomes life safety comes out of hiding, also when that happened while nothing ran', () => {
  const hidden = run(false, [raised, shelve(), suppress('a'), outOfService]);
  const definition = testDefinition({ lifeSafety: true });
  const due = nextDue(definition, hidden);
  expect(due).toMatchObject({ atMs: 0, event: { type: 'configured' } });
  const { alarm, effects } = transition(definition, hidden, { event: due!.event, nowMs });
  expect(alarm).toMatchObject({ state: 'UNACK', shelving: null, suppressedBy: [], serviceRemoval: null });
  expect(effects.map(({ type }) => type)).toEqual(['journal', 'announce', 'request-order']);
});

test('of several things that come by time the first is named', () => {
  const definition = testDefinition({ reAlarmMs: 10 });
  const hidden = run(false, [raised, ack, shelve(), { ...outOfService, reviewMs: nowMs + 5 } as AlarmEvent]);
  expect(nextDue(definition, hidden)).toEqual({ atMs: nowMs + 5, event: { type: 'review-due' } });
  expect(nextDue(definition, run(false, [raised, ack]))).toEqual({ atMs: nowMs + 10, event: { type: 're-alarm-due' } });
  expect(nextDue(definition, run(false, [raised]))).toBeNull();
});
