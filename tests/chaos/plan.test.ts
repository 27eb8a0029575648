import { expect, test } from 'vitest';
import { Random } from '../rig/random.ts';
import { hopNames, makePlan, programNames } from './plan.ts';

const plan = (seed: number, events = 200) =>
  makePlan({ events, units: 100, programs: programNames, hops: hopNames, random: new Random(seed, 'plan') });

test('one seed gives one plan, another another', () => {
  expect(plan(1)).toEqual(plan(1));
  expect(plan(1)).not.toEqual(plan(2));
});

test('every kind of event meets every target, and some overlap', () => {
  const { events } = plan(1);
  expect(events).toHaveLength(200);
  const met = new Set(events.map((event) => `${event.kind} ${event.kind === 'kill' ? event.program : event.hop}`));
  const wanted = ['cut', 'black-hole', 'stall', 'delay', 'throttle'].flatMap((kind) =>
    hopNames.map((hop) => `${kind} ${hop}`),
  );
  expect([...wanted, ...programNames.map((name) => `kill ${name}`)].filter((each) => !met.has(each))).toEqual([]);
  const overlaps = events.filter((event, i) => {
    const before = events[i - 1];
    if (before === undefined) return false;
    return before.atMs + (before.kind === 'kill' ? before.pauseMs : before.forMs) > event.atMs;
  });
  expect(overlaps.length).toBeGreaterThan(20);
});

test('no equipment is given the same fault twice, and some faults pass', () => {
  const { faults } = plan(1);
  expect(faults).toHaveLength(150);
  expect(new Set(faults.map(({ unit, kind }) => `${unit} ${kind}`)).size).toBe(150);
  expect(faults.filter(({ forMs }) => forMs !== undefined)).toHaveLength(50);
});
