import type { ClassPoint } from '@plantroom/device-profiles';
import { describe, expect, test } from 'vitest';
import { type MapEntry, MetricMap } from './metric-map.ts';

const name = { zh: '点', en: 'point' };
const temperature: ClassPoint = { name, kind: 'number', unit: 'degC', range: [-30, 80] };
const entry = (more: Partial<MapEntry> = {}): MapEntry => ({
  site: 'tower',
  group: 'Plant 1',
  node: 'Ignition Edge',
  device: 'PLC',
  metric: 'AHU-{n}/Temp Supply',
  equipment: 'ahu-{n}',
  class: 'ahu',
  point: 'supply-temperature',
  timeoutMs: null,
  classPoint: temperature,
  ...more,
});
const at = { group: 'Plant 1', node: 'Ignition Edge', device: 'PLC' };
const good = (value: number | boolean | string | null) =>
  ({ point: 'p', value, quality: 'good', wireTimeMs: 1 }) as const;

describe('metrics of foreign nodes', () => {
  test('go by pattern to the equipment of the same number, and to none where group, node, device or a sign differs', () => {
    const map = new MetricMap([entry()]);
    expect(map.find({ ...at, metric: 'AHU-12/Temp Supply' })?.point).toBe('tower/ahu-12/supply-temperature');
    expect(map.find({ ...at, metric: 'AHU-B 2/Temp Supply' })?.point).toBe('tower/ahu-b-2/supply-temperature');
    for (const other of [
      { ...at, metric: 'AHU-/Temp Supply' },
      { ...at, metric: 'AHU-1/2/Temp Supply' },
      { ...at, metric: 'AHU-1/Temp Supply2' },
      { ...at, device: null, metric: 'AHU-1/Temp Supply' },
      { ...at, node: 'Ignition edge', metric: 'AHU-1/Temp Supply' },
    ])
      expect(map.find(other)).toBeUndefined();
  });

  test('signs that mean something in patterns of other tools mean themselves', () => {
    const map = new MetricMap([entry({ metric: 'T (°C) [a.b]*+?{n}|^$' })]);
    expect(map.find({ ...at, metric: 'T (°C) [a.b]*+?7|^$' })?.point).toBe('tower/ahu-7/supply-temperature');
    expect(map.find({ ...at, metric: 'T (°C) [aXb]*+?7|^$' })).toBeUndefined();
  });

  test('a name that is there twice stands for the same text both times', () => {
    const map = new MetricMap([entry({ device: 'PLC{n}', metric: 'AHU{n}/T' })]);
    expect(map.find({ ...at, device: 'PLC3', metric: 'AHU3/T' })?.point).toBe('tower/ahu-3/supply-temperature');
    expect(map.find({ ...at, device: 'PLC3', metric: 'AHU4/T' })).toBeUndefined();
  });

  test('those of the node itself are of no device', () => {
    const map = new MetricMap([entry({ device: null, metric: 'Outdoor', equipment: 'ahu-1' })]);
    expect(map.find({ ...at, device: null, metric: 'Outdoor' })?.point).toBe('tower/ahu-1/supply-temperature');
    expect(map.find({ ...at, metric: 'Outdoor' })).toBeUndefined();
  });

  test('the first entry that fits counts', () => {
    const map = new MetricMap([entry({ metric: 'AHU-1/Temp Supply', equipment: 'special' }), entry()]);
    expect(map.find({ ...at, metric: 'AHU-1/Temp Supply' })?.point).toBe('tower/special/supply-temperature');
    expect(map.find({ ...at, metric: 'AHU-2/Temp Supply' })?.point).toBe('tower/ahu-2/supply-temperature');
  });
});

describe('values of mapped metrics', () => {
  const converted = (more: Partial<MapEntry>, value: Parameters<typeof good>[0]) =>
    new MetricMap([entry({ metric: 'x', equipment: 'e', ...more })]).find({ ...at, metric: 'x' })?.convert(good(value));

  test('go to the base unit, and outside the plausible range are uncertain', () => {
    expect(converted({ unit: 'degF' }, 68)).toMatchObject({ value: expect.closeTo(20, 9), quality: 'good' });
    expect(converted({ unit: 'degF' }, 500)).toMatchObject({
      value: expect.closeTo(260, 9),
      quality: 'uncertain',
      reason: 'out-of-range',
    });
    expect(converted({}, '21.5')).toMatchObject({ value: 21.5, quality: 'good' });
  });

  test.each([
    ['text that is no number', {}, 'n/a'],
    ['empty text', {}, ''],
    ['a number that is no switch position', { classPoint: { name, kind: 'boolean', unit: 'none' } }, 2],
    ['half a code', { classPoint: { name, kind: 'enum', unit: 'none', states: {} } }, 1.5],
    ['a value that the list does not have', { values: { RUN: 1 } }, 'TRIP'],
  ] as const)('%s is bad, never a value', (_, more, value) => {
    expect(converted(more as Partial<MapEntry>, value)).toMatchObject({
      value: null,
      quality: 'bad',
      reason: 'device-error',
    });
  });

  test('switches come as 0 and 1, codes and words by their list; null stays null', () => {
    const boolean: ClassPoint = { name, kind: 'boolean', unit: 'none' };
    expect(converted({ classPoint: boolean }, 1)).toMatchObject({ value: true });
    expect(converted({ classPoint: boolean, values: { Trip: true, OK: false } }, 'OK')).toMatchObject({ value: false });
    const mode: ClassPoint = { name, kind: 'enum', unit: 'none', states: { '5': name } };
    expect(converted({ classPoint: mode, values: { AWAY: 5 } }, 'AWAY')).toMatchObject({ value: 5, quality: 'good' });
    expect(converted({ unit: 'degF' }, null)).toMatchObject({ value: null });
  });
});
