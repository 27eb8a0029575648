import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AlarmRule,
  conditionHolds,
  evaluateRule,
  initialRuleState,
  isPending,
  type RuleEdge,
  type RuleInput,
  type RuleState,
} from './condition.ts';

const rule = {
  condition: { type: 'limit', kind: 'H', limit: 80, deadband: 2 },
  onDelayMs: 10_000,
  offDelayMs: 5_000,
} as const;
const good = (atMs: number, value: number): RuleInput => ({ type: 'reading', atMs, value, quality: 'good' });
const bad = (atMs: number): RuleInput => ({ type: 'reading', atMs, value: null, quality: 'bad', reason: 'comm-lost' });
const time = (atMs: number): RuleInput => ({ type: 'time', atMs });

function play(
  inputs: readonly RuleInput[],
  from: RuleState = initialRuleState,
  of: AlarmRule = rule,
): { state: RuleState; edges: RuleEdge[] } {
  const edges: RuleEdge[] = [];
  let state = from;
  for (const input of inputs) {
    const result = evaluateRule(of, state, input);
    state = result.state;
    edges.push(...result.edges);
  }
  return { state, edges };
}

test.each([
  ['HH', 81, true],
  ['H', 80, false],
  ['L', 79, true],
  ['LL', 80, false],
] as const)('%s at 80: a value of %d holds: %s', (kind, value, holds) => {
  expect(conditionHolds({ type: 'limit', kind, limit: 80 }, value, false)).toBe(holds);
});

test('once held, the value must come back by the deadband', () => {
  const condition = { type: 'limit', kind: 'H', limit: 80, deadband: 2 } as const;
  expect([79, 78.1, 78].map((value) => conditionHolds(condition, value, true))).toEqual([true, true, false]);
});

test('off-normal compares values, non-zero any code, and a text says nothing', () => {
  expect(conditionHolds({ type: 'off-normal', values: [true] }, true, false)).toBe(true);
  expect(conditionHolds({ type: 'off-normal', values: [2, 3] }, 1, false)).toBe(false);
  expect(conditionHolds({ type: 'non-zero' }, 17, false)).toBe(true);
  expect(conditionHolds({ type: 'non-zero' }, 'E17', false)).toBeNull();
});

describe('delays', () => {
  test('the on-delay expires by the watermark alone, at onset + delay', () => {
    const { edges } = play([good(1_000, 85), time(10_999), time(11_500)]);
    expect(edges).toEqual([{ type: 'raised', onsetMs: 1_000, atMs: 11_000, value: 85 }]);
  });

  test('a value that comes back within the on-delay raises nothing', () => {
    expect(play([good(1_000, 85), good(9_000, 70), time(60_000)]).edges).toEqual([]);
  });

  test('a delay that expired before the reading counts, whatever the reading says', () => {
    const { edges } = play([good(1_000, 85), good(30_000, 70), time(35_000)]);
    expect(edges).toEqual([
      { type: 'raised', onsetMs: 1_000, atMs: 11_000, value: 85 },
      { type: 'returned', atMs: 35_000, value: 70 },
    ]);
  });

  test('at the same instant the delay expires first', () => {
    expect(play([good(1_000, 85), good(11_000, 70)]).edges).toHaveLength(1);
  });

  test('a second rise within the off-delay cancels the return', () => {
    const { edges, state } = play([good(0, 85), time(10_000), good(20_000, 70), good(24_000, 90), time(90_000)]);
    expect(edges).toHaveLength(1);
    expect(state.active).toBe(true);
  });
});

describe('quality', () => {
  test('bad quality never raises and never returns; it flags', () => {
    const raised = play([good(0, 85), time(10_000)]).state;
    const { state, edges } = play([bad(20_000), time(900_000)], raised);
    expect(edges).toEqual([]);
    expect(state).toMatchObject({ active: true, uncertain: true });
  });

  test('after a gap a normal value must last the whole off-delay again', () => {
    const falling = play([good(0, 85), time(10_000), good(20_000, 70)]).state;
    const { edges } = play([bad(21_000), good(100_000, 70), time(104_000), time(105_000)], falling);
    expect(edges).toEqual([{ type: 'returned', atMs: 105_000, value: 70 }]);
  });

  test('a lost source stops the delays without moving wire time', () => {
    const { state } = play([good(1_000, 85), { type: 'source-lost' }, time(60_000)]);
    expect(isPending(state)).toBe(false);
    expect(state.active).toBe(false);
  });
});

test('late data older than the last change is left alone', () => {
  const { state } = play([good(50_000, 85), good(20_000, 70)]);
  expect(state).toMatchObject({ holds: true, sinceMs: 50_000 });
});

const anyInput = fc.record({
  step: fc.integer({ min: 0, max: 8_000 }),
  value: fc.integer({ min: 70, max: 90 }),
  kind: fc.constantFrom('good', 'good', 'bad', 'time'),
});
const stream = fc.array(anyInput, { maxLength: 60 }).map((steps) => {
  let atMs = 0;
  return steps.map(({ step, value, kind }): RuleInput => {
    atMs += step;
    return kind === 'good' ? good(atMs, value) : kind === 'bad' ? bad(atMs) : time(atMs);
  });
});

test('edges alternate, never go back in time, and a restart or a repetition of an input is invisible', () => {
  fc.assert(
    fc.property(stream, fc.nat(60), (inputs, at) => {
      const whole = play(inputs);
      whole.edges.forEach((edge, index) => {
        expect(edge.type).toBe(index % 2 === 0 ? 'raised' : 'returned');
        if (index > 0) expect(edge.atMs).toBeGreaterThanOrEqual(whole.edges[index - 1]!.atMs);
      });
      const head = play(inputs.slice(0, at));
      const tail = play(inputs.slice(at), JSON.parse(JSON.stringify(head.state)) as RuleState);
      expect({ state: tail.state, edges: [...head.edges, ...tail.edges] }).toEqual(whole);
      expect(play(inputs.flatMap((input) => [input, input]))).toEqual(whole);
    }),
  );
});

describe('what comes and goes', () => {
  const minute = 60_000;
  const flapping: AlarmRule = {
    ...rule,
    onDelayMs: 0,
    offDelayMs: 0,
    chatter: { times: 2, withinMs: 15 * minute, steadyMs: 10 * minute },
  };
  const of = (...values: [number, number][]) =>
    play(
      values.map(([at, value]) => good(at * minute, value)),
      initialRuleState,
      flapping,
    );
  const told = ({ edges }: { edges: RuleEdge[] }) => edges.map(({ type, atMs }) => `${type} ${atMs / minute}`);

  test('returns at once the first time, and the second time when it has been steady', () => {
    const twice = of([0, 50], [1, 90], [2, 50], [5, 90], [6, 50], [8, 90], [9, 50]);
    expect(told(twice)).toEqual(['raised 1', 'returned 2', 'raised 5']);
    const steady = evaluateRule(flapping, twice.state, time(19 * minute));
    expect(steady.edges).toEqual([{ type: 'returned', atMs: 19 * minute, value: 50 }]);
    // From the beginning: the next loss is a single one.
    const next = play([good(20 * minute, 90), good(21 * minute, 50)], steady.state, flapping);
    expect(told(next)).toEqual(['raised 20', 'returned 21']);
  });

  test('two losses that lie further apart are two', () => {
    expect(told(of([0, 50], [1, 90], [2, 50], [16, 90], [17, 50]))).toEqual([
      'raised 1',
      'returned 2',
      'raised 16',
      'returned 17',
    ]);
  });

  test('whatever happens, it is never raised twice within the time without having been steady before', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 600 }), fc.boolean()), { maxLength: 60 }), (steps) => {
        let atMs = 0;
        const inputs = steps.map(([s, high]) => {
          atMs += s * 1000;
          return good(atMs, high ? 90 : 50);
        });
        const { edges } = play(inputs, initialRuleState, flapping);
        const raised = edges.flatMap(({ type, atMs: at }) => (type === 'raised' ? [at] : []));
        // Three in a quarter of an hour would need a return that did not wait ten minutes.
        raised.slice(2).forEach((at, i) => {
          const [first = 0] = raised.slice(i);
          expect(at - first).toBeGreaterThan(10 * minute);
        });
        expect(edges.every(({ type }, i) => type === (i % 2 === 0 ? 'raised' : 'returned'))).toBe(true);
      }),
    );
  });
});
