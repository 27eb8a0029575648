import { isSlug, VirtualClock } from '@plantroom/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RebirthThrottle } from './rebirth-throttle.ts';
import { SequenceWindow } from './sequence-window.ts';
import { slugOf } from './slug.ts';
import { dataType, decodePayload, scalarValue } from './sparkplug-codec.ts';

describe('slugs of foreign names', () => {
  test('are readable where the name is', () => {
    expect(slugOf('Tank A/Level (raw)')).toBe('tank-a.level-raw');
    expect(slugOf('pump-1')).toBe('pump-1');
  });

  test('are slugs for any name, the same each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
        expect(isSlug(slugOf(name))).toBe(true);
        expect(slugOf(name)).toBe(slugOf(name));
      }),
    );
  });

  test('keep names apart whose letters a slug cannot hold', () => {
    expect(slugOf('液位')).not.toBe(slugOf('压力'));
    expect(slugOf('a'.repeat(100))).not.toBe(slugOf('a'.repeat(101)));
  });
});

describe('sequence window', () => {
  test('puts any shuffle of fewer than 256 messages back into order', () => {
    const shuffled = fc
      .integer({ min: 1, max: 200 })
      .chain((count) => fc.shuffledSubarray([...Array(count).keys()], { minLength: count, maxLength: count }));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), shuffled, (birth, order) => {
        const window = new SequenceWindow<number>();
        window.restart(birth);
        const out = order.flatMap((i) => window.accept((birth + 1 + i) % 256, i));
        expect(out).toEqual(order.toSorted((a, b) => a - b));
        expect(window.waiting).toBe(false);
      }),
    );
  });

  test('gives up a gap in order and goes on behind it', () => {
    const window = new SequenceWindow<string>();
    window.restart(254);
    expect(window.accept(1, 'c')).toEqual([]);
    expect(window.accept(0, 'b')).toEqual([]);
    expect(window.giveUp()).toEqual(['b', 'c']);
    expect(window.accept(2, 'd')).toEqual(['d']);
  });
});

test('a rebirth is asked for after 5 s, 10 s, 20 s … and after a birth again at 5 s', () => {
  const clock = new VirtualClock();
  const throttle = new RebirthThrottle(clock);
  const takenAt: number[] = [];
  for (let second = 0; second <= 40; second++) {
    if (throttle.take()) takenAt.push(second);
    clock.advance(1_000);
  }
  expect(takenAt).toEqual([0, 5, 15, 35]);
  throttle.born();
  clock.advance(40_000);
  expect(throttle.take()).toBe(true);
  clock.advance(5_000);
  expect(throttle.take()).toBe(true);
});

describe('payload bytes typed by hand', () => {
  const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
  const first = (hex: string) => decodePayload(bytes(hex)).metrics[0]!;

  test('timestamp, sequence and a metric by alias without datatype', () => {
    // 1: timestamp varint 1000; 2: metric {2: alias 5, 13: double 2.5}; 3: seq 255
    const payload = decodePayload(bytes('08 e807  12 0b 10 05 69 0000000000000440  18 ff01'));
    expect(payload).toMatchObject({ timestampMs: 1000, seq: 255 });
    expect(scalarValue(payload.metrics[0]!, dataType.double)).toBe(2.5);
  });

  test('UInt32 above 2³¹ stays positive, as long and as int', () => {
    // {11: long 3000000000} and {10: int 3000000000}
    expect(scalarValue(first('12 06 58 80bcc1960b'), dataType.uint32)).toBe(3_000_000_000);
    expect(scalarValue(first('12 06 50 80bcc1960b'), dataType.uint32)).toBe(3_000_000_000);
  });

  test('a negative Int8 is read sign-extended to 32 bits and as a bare byte', () => {
    expect(scalarValue(first('12 06 50 ffffffff0f'), dataType.int8)).toBe(-1);
    expect(scalarValue(first('12 03 50 ff01'), dataType.int8)).toBe(-1);
  });

  test('Int64 is signed, UInt64 is not', () => {
    const minusOne = '12 0b 58 ffffffffffffffffff01';
    expect(scalarValue(first(minusOne), dataType.int64)).toBe(-1);
    expect(scalarValue(first(minusOne), dataType.uint64)).toBe(2 ** 64);
  });

  test('null, NaN and an absent value are no values', () => {
    expect(scalarValue(first('12 02 38 01'), dataType.double)).toBe(null);
    expect(scalarValue(first('12 09 69 000000000000f87f'), dataType.double)).toBe(null);
    expect(scalarValue(first('12 02 10 05'), dataType.boolean)).toBe(undefined);
  });

  test('bytes that end in the middle are refused by name', () => {
    expect(() => decodePayload(bytes('12 0b 10 05 69 0000'))).toThrow('PAYLOAD_INVALID');
  });
});
