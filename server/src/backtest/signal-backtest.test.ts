import type { AlarmDefinition } from '@plantroom/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlarmRule } from '../domain/alarms/condition.ts';
import { planSignal } from '../domain/alarms/signal-plan.ts';
import { OccurrenceList } from './occurrence-list.ts';
import { runBacktest, type TriedOutcome } from './run-backtest.ts';
import { SignalJudge } from './signal-judge.ts';
import { numbers, point, spanMs, startMs, states } from './test-helpers/arbitrary-history.ts';
import { MemoryReader, type MemorySeries } from './test-helpers/memory-reader.ts';
import { eventsOf } from './test-helpers/whole-evaluation.ts';

const hourMs = 3_600_000;
const running = 'hq/pump-1/running';
const kinds = new Map([
  [point, 'number' as const],
  [running, 'boolean' as const],
]);
const range = { fromMs: startMs, toMs: startMs + spanMs };

type Rules = Pick<AlarmDefinition, 'condition' | 'enabledWhen'>;
const rules: Record<string, Rules> = {
  'a limit within an operating state': {
    condition: { type: 'limit', kind: 'H', limit: 53, deadband: 2 },
    enabledWhen: { when: { point: 'running', is: [true] }, forMs: 120_000 },
  },
  'one of several': {
    condition: { type: 'expression', when: { anyOf: [{ below: 44 }, { not: { point: 'running', is: [true] } }] } },
  },
  'all of several': {
    condition: {
      type: 'expression',
      when: { allOf: [{ above: 48, deadband: 3 }, { point: 'running', is: [false] }, { below: 56 }] },
    },
  },
  'a count of passings': {
    condition: { type: 'count', of: { above: 52, deadband: 1 }, times: 3, windowMs: 1_200_000 },
  },
  'a distance from a value': { condition: { type: 'deviation', from: 50, above: 4, below: 6, deadband: 1 } },
  'a rate': { condition: { type: 'rate', rise: 4, windowMs: 300_000 } },
  'a silence': { condition: { type: 'no-data', afterMs: 900_000 } },
};

function planOf(rule: Rules) {
  const plan = planSignal({ source: point, ...rule }, (path) => (path === 'running' ? running : null));
  if (plan === null) throw new Error('one point decides');
  return plan;
}

/** Every sample and every change of quality of both points, moment by moment. */
function whole(rule: Rules & AlarmRule, histories: Map<string, MemorySeries>) {
  const plan = planOf(rule);
  const list = new OccurrenceList(range, [startMs]);
  const judge = new SignalJudge({ rule, plan }, kinds, (occurrence) => list.add(occurrence));
  const events = plan.points.flatMap((id, operand) => {
    const { samples = [], quality = [] } = histories.get(id) ?? {};
    return eventsOf(samples, quality, range).map((event) => ({ ...event, operand }));
  });
  events.sort((a, b) => a.atMs - b.atMs);
  for (const [i, { atMs, value, isUsable, isAway, operand }] of events.entries()) {
    judge.news(operand, { atMs, stored: value, isUsable, isAway });
    if (events[i + 1]?.atMs !== atMs) judge.advance(atMs);
  }
  judge.end(range.toMs);
  return times(list);
}

const times = (list: OccurrenceList | null) =>
  list?.kept.map(({ onsetMs, raisedMs, returnedMs }) => ({ onsetMs, raisedMs, returnedMs }));

test.each(Object.entries(rules))('%s: the same as from every sample', async (_, rule) => {
  const delay = fc.constantFrom(0, 15_000, 600_000);
  const trials = fc.record({ own: numbers, other: states, onDelayMs: delay, offDelayMs: delay, parts: fc.nat(4) });
  await fc.assert(
    fc.asyncProperty(trials, async ({ own, other, onDelayMs, offDelayMs, parts }) => {
      const named = (series: MemorySeries, id: string): MemorySeries => ({
        samples: series.samples.map((sample) => ({ ...sample, point: id })),
        quality: series.quality.map((change) => ({ ...change, point: id })),
      });
      const histories = new Map([
        [point, own],
        [running, named(other, running)],
      ]);
      const both = [...histories.values()];
      const reader = new MemoryReader(
        { samples: both.flatMap(({ samples }) => samples), quality: both.flatMap(({ quality }) => quality) },
        { hasParts: (atMs) => (atMs / hourMs) % 3 !== parts },
      );
      const delayed = { ...rule, onDelayMs, offDelayMs };
      const trial = { rule: delayed, plan: planOf(rule) };
      const outcomes: TriedOutcome[] = [];
      await runBacktest({
        reader,
        alarms: [{ id: 'x', source: point, kinds, before: trial, after: null }],
        range,
        days: [startMs],
        endMs: range.toMs,
        pause: () => Promise.resolve(),
        take: (outcome) => outcomes.push(outcome),
      });
      expect(times(outcomes[0]?.before ?? null)).toEqual(whole(delayed, histories));
    }),
    { numRuns: 200 },
  );
});
