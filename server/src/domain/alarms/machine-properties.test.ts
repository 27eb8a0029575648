import type { Alarm, AlarmFlags } from '@plantroom/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testDefinition } from '../test-helpers/definition.ts';
import type { AlarmEvent, JournalRecord } from './alarm-events.ts';
import { displayState, isHidden } from './display-state.ts';
import { nextDue } from './due.ts';
import { initialAlarm, transition } from './machine.ts';

const user = 'li';
const time = fc.integer({ min: 1, max: 1_000_000 });
const cause = fc.constantFrom('power', 'gateway');
const anyEvent: fc.Arbitrary<AlarmEvent> = fc.oneof(
  time.map((t): AlarmEvent => ({ type: 'raised', onsetMs: t, atMs: t + 5, value: t })),
  time.map((t): AlarmEvent => ({ type: 'returned', atMs: t, value: t })),
  fc
    .constantFrom('low' as const, 'medium' as const, 'critical' as const)
    .map((priority): AlarmEvent => ({ type: 'severity', priority, atMs: 9, value: 9 })),
  fc.record({
    type: fc.constant('shelve' as const),
    mode: fc.constantFrom('timed' as const, 'one-shot' as const),
    untilMs: time,
    maxMs: fc.constantFrom(100, 1_000_000),
    user: fc.constant(user),
    reason: fc.constant('flaps'),
  }),
  cause.map((by): AlarmEvent => ({ type: 'suppress', cause: by, atMs: 3, user: null, comment: null })),
  cause.map((by): AlarmEvent => ({ type: 'unsuppress', cause: by, atMs: 4, user: null, comment: null })),
  time.map(
    (reviewMs): AlarmEvent => ({
      type: 'out-of-service',
      user,
      approver: 'chen',
      workOrder: 'WO-1',
      reviewMs,
      reason: 'seal',
    }),
  ),
  fc.constantFrom<AlarmEvent>(
    { type: 'acknowledge', user, comment: null },
    { type: 'reset', user, comment: null },
    { type: 'comment', user, comment: 'noted' },
    { type: 'unshelve', user, comment: null },
    { type: 'return-to-service', user, comment: null },
    { type: 'shelving-due' },
    { type: 'review-due' },
    { type: 're-alarm-due' },
    { type: 'quality', uncertain: true, atMs: 7 },
    { type: 'quality', uncertain: false, atMs: 8 },
    { type: 'configured', withdrawn: false, user: 'chen', comment: null },
    { type: 'configured', withdrawn: true, user: 'chen', comment: null },
  ),
);
/** Server time goes on between events. */
const stream = fc.array(fc.record({ event: anyEvent, afterMs: fc.integer({ min: 0, max: 300_000 }) }), {
  maxLength: 40,
});
const kind = fc.record({ latching: fc.boolean(), lifeSafety: fc.boolean(), reAlarmMs: fc.constantFrom(1, 100_000) });
type Kind = Parameters<typeof testDefinition>[0];
type Stream = { event: AlarmEvent; afterMs: number }[];

function play(over: Kind, all: Stream, { from, look }: { from?: Alarm; look?: (step: Seen) => void } = {}): Alarm {
  const definition = testDefinition(over);
  let alarm = from ?? initialAlarm(definition);
  let nowMs = 0;
  for (const { event, afterMs } of all) {
    nowMs += afterMs;
    const result = transition(definition, alarm, { event, nowMs });
    const entries = result.effects.flatMap((effect) => (effect.type === 'journal' ? [effect.entry] : []));
    look?.({ event, before: alarm, after: result.alarm, entries, result, nowMs });
    alarm = result.alarm;
  }
  return alarm;
}

interface Seen {
  event: AlarmEvent;
  before: Alarm;
  after: Alarm;
  entries: JournalRecord[];
  result: ReturnType<typeof transition>;
  nowMs: number;
}

test('no change goes unlogged, nothing is logged without a change, and states follow each other without a gap', () => {
  fc.assert(
    fc.property(kind, stream, (over, all) => {
      play(over, all, {
        look: ({ before, after, entries, result }) => {
          expect(entries.length === 0).toBe(after === before);
          expect(after.revision - before.revision).toBe(entries.length);
          expect(after.state).toBe(displayState(after.flags));
          if (result.refused !== undefined) expect(after).toBe(before);
          let { state } = before;
          for (const entry of entries) {
            expect(entry.stateBefore).toBe(state);
            state = entry.stateAfter;
          }
          expect(after.state).toBe(state);
        },
      });
    }),
  );
});

test('flags agree with what is kept beside them', () => {
  fc.assert(
    fc.property(kind, stream, (over, all) => {
      play(over, all, {
        look: ({ after: { flags, shelving, suppressedBy, serviceRemoval, occurrence } }) => {
          expect(flags.shelved).toBe(shelving !== null);
          expect(flags.suppressed).toBe(suppressedBy.length > 0);
          expect(flags.outOfService).toBe(serviceRemoval !== null);
          expect(flags.active && flags.latched).toBe(false);
          if (flags.active || flags.latched) expect(occurrence).not.toBeNull();
        },
      });
    }),
  );
});

const unacknowledges: readonly AlarmEvent['type'][] = [
  'raised',
  'severity',
  're-alarm-due',
  'shelving-due',
  'unsuppress',
  'return-to-service',
];

test('an acknowledgement is lost only to what asks for another one', () => {
  fc.assert(
    fc.property(kind, stream, (over, all) => {
      play(over, all, {
        look: ({ event, before, after }) => {
          if (!before.flags.acked || after.flags.acked) return;
          // A one-shot shelving of what latches ends with the return.
          if (event.type === 'returned')
            expect([before.shelving?.mode, after.flags.latched]).toEqual(['one-shot', true]);
          else expect(unacknowledges).toContain(event.type);
        },
      });
    }),
  );
});

test('life safety is never hidden, and an unacknowledged alarm in sight has been announced', () => {
  fc.assert(
    fc.property(kind, stream, (over, all) => {
      let isAnnounced = false;
      play(over, all, {
        look: ({ before, after, result }) => {
          if (over.lifeSafety) expect(isHidden(after.flags)).toBe(false);
          if (before.occurrence !== after.occurrence) isAnnounced = false;
          if (result.effects.some(({ type }) => type === 'announce')) {
            expect(isHidden(after.flags)).toBe(false);
            isAnnounced = true;
          }
          if (after.state === 'UNACK' || after.state === 'LATCHED-UNACK') expect(isAnnounced).toBe(true);
        },
      });
    }),
  );
});

test('what comes by time comes: at its time the named event changes something, and before it nothing does', () => {
  fc.assert(
    fc.property(kind, stream, (over, all) => {
      const definition = testDefinition(over);
      play(over, all, {
        look: ({ after }) => {
          const due = nextDue(definition, after);
          if (due === null) return;
          const { event, atMs } = due;
          expect(transition(definition, after, { event, nowMs: atMs }).alarm).not.toBe(after);
          expect(transition(definition, after, { event, nowMs: atMs - 1 }).alarm).toBe(after);
        },
      });
    }),
  );
});

test('the same events give the same alarm, and a restart anywhere is invisible', () => {
  fc.assert(
    fc.property(kind, stream, fc.nat(40), (over, all, at) => {
      const timed = (part: Stream, startMs: number): Stream =>
        part.map((step, index) => (index === 0 ? { ...step, afterMs: step.afterMs + startMs } : step));
      const whole = play(over, all);
      const restored = JSON.parse(JSON.stringify(play(over, all.slice(0, at)))) as Alarm;
      const passedMs = all.slice(0, at).reduce((sum, { afterMs }) => sum + afterMs, 0);
      expect(play(over, timed(all.slice(at), passedMs), { from: restored })).toEqual(whole);
    }),
  );
});

test('the journal alone tells the state: replayed, it gives the flags that the alarm has', () => {
  fc.assert(
    fc.property(kind, stream, (over, all) => {
      const journal: JournalRecord[] = [];
      const alarm = play(over, all, { look: ({ entries }) => journal.push(...entries) });
      expect(replay(journal)).toEqual(alarm.flags);
    }),
  );
});

/** Written from the words of the journal, not from the machine. */
function replay(journal: readonly JournalRecord[]): AlarmFlags {
  const flags = { ...initialAlarm(testDefinition()).flags };
  const causes = new Set<string>();
  const stands = () => flags.active || flags.latched;
  for (const { action, details } of journal) {
    switch (action) {
      case 'activated':
      case 'reactivated':
        Object.assign(flags, { active: true, acked: false, latched: false, uncertain: false });
        break;
      case 'returned':
        flags.active = false;
        break;
      case 'latched':
        Object.assign(flags, { active: false, latched: true });
        break;
      case 'acknowledged':
        flags.acked = true;
        break;
      case 'reset':
        flags.latched = false;
        break;
      case 're-alarmed':
      case 'severity-raised':
        flags.acked = false;
        break;
      case 'uncertain':
      case 'certain':
        flags.uncertain = action === 'uncertain';
        break;
      case 'shelved':
        flags.shelved = true;
        break;
      case 'unshelved':
        Object.assign(flags, { shelved: false, acked: true });
        break;
      case 'shelving-expired':
        Object.assign(flags, { shelved: false, acked: !stands() });
        break;
      case 'suppressed':
        causes.add(details?.cause ?? '');
        flags.suppressed = true;
        break;
      case 'unsuppressed':
        causes.delete(details?.cause ?? '');
        if (causes.size === 0) Object.assign(flags, { suppressed: false, acked: !stands() });
        break;
      case 'out-of-service':
        flags.outOfService = true;
        break;
      case 'returned-to-service':
        Object.assign(flags, { outOfService: false, acked: !stands() });
        break;
      case 'configured':
        if (details?.withdrawn !== true) break;
        causes.clear();
        Object.assign(flags, initialAlarm(testDefinition()).flags);
        break;
      default:
        break;
    }
    if (!flags.active && !flags.latched && flags.acked) flags.uncertain = false;
  }
  return flags;
}
