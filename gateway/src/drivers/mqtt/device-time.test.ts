import { expect, test } from 'vitest';
import { parseDeviceTime } from './device-time.ts';

const atMs = Date.UTC(2026, 0, 2, 3, 4, 5);

test.each([
  ['2026-01-02T03:04:05Z', atMs],
  ['2026-01-02T11:04:05+08:00', atMs],
  ['2026-01-02T03:04:05.250Z', atMs + 250],
  [atMs, atMs],
  [atMs / 1000, atMs],
  [atMs / 1000 + 0.25, atMs + 250],
])('%s is a time', (value, expected) => {
  expect(parseDeviceTime(value)).toBe(expected);
});

test.each(['2026-01-02T03:04:05', '03:04', '', 0, -1, Number.NaN, null, undefined, {}])('%s is none', (value) => {
  expect(parseDeviceTime(value)).toBeUndefined();
});
