import type { Reading } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { pointTable } from '../../pipeline/point-table.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { encodeLines, escapeMeasurement, escapeTag, lineTargets, type WrittenQuality } from './encode-lines.ts';

const table = pointTable('tower', [
  testDevice('drive', [
    testBinding('flow'),
    testBinding('running', { kind: 'boolean' }),
    testBinding('serial', { kind: 'string' }),
    testBinding('flow', { equipment: 'pump-2' }),
  ]),
]);
const targets = lineTargets(table);
const t = 1_750_000_000_000;
const good = (point: string, value: Reading['value'], wireTimeMs = t): Reading => ({
  point: `tower/${point}`,
  value,
  quality: 'good',
  wireTimeMs,
});
const known = (): WrittenQuality => new Map([...targets.keys()].map((id) => [id, 'code=192']));
const lines = (readings: Reading[], written = known()): string[] => encodeLines(readings, { targets, written }).lines;

describe('encode lines', () => {
  test('points of one equipment with the same time share a line, others do not', () => {
    expect(
      lines([
        good('pump-1/flow', 12.5),
        good('pump-2/flow', 3),
        good('pump-1/running', true),
        good('pump-1/running', false, t + 1),
      ]),
    ).toEqual([
      `pump,site=tower,equipment=pump-1 flow=12.5,running=1 ${t}`,
      `pump,site=tower,equipment=pump-2 flow=3 ${t}`,
      `pump,site=tower,equipment=pump-1 running=0 ${t + 1}`,
    ]);
  });

  test('a time that comes again after a later one begins a line of its own', () => {
    expect(
      lines([
        good('pump-1/flow', 1),
        good('pump-1/flow', 2, t + 1),
        good('pump-1/running', true),
        good('pump-2/flow', 3),
      ]),
    ).toEqual([
      `pump,site=tower,equipment=pump-1 flow=1 ${t}`,
      `pump,site=tower,equipment=pump-1 flow=2 ${t + 1}`,
      `pump,site=tower,equipment=pump-1 running=1 ${t}`,
      `pump,site=tower,equipment=pump-2 flow=3 ${t}`,
    ]);
  });

  test('texts and unknown points are not written', () => {
    expect(lines([good('pump-1/serial', 'A-17'), good('pump-9/flow', 1)])).toEqual([]);
  });

  test('a bad value is not written, its change of quality is, once', () => {
    const lost = (wireTimeMs: number): Reading => ({
      ...good('pump-1/flow', null, wireTimeMs),
      quality: 'bad',
      reason: 'comm-lost',
    });
    expect(lines([lost(t), lost(t + 5), good('pump-1/flow', 1, t + 9)])).toEqual([
      `pump,site=tower,equipment=pump-1 flow=1 ${t + 9}`,
      `point_quality,site=tower,equipment=pump-1,point=flow code=0,reason="comm-lost" ${t}`,
      `point_quality,site=tower,equipment=pump-1,point=flow code=192 ${t + 9}`,
    ]);
  });

  test('an uncertain value is written together with why', () => {
    expect(lines([{ ...good('pump-1/flow', 900), quality: 'uncertain', reason: 'out-of-range' }])).toEqual([
      `pump,site=tower,equipment=pump-1 flow=900 ${t}`,
      `point_quality,site=tower,equipment=pump-1,point=flow code=500,reason="out-of-range" ${t}`,
    ]);
  });

  test('a stale value was not measured then: only the change of quality is written', () => {
    expect(lines([{ ...good('pump-1/flow', 12), quality: 'uncertain', reason: 'stale' }])).toEqual([
      `point_quality,site=tower,equipment=pump-1,point=flow code=500,reason="stale" ${t}`,
    ]);
  });

  test('the first reading of a point says its quality; the state moves only when the caller merges it', () => {
    const written: WrittenQuality = new Map();
    const first = encodeLines([good('pump-1/flow', 1)], { targets, written });
    expect(first.lines).toHaveLength(2);
    expect(encodeLines([good('pump-1/flow', 1)], { targets, written }).lines).toEqual(first.lines);
    expect([...first.qualities]).toEqual([['tower/pump-1/flow', 'code=192']]);
  });

  test('what line protocol would misread is escaped', () => {
    expect(escapeMeasurement('water pump, main=1')).toBe('water\\ pump\\,\\ main=1');
    expect(escapeTag('a b,c=d')).toBe('a\\ b\\,c\\=d');
  });

  test('very large and very small numbers keep their digits', () => {
    expect(lines([good('pump-1/flow', 1.5e-9), good('pump-1/flow', 1.25e21, t + 1)])).toEqual([
      `pump,site=tower,equipment=pump-1 flow=1.5e-9 ${t}`,
      `pump,site=tower,equipment=pump-1 flow=1.25e+21 ${t + 1}`,
    ]);
  });
});
