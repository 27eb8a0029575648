import { crc32 } from 'node:zlib';
import { qualities, qualityReasons, type Reading } from '@plantroom/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBatch, encodeBatch } from './batch-codec.ts';

const points = ['a/b/c', 'a/b/d', 'a/b/e'];
const idOf = (point: string): number => points.indexOf(point);
const pointOf = (id: number): string | undefined => points[id];

const readings: Reading[] = [
  { point: 'a/b/c', value: 0.5, quality: 'good', wireTimeMs: 1000 },
  { point: 'a/b/d', value: true, quality: 'uncertain', reason: 'out-of-range', wireTimeMs: 1000 },
  { point: 'a/b/c', value: null, quality: 'bad', reason: 'comm-lost', wireTimeMs: 1300, deviceTimeMs: 1299 },
  { point: 'a/b/e', value: -3, quality: 'good', wireTimeMs: 1299 },
];

const body = [
  0x01, // version
  0x04, // four readings
  0x00,
  0x02,
  0x01,
  0x04, // ids 0, +1, -1, +2
  0xd0,
  0x0f,
  0x00,
  0xd8,
  0x04,
  0x01, // times +1000, 0, +300, -1
  0x02,
  0x0d,
  0x30,
  0x03, // float32 good, true uncertain, null bad with device time, integer good
  0x02,
  0x04, // out-of-range, comm-lost
  0x01, // device time: one ms before the wire
  0x00,
  0x00,
  0x00,
  0x3f, // 0.5 as float32
  0x05, // -3
];

describe('batch codec', () => {
  test('readings become exactly these bytes', () => {
    const bytes = encodeBatch(readings, idOf);
    expect([...bytes.subarray(0, -4)]).toEqual(body);
    expect(new DataView(bytes.buffer).getUint32(body.length, true)).toBe(crc32(Uint8Array.from(body)));
    expect(decodeBatch(bytes, pointOf)).toEqual(readings);
  });

  test('every reading survives the round trip', () => {
    const anyReading = fc
      .record(
        {
          point: fc.constantFrom(...points),
          value: fc.oneof(
            fc.double(),
            fc.float(),
            fc.integer(),
            fc.maxSafeInteger(),
            fc.boolean(),
            fc.string({ unit: 'grapheme' }),
            fc.constant(null),
          ),
          quality: fc.constantFrom(...qualities),
          reason: fc.option(fc.constantFrom(...qualityReasons), { nil: undefined }),
          wireTimeMs: fc.integer({ min: 0, max: 4e12 }),
          deviceTimeMs: fc.option(fc.integer({ min: 0, max: 4e12 }), { nil: undefined }),
        },
        { requiredKeys: ['point', 'value', 'quality', 'wireTimeMs'] },
      )
      .map(({ reason, deviceTimeMs, ...rest }): Reading => {
        const reading: Reading = { ...rest };
        if (reason !== undefined && rest.quality !== 'good') reading.reason = reason;
        if (deviceTimeMs !== undefined) reading.deviceTimeMs = deviceTimeMs;
        return reading;
      });
    fc.assert(
      fc.property(fc.array(anyReading), (all) => {
        expect(decodeBatch(encodeBatch(all, idOf), pointOf)).toEqual(all);
      }),
    );
  });

  test('thirty floats of one poll take less than eight bytes each', () => {
    const many = Array.from(
      { length: 30 },
      (_, i): Reading => ({
        point: `p${i}`,
        value: Math.fround(i * 1.37),
        quality: 'good',
        wireTimeMs: 1_800_000_000_000,
      }),
    );
    expect(encodeBatch(many, (point) => Number(point.slice(1))).length).toBeLessThan(30 * 8);
  });

  test('any changed byte is noticed', () => {
    const bytes = encodeBatch(readings, idOf);
    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.slice();
      changed[i] = (changed[i] ?? 0) ^ 0x10;
      expect(() => decodeBatch(changed, pointOf), `byte ${i}`).toThrow(/OUTBOX_BATCH_DAMAGED/);
    }
    expect(() => decodeBatch(bytes.subarray(0, 10), pointOf)).toThrow(/OUTBOX_BATCH_DAMAGED/);
    expect(() => decodeBatch(new Uint8Array(), pointOf)).toThrow(/OUTBOX_BATCH_DAMAGED/);
  });

  test('a point that the dictionary does not know is damage, not a reading without a name', () => {
    expect(() => decodeBatch(encodeBatch(readings, idOf), () => undefined)).toThrow(/not in the dictionary/);
  });
});
