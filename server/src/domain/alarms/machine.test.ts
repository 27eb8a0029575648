import type { Alarm, AlarmState } from '@plantroom/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testDefinition } from '../test-helpers/definition.ts';
import { displayState } from './display-state.ts';
import { type AlarmEvent, initialAlarm, transition } from './machine.ts';

const nowMs = 1_000_000;
const raised: AlarmEvent = { type: 'raised', onsetMs: 5_000, atMs: 20_000, value: 250 };
const returned: AlarmEvent = { type: 'returned', atMs: 50_000, value: 320 };
const ack: AlarmEvent = { type: 'acknowledge', user: 'li', comment: 'seen' };
const reset: AlarmEvent = { type: 'reset', user: 'li', comment: null };
const lost: AlarmEvent = { type: 'quality', uncertain: true, atMs: 30_000 };
const found: AlarmEvent = { type: 'quality', uncertain: false, atMs: 31_000 };
const configured: AlarmEvent = { type: 'configured', withdrawn: false, user: 'chen', comment: null };
const withdrawn: AlarmEvent = { type: 'configured', withdrawn: true, user: 'chen', comment: null };
const events = { raised, returned, ack, reset, lost, found, configured, withdrawn };

/** How to get into each state. */
const paths: Record<string, { latching: boolean; events: AlarmEvent[] }> = {
  NORM: { latching: false, events: [] },
  UNACK: { latching: false, events: [raised] },
  ACKED: { latching: false, events: [raised, ack] },
  RTNUN: { latching: false, events: [raised, returned] },
  'NORM latching': { latching: true, events: [] },
  'UNACK latching': { latching: true, events: [raised] },
  'ACKED latching': { latching: true, events: [raised, ack] },
  'LATCHED-UNACK': { latching: true, events: [raised, returned] },
  'LATCHED-ACK': { latching: true, events: [raised, returned, ack] },
};

const run = (latching: boolean, all: readonly AlarmEvent[], from?: Alarm): Alarm => {
  const definition = testDefinition({ latching });
  return all.reduce(
    (alarm, event) => transition(definition, alarm, { event, nowMs }).alarm,
    from ?? initialAlarm(definition),
  );
};

/** Every cell: the state after the event, or `-` for "nothing happens", or the refusal. */
type Cell = AlarmState | '-' | 'ALARM_ACTIVE' | 'ALARM_NOT_ACKNOWLEDGED';
const table: Record<keyof typeof paths, Record<keyof typeof events, Cell>> = {
  NORM: {
    raised: 'UNACK',
    returned: '-',
    ack: '-',
    reset: '-',
    lost: '-',
    found: '-',
    configured: '-',
    withdrawn: '-',
  },
  UNACK: {
    raised: '-',
    returned: 'RTNUN',
    ack: 'ACKED',
    reset: 'ALARM_ACTIVE',
    lost: 'UNACK',
    found: '-',
    configured: '-',
    withdrawn: 'NORM',
  },
  ACKED: {
    raised: '-',
    returned: 'NORM',
    ack: '-',
    reset: 'ALARM_ACTIVE',
    lost: 'ACKED',
    found: '-',
    configured: '-',
    withdrawn: 'NORM',
  },
  RTNUN: {
    raised: 'UNACK',
    returned: '-',
    ack: 'NORM',
    reset: '-',
    lost: 'RTNUN',
    found: '-',
    configured: '-',
    withdrawn: 'NORM',
  },
  'NORM latching': {
    raised: 'UNACK',
    returned: '-',
    ack: '-',
    reset: '-',
    lost: '-',
    found: '-',
    configured: '-',
    withdrawn: '-',
  },
  'UNACK latching': {
    raised: '-',
    returned: 'LATCHED-UNACK',
    ack: 'ACKED',
    reset: 'ALARM_ACTIVE',
    lost: 'UNACK',
    found: '-',
    configured: '-',
    withdrawn: 'NORM',
  },
  'ACKED latching': {
    raised: '-',
    returned: 'LATCHED-ACK',
    ack: '-',
    reset: 'ALARM_ACTIVE',
    lost: 'ACKED',
    found: '-',
    configured: '-',
    withdrawn: 'NORM',
  },
  'LATCHED-UNACK': {
    raised: 'UNACK',
    returned: '-',
    ack: 'LATCHED-ACK',
    reset: 'ALARM_NOT_ACKNOWLEDGED',
    lost: 'LATCHED-UNACK',
    found: '-',
    configured: '-',
    withdrawn: 'NORM',
  },
  'LATCHED-ACK': {
    raised: 'UNACK',
    returned: '-',
    ack: '-',
    reset: 'NORM',
    lost: 'LATCHED-ACK',
    found: '-',
    configured: '-',
    withdrawn: 'NORM',
  },
};

describe('the transition table', () => {
  for (const [from, row] of Object.entries(table)) {
    for (const [name, cell] of Object.entries(row)) {
      test(`${from} on ${name}: ${cell}`, () => {
        const { latching, events: path } = paths[from]!;
        const before = run(latching, path);
        expect(before.state).toBe(from.replace(' latching', ''));
        const event = events[name as keyof typeof events];
        const result = transition(testDefinition({ latching }), before, { event, nowMs });
        if (cell === '-' || cell.startsWith('ALARM_')) {
          expect(result.alarm).toBe(before);
          expect(result.effects).toEqual([]);
          expect(result.refused).toBe(cell === '-' ? undefined : cell);
        } else {
          expect(result.alarm.state).toBe(cell);
          expect(result.alarm.revision).toBe(before.revision + 1);
          expect(result.effects[0]).toMatchObject({
            type: 'journal',
            entry: { stateBefore: before.state, stateAfter: cell },
          });
        }
      });
    }
  }
});

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

const anyEvent = fc.oneof(
  fc.integer({ min: 0, max: 1e6 }).map((t): AlarmEvent => ({ type: 'raised', onsetMs: t, atMs: t + 5, value: t })),
  fc.integer({ min: 0, max: 1e6 }).map((t): AlarmEvent => ({ type: 'returned', atMs: t, value: t })),
  fc.constantFrom(ack, reset, lost, found, configured, withdrawn),
);

test('no change goes unlogged, nothing is logged without a change, and no acknowledgement is lost', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(anyEvent, { maxLength: 40 }), (latching, stream) => {
      const definition = testDefinition({ latching });
      let alarm = initialAlarm(definition);
      for (const event of stream) {
        const result = transition(definition, alarm, { event, nowMs });
        const entries = result.effects.filter((effect) => effect.type === 'journal');
        expect(entries.length).toBe(result.alarm === alarm ? 0 : 1);
        expect(result.alarm.revision - alarm.revision).toBe(entries.length);
        if (alarm.flags.acked && !result.alarm.flags.acked) expect(event.type).toBe('raised');
        expect(result.alarm.state).toBe(displayState(result.alarm.flags));
        alarm = result.alarm;
      }
    }),
  );
});

test('the same events give the same alarm, and a restart anywhere is invisible', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(anyEvent, { maxLength: 40 }), fc.nat(40), (latching, stream, at) => {
      const whole = run(latching, stream);
      const restored = JSON.parse(JSON.stringify(run(latching, stream.slice(0, at)))) as Alarm;
      expect(run(latching, stream.slice(at), restored)).toEqual(whole);
      expect(run(latching, stream)).toEqual(whole);
    }),
  );
});
