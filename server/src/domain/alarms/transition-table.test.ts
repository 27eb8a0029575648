import { readFileSync } from 'node:fs';
import type { Alarm } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { testDefinition } from '../test-helpers/definition.ts';
import type { AlarmEvent } from './alarm-events.ts';
import { initialAlarm, transition } from './machine.ts';

/** The published tables are the literal expectation: each of their cells is run here. */
const page = readFileSync(new URL('../../../../docs/alarms.md', import.meta.url), 'utf8');

const hourMs = 3_600_000;
const startMs = 1_000_000;
const laterMs = startMs + hourMs;
const user = 'li';

const raised: AlarmEvent = { type: 'raised', onsetMs: 5_000, atMs: 20_000, value: 250 };
const returned: AlarmEvent = { type: 'returned', atMs: 50_000, value: 320 };
const acknowledge: AlarmEvent = { type: 'acknowledge', user, comment: 'seen' };
const shelve: AlarmEvent = {
  type: 'shelve',
  mode: 'timed',
  untilMs: startMs + hourMs,
  maxMs: 8 * hourMs,
  user,
  reason: 'flaps',
};
const suppress: AlarmEvent = { type: 'suppress', cause: 'power', atMs: 60_000, user: null, comment: null };
const outOfService: AlarmEvent = {
  type: 'out-of-service',
  user,
  approver: 'chen',
  workOrder: 'WO-7',
  reviewMs: startMs + hourMs,
  reason: 'seal is changed',
};

const conditions: Record<string, AlarmEvent[]> = { true: [raised], false: [], held: [raised, returned] };
const hidings: Record<string, AlarmEvent> = {
  SHLVD: shelve,
  'SHLVD once': { ...shelve, mode: 'one-shot' } as AlarmEvent,
  DSUPR: suppress,
  OOSRV: outOfService,
};
/** How to get there, by a latching definition or not. */
const paths: Record<string, { latching: boolean; events: AlarmEvent[] }> = {
  NORM: { latching: false, events: [] },
  UNACK: { latching: false, events: [raised] },
  ACKED: { latching: false, events: [raised, acknowledge] },
  RTNUN: { latching: false, events: [raised, returned] },
  'LATCHED-UNACK': { latching: true, events: [raised, returned] },
  'LATCHED-ACK': { latching: true, events: [raised, returned, acknowledge] },
};
for (const [hiding, by] of Object.entries(hidings))
  for (const [condition, events] of Object.entries(conditions))
    paths[`${hiding}, ${condition}`] = { latching: condition === 'held', events: [...events, by] };

const columns: Record<string, { event: AlarmEvent; latching?: boolean }> = {
  raised: { event: raised },
  returned: { event: returned },
  'returned, latching': { event: returned, latching: true },
  worse: { event: { type: 'severity', priority: 'critical', atMs: 40_000, value: 200 } },
  'source lost': { event: { type: 'quality', uncertain: true, atMs: 30_000 } },
  're-alarm time': { event: { type: 're-alarm-due' } },
  'shelving over': { event: { type: 'shelving-due' } },
  'review date': { event: { type: 'review-due' } },
  disabled: { event: { type: 'configured', withdrawn: true, user: 'chen', comment: null } },
  acknowledge: { event: acknowledge },
  reset: { event: { type: 'reset', user, comment: null } },
  shelve: { event: { ...shelve, untilMs: laterMs + hourMs } as AlarmEvent },
  unshelve: { event: { type: 'unshelve', user, comment: null } },
  suppress: { event: suppress },
  'suppression ends': { event: { type: 'unsuppress', cause: 'power', atMs: 70_000, user: null, comment: null } },
  'out of service': { event: { ...outOfService, reviewMs: laterMs + hourMs } as AlarmEvent },
  'back in service': { event: { type: 'return-to-service', user, comment: null } },
  comment: { event: { type: 'comment', user, comment: 'the seal is on order' } },
};

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

const cells = page.split('\n\n').flatMap((block) => {
  const [head, , ...rows] = block.split('\n').filter((line) => line.startsWith('|'));
  if (head === undefined || !head.startsWith('| state |')) return [];
  const names = cellsOf(head).slice(1);
  return rows.flatMap((row) => {
    const [state = '', ...expected] = cellsOf(row);
    return names.map((column, at) => ({ state, column, expected: expected[at] ?? '' }));
  });
});

test('every state is in the tables with every event', () => {
  const rows = Object.keys(paths).filter((path) => path !== 'SHLVD once, false' && path !== 'SHLVD once, held');
  const wanted = rows.flatMap((state) => Object.keys(columns).map((column) => `${state} / ${column}`));
  expect(cells.map(({ state, column }) => `${state} / ${column}`).toSorted()).toEqual(wanted.toSorted());
});

describe('the transition table', () => {
  for (const { state, column, expected } of cells) {
    test(`${state} on ${column}: ${expected}`, () => {
      const { latching, events } = paths[state]!;
      const definition = testDefinition({ latching, reAlarmMs: hourMs });
      const before = events.reduce<Alarm>(
        (alarm, event) => transition(definition, alarm, { event, nowMs: startMs }).alarm,
        initialAlarm(definition),
      );
      expect(before.state).toBe(state.split(/,| /)[0]);
      const { event, latching: turned = latching } = columns[column]!;
      const result = transition({ ...definition, latching: turned }, before, { event, nowMs: laterMs });
      if (expected === '–' || expected.startsWith('refused: ')) {
        expect(result.alarm).toBe(before);
        expect(result.effects).toEqual([]);
        expect(result.refused).toBe(expected === '–' ? undefined : expected.slice('refused: '.length));
        return;
      }
      const [after, isAnnounced] = [expected.replace(' *', ''), expected.endsWith(' *')];
      expect(result.alarm.state).toBe(after);
      expect(result.effects.some(({ type }) => type === 'announce')).toBe(isAnnounced);
      const entries = result.effects.flatMap((effect) => (effect.type === 'journal' ? [effect.entry] : []));
      expect(entries[0]?.stateBefore).toBe(before.state);
      expect(entries.at(-1)?.stateAfter).toBe(after);
      expect(result.alarm.revision).toBe(before.revision + entries.length);
    });
  }
});

test('life safety is refused every hiding in every state that it can be in', () => {
  const definition = testDefinition({ lifeSafety: true, latching: true });
  for (const events of [[], [raised], [raised, acknowledge], [raised, returned], [raised, returned, acknowledge]]) {
    const before = events.reduce<Alarm>(
      (alarm, event) => transition(definition, alarm, { event, nowMs: startMs }).alarm,
      initialAlarm(definition),
    );
    for (const event of Object.values(hidings)) {
      const result = transition(definition, before, { event, nowMs: startMs });
      expect(result).toEqual({ alarm: before, effects: [], refused: 'ALARM_LIFE_SAFETY' });
    }
  }
});
