import { expect, test } from 'vitest';
import { UnitAccount } from './unit-account.ts';

const account = () => new UnitAccount({ longestGapMs: 3000, appendMs: 300 });
const poll = (connection: number, atMs: number) => ({ connection, atMs, isLate: false });
const outcome = (unit: UnitAccount) => Object.fromEntries(unit.deliveries());

test('an answer is proven by the next request on its connection', () => {
  const unit = account();
  expect(unit.asked(poll(1, 0))).toBe(1);
  expect(unit.asked(poll(1, 1000))).toBe(2);
  expect(unit.asked(poll(1, 2000))).toBe(3);
  expect(outcome(unit)).toEqual({ 1: 'proven', 2: 'proven', 3: 'unsure' });
});

test('a new connection proves nothing of the one before it', () => {
  const unit = account();
  unit.asked(poll(1, 0));
  unit.asked(poll(2, 1000));
  unit.asked(poll(2, 2000));
  expect(outcome(unit)).toEqual({ 1: 'unsure', 2: 'proven', 3: 'unsure' });
});

test('a request that had queued up on its way, or comes after a time-out, proves nothing', () => {
  const unit = account();
  unit.asked(poll(1, 0));
  unit.asked(poll(1, 20));
  unit.asked(poll(1, 5020));
  expect(outcome(unit)).toEqual({ 1: 'unsure', 2: 'unsure', 3: 'unsure' });
});

test('a request that may have been given up before it came proves nothing by the next one', () => {
  const unit = account();
  unit.asked({ ...poll(1, 7000), isLate: true });
  unit.asked(poll(1, 8000));
  unit.asked(poll(1, 9000));
  expect(outcome(unit)).toEqual({ 1: 'unsure', 2: 'proven', 3: 'unsure' });
});

test('what was proven just before the gateway was killed is unsure, what came earlier is not', () => {
  const unit = account();
  unit.asked(poll(1, 0));
  unit.asked(poll(1, 1000));
  unit.asked(poll(1, 2000));
  unit.killed(2100);
  unit.asked(poll(2, 4000));
  unit.asked(poll(2, 5000));
  expect(outcome(unit)).toEqual({ 1: 'proven', 2: 'unsure', 3: 'unsure', 4: 'proven', 5: 'unsure' });
});

test('frozen it gives out the last count again, until that is proven', () => {
  const unit = account();
  unit.asked(poll(1, 0));
  unit.freeze();
  expect(unit.asked(poll(2, 1000))).toBe(1);
  expect(unit.isSettled).toBe(false);
  expect(unit.asked(poll(2, 2000))).toBe(1);
  expect(unit.isSettled).toBe(true);
  expect(unit.asked(poll(3, 9000))).toBe(1);
  expect(outcome(unit)).toEqual({ 1: 'proven' });
});
