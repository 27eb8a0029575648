import { expect, test } from 'vitest';
import { joinSegments } from './join-segments.ts';
import type { SeenAlarm, SeenOrder } from './judge.ts';
import type { Played } from './run-scenario.ts';

const seamMs = 3_600_000;
const zeroMs = Date.parse('2026-06-03T00:00:00+08:00');
const scenario = {} as never;

function before(parts: Partial<Played> = {}): Played {
  const segment = { openMs: 0, fromMs: 0, toMs: seamMs, closeMs: seamMs + 60_000 };
  return { ...nothing, segment, models: { from: 'start', to: 'seam' }, ...parts };
}
function after(parts: Partial<Played> = {}): Played {
  const segment = { openMs: seamMs / 2, fromMs: seamMs, toMs: 2 * seamMs, closeMs: 2 * seamMs };
  return { ...nothing, segment, models: { from: 'seam', to: 'end' }, ...parts };
}
const nothing = {
  scenario,
  alarms: [],
  orders: [],
  told: [],
  journal: [],
  samples: [],
  problems: [],
  zeroMs,
  simulatedMs: seamMs,
  wallMs: 1,
  cpuMs: 10,
};
const alarm = (atMs: number, returnedMs: number | null = null, name = 'a/x#h'): SeenAlarm => ({
  alarm: name,
  atMs,
  returnedMs,
  historical: false,
});
const order = (openedMs: number, rest: Partial<SeenOrder> = {}): SeenOrder => ({
  id: 'WO-1',
  equipment: 'a',
  failureMode: 'broken',
  openedMs,
  closedMs: null,
  reopened: 0,
  state: 'open',
  ...rest,
});

test('two segments are one scenario', () => {
  const sample = (atMs: number) => ({ atMs, values: {}, levels: {} });
  const entry = (atMs: number) => ({ atMs: zeroMs + atMs }) as never;
  const { samples, journal, ...joined } = joinSegments([
    before({ samples: [sample(0), sample(seamMs)], journal: [entry(1), entry(seamMs + 1)] }),
    after({ samples: [sample(seamMs - 1), sample(seamMs)], journal: [entry(seamMs - 1), entry(seamMs + 1)] }),
  ]);
  expect(joined).toMatchObject({ problems: [], models: { from: 'start', to: 'end' }, cpuMs: 20 });
  expect(joined.simulatedMs).toBe(2 * seamMs);
  expect(joined.segment).toMatchObject({ fromMs: 0, toMs: 2 * seamMs });
  expect(samples.map(({ atMs }) => atMs)).toEqual([0, seamMs]);
  expect(journal.map(({ atMs }) => atMs - zeroMs)).toEqual([1, seamMs + 1]);
});

test('another model at the seam is a problem', () => {
  const { problems } = joinSegments([before(), after({ models: { from: 'another', to: 'end' } })]);
  expect(problems).toEqual(['at the seam at 1 h 00 min 0.0 s the model of one segment is not that of the other']);
});

test('what stands at the seam stands on both sides and is joined; what the second line makes of the time before is left out', () => {
  const { alarms, problems } = joinSegments([
    before({ alarms: [alarm(10, 20, 'b/x#h'), alarm(1000, seamMs + 5), alarm(seamMs + 1, null, 'c/x#h')] }),
    after({
      alarms: [
        alarm(seamMs - 100, seamMs - 50, 'b/x#h'),
        alarm(seamMs - 90, seamMs + 5),
        alarm(seamMs + 1, null, 'c/x#h'),
      ],
    }),
  ]);
  expect(problems).toEqual([]);
  expect(alarms).toEqual([alarm(10, 20, 'b/x#h'), alarm(1000, seamMs + 5), alarm(seamMs + 1, null, 'c/x#h')]);
});

test('what stands on one side only is a problem', () => {
  const { problems } = joinSegments([
    before({ alarms: [alarm(1000)] }),
    after({ alarms: [alarm(seamMs - 1, null, 'b/x#h')] }),
  ]);
  expect(problems).toEqual([
    'a/x#h stands at the seam at 1 h 00 min 0.0 s, and not behind it',
    'b/x#h stands behind the seam at 1 h 00 min 0.0 s, and not before it',
  ]);
});

test('an order that is open at the seam ends as the second segment ends it', () => {
  const closed = { state: 'closed', closedMs: seamMs + 9 };
  const { orders } = joinSegments([
    before({ orders: [order(1000)] }),
    after({ orders: [order(seamMs - 90, closed), order(seamMs + 5, { equipment: 'b' })] }),
  ]);
  expect(orders).toEqual([order(1000, closed), order(seamMs + 5, { equipment: 'b' })]);
});

test('what was done to an order in the first segment holds where nobody touches it in the second', () => {
  const { orders } = joinSegments([
    before({ orders: [order(1000, { state: 'accepted' })] }),
    after({ orders: [order(seamMs - 90)] }),
  ]);
  expect(orders).toEqual([order(1000, { state: 'accepted' })]);
});
