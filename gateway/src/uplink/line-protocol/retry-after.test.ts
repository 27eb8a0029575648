import { expect, test } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const nowMs = Date.UTC(2026, 0, 20, 8, 0, 0);
const http = (ms: number): string => new Date(ms).toUTCString();

test.each([
  ['seconds', '30', undefined, 30_000],
  ['nought seconds', '0', undefined, 0],
  ['an HTTP date', http(nowMs + 90_000), undefined, 90_000],
  [
    'an HTTP date against the date of the answer, whose clock is an hour ahead',
    http(nowMs + 3_690_000),
    http(nowMs + 3_600_000),
    90_000,
  ],
  ['a date that has passed', http(nowMs - 5000), undefined, 0],
  ['more than an hour is taken for an hour', '86400', undefined, 3_600_000],
  ['no header', undefined, undefined, undefined],
  ['an empty one', ' ', undefined, undefined],
  ['nonsense', 'soon', undefined, undefined],
  ['a number that is no count of seconds', '-5', undefined, undefined],
  ['a day that is no date', 'Monday', undefined, undefined],
])('%s', (_name, header, date, expected) => {
  expect(retryAfterMs(header, { date, nowMs })).toBe(expected);
});
