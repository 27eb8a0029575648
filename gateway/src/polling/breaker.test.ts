import { expect, test } from 'vitest';
import { afterPoll, closedBreaker } from './breaker.ts';

test('opens with the third silence in a row, and closes with one answer', () => {
  const twice = afterPoll(afterPoll(closedBreaker, 'silent'), 'silent');
  expect(twice.open).toBe(false);
  const open = afterPoll(twice, 'silent');
  expect(open.open).toBe(true);
  expect(afterPoll(open, 'silent').open).toBe(true);
  expect(afterPoll(open, 'answered')).toBe(closedBreaker);
});

test('silences between answers open nothing', () => {
  let state = closedBreaker;
  for (let i = 0; i < 10; i++) {
    state = afterPoll(afterPoll(state, 'silent'), 'silent');
    expect(state.open).toBe(false);
    state = afterPoll(state, 'answered');
  }
});
