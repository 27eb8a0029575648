import type { Shift } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { shiftAt } from './shift-at.ts';

const name = { zh: '班', en: 'shift' };
const two: Shift[] = [
  { id: 'day', name, from: '08:00', to: '20:00' },
  { id: 'night', name, from: '20:00', to: '08:00' },
];
const shown = (shifts: readonly Shift[], ms: number, zone = 'Asia/Shanghai') => {
  const { shift, fromMs, toMs } = shiftAt(shifts, ms, zone);
  return [shift.id, new Date(fromMs).toISOString().slice(0, 16), new Date(toMs).toISOString().slice(0, 16)];
};

describe('the shift that a time lies in', () => {
  test('by day, by night before and after midnight, its start in it and its end not', () => {
    const day = ['day', '2026-11-23T00:00', '2026-11-23T12:00'];
    const night = ['night', '2026-11-23T12:00', '2026-11-24T00:00'];
    expect(shown(two, Date.UTC(2026, 10, 23, 0))).toEqual(day);
    expect(shown(two, Date.UTC(2026, 10, 23, 11, 59, 59))).toEqual(day);
    expect(shown(two, Date.UTC(2026, 10, 23, 12))).toEqual(night);
    expect(shown(two, Date.UTC(2026, 10, 23, 20))).toEqual(night);
    expect(shown(two, Date.UTC(2026, 10, 24, 0))[0]).toBe('day');
  });

  test('over the end of a year, and with one shift for the whole day', () => {
    expect(shown(two, Date.UTC(2027, 0, 1, -4))).toEqual(['night', '2026-12-31T12:00', '2027-01-01T00:00']);
    expect(shown([{ id: 'all', name, from: '07:30', to: '07:30' }], Date.UTC(2026, 10, 23, 12), 'UTC')).toEqual([
      'all',
      '2026-11-23T07:30',
      '2026-11-24T07:30',
    ]);
  });

  test('a night in which the clocks change is an hour longer or shorter, without a gap', () => {
    expect(shown(two, Date.UTC(2026, 9, 25, 1), 'Europe/Berlin')).toEqual([
      'night',
      '2026-10-24T18:00',
      '2026-10-25T07:00',
    ]);
    for (let ms = Date.UTC(2026, 2, 28); ms < Date.UTC(2026, 2, 31); ms += 600_000) {
      const { fromMs, toMs } = shiftAt(two, ms, 'Europe/Berlin');
      expect(fromMs <= ms && ms < toMs).toBe(true);
    }
  });
});
