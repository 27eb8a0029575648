import { expect, test } from 'vitest';
import { ShownFault } from './shown-fault.ts';
import type { Delivery } from './unit-account.ts';

/** Polls a second apart; `hot`: which of them showed the fault. */
function fault(hot: readonly boolean[]): ShownFault {
  const shown = new ShownFault();
  for (const [i, isSet] of hot.entries()) shown.shown(isSet, { count: i + 1, atMs: i * 1000 });
  return shown;
}

const all = (of: Delivery): Map<number, Delivery> => new Map([1, 2, 3, 4, 5, 6, 7].map((count) => [count, of]));

test('what was never shown raises nothing', () => {
  expect(fault([false, false]).expects(all('proven'), 0)).toBe('none');
});

test('without a delay one poll that the gateway has taken is enough', () => {
  const shown = fault([false, true, true, false]);
  expect(shown.expects(all('proven'), 0)).toBe('one');
  expect(shown.expects(new Map([...all('unsure'), [3, 'proven']]), 0)).toBe('one');
  expect(shown.expects(all('unsure'), 0)).toBe('at most one');
});

test('with a delay it raises nothing if the gateway has seen it pass in time, else nobody can say', () => {
  const short = fault([false, true, true, false]);
  expect(short.expects(all('proven'), 4000)).toBe('none');
  expect(short.expects(new Map([...all('proven'), [4, 'unsure']]), 4000)).toBe('at most one');
  expect(fault([true, true, true, true, false]).expects(all('proven'), 4000)).toBe('at most one');
  expect(fault([true, true]).expects(all('proven'), 4000)).toBe('at most one');
});
