import { expect, test } from 'vitest';
import { counterChange } from './counter.ts';

test.each([
  ['rising', 10, 15, undefined, { kind: 'advance', increase: 5 }],
  ['unchanged', 10, 10, undefined, { kind: 'advance', increase: 0 }],
  ['32 bits that overflow', 4_294_967_290, 4, 2 ** 32, { kind: 'wrap', increase: 10 }],
  ['32 bits that fall from the middle', 2_000_000_000, 4, 2 ** 32, { kind: 'reset', increase: 4 }],
  [
    'near the end, but back to the middle',
    4_294_967_290,
    2_000_000_000,
    2 ** 32,
    { kind: 'reset', increase: 2_000_000_000 },
  ],
  ['no known end', 4_294_967_290, 4, undefined, { kind: 'reset', increase: 4 }],
  ['scaled: 2^32 × 0.01 kWh', 42_949_672.9, 0.1, 42_949_672.96, { kind: 'wrap', increase: expect.closeTo(0.16, 6) }],
])('%s', (_name, previous, next, modulus, expected) => {
  expect(counterChange(previous, next, modulus)).toEqual(expected);
});
