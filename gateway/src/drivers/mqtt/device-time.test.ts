import { expect, test } from 'vitest';
import { parseDeviceTime } from './device-time.ts';
import { zoneOf } from './zone.ts';

const atMs = Date.UTC(2026, 0, 2, 3, 4, 5);

test.each([
  ['2026-01-02T03:04:05Z', atMs],
  ['2026-01-02T11:04:05+08:00', atMs],
  ['2026-01-02T11:04:05+0800', atMs],
  ['2026-01-02 03:04:05z', atMs],
  ['2026-01-02T03:04:05.250Z', atMs + 250],
  ['2026-03-02T04:05:06.789+00:00', Date.UTC(2026, 2, 2, 4, 5, 6, 789)],
  [atMs, atMs],
  [atMs / 1000, atMs],
  [atMs / 1000 + 0.25, atMs + 250],
])('%s is a time', (value, expected) => {
  expect(parseDeviceTime(value)).toBe(expected);
});

test.each(['2026-01-02T03:04:05', '2026-13-02T03:04:05Z', '03:04', '', 0, -1, Number.NaN, null, undefined, {}, []])(
  '%s is none',
  (value) => {
    expect(parseDeviceTime(value)).toBeUndefined();
  },
);

test.each([
  ['+08:00', '2026-01-02T11:04:05', atMs],
  ['-0330', '2026-01-01T23:34:05', atMs],
  ['UTC', '2026-01-02T03:04:05', atMs],
  ['Asia/Shanghai', '2026-01-02T11:04:05', atMs],
  ['Europe/Berlin', '2026-01-02T04:04:05', atMs],
  ['Europe/Berlin', '2026-07-02T05:04:05', Date.UTC(2026, 6, 2, 3, 4, 5)],
  // 25 October 2026, 03:00 CEST becomes 02:00 CET: 02:30 reads twice.
  ['Europe/Berlin', '2026-10-25T02:30:00', Date.UTC(2026, 9, 25, 0, 30)],
  ['Europe/Berlin', '2026-10-25T03:30:00', Date.UTC(2026, 9, 25, 2, 30)],
  // 29 March 2026, 02:00 CET becomes 03:00 CEST: 02:30 never reads.
  ['Europe/Berlin', '2026-03-29T02:30:00', Date.UTC(2026, 2, 29, 1, 30)],
  ['Europe/Berlin', '2026-03-29T03:30:00', Date.UTC(2026, 2, 29, 1, 30)],
])('in the zone %s the text %s is a time', (name, text, expected) => {
  expect(parseDeviceTime(text, zoneOf(name))).toBe(expected);
});

test('a zone in the text goes before the zone of the device', () => {
  expect(parseDeviceTime('2026-01-02T03:04:05Z', zoneOf('+08:00'))).toBe(atMs);
});

test.each(['', 'Mars/Olympus', '+99:00', '8', 'GMT+25'])('"%s" is no zone', (name) => {
  expect(zoneOf(name)).toBeUndefined();
});
