import { expect, test } from 'vitest';
import { afterPoll, type BreakerOptions, closedBreaker, mayAsk } from './breaker.ts';

const options: BreakerOptions = { threshold: 3, firstBackoffMs: 100, maxBackoffMs: 350 };
const silent = (state: typeof closedBreaker, nowMs: number) => afterPoll(state, 'silent', { nowMs, options });

test('opens at the threshold, doubles with each failed probe up to the ceiling, closes with one answer', () => {
  let state = silent(silent(closedBreaker, 0), 10);
  expect(mayAsk(state, 10)).toBe(true);
  state = silent(state, 20);
  expect([mayAsk(state, 119), mayAsk(state, 120)]).toEqual([false, true]);
  state = silent(state, 120);
  expect(state.retryAtMs).toBe(320);
  state = silent(silent(state, 320), 1000);
  expect(state.retryAtMs).toBe(1350);
  expect(afterPoll(state, 'answered', { nowMs: 1350, options })).toBe(closedBreaker);
});

test('a silence between answers opens nothing', () => {
  let state = closedBreaker;
  for (let i = 0; i < 10; i++) {
    state = silent(silent(state, i), i);
    state = afterPoll(state, 'answered', { nowMs: i, options });
  }
  expect(mayAsk(state, 10)).toBe(true);
});
