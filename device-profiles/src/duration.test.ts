import { expect, it } from 'vitest';
import { parseDuration } from './duration.ts';

it.each([
  ['500ms', 500],
  ['0s', 0],
  ['15s', 15_000],
  ['1.5s', 1500],
  ['10min', 600_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each(['', '15', 's', '-1s', '1 s', '1m', '1s2', '.5s', '1e3ms'])(
  '"%s" is refused with the units that exist',
  (text) => {
    expect(() => parseDuration(text)).toThrow('ms, s, min, h, d');
  },
);
