import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteOrder, RawType } from '../address-schema.ts';
import type { ModbusPoint } from '../profile-schema.ts';
import { addressesOf } from './addresses.ts';
import { decodeModbus } from './decode-modbus.ts';
import { decodeMqtt } from './decode-mqtt.ts';

type Extra = Partial<Omit<ModbusPoint, 'at'>> & { at?: Partial<ModbusPoint['at']> };
type Target = Partial<Parameters<typeof decodeModbus>[1]>;

function decoder(type: RawType, extra: Extra = {}, target: Target = {}) {
  const point: ModbusPoint = { point: 'p', ...extra, at: { table: 'holding', address: 0, type, ...extra.at } };
  return decodeModbus(point, { kind: 'number', unit: 'none', order: 'ABCD', entries: [0], ...target });
}
const value = (type: RawType, words: number[], extra?: Extra, target?: Target) =>
  decoder(type, extra, target)(words).value;
const bad = { value: null, quality: 'bad', reason: 'device-error' };

describe('literal bytes', () => {
  // 0x01020304 = 16909060, 0x41480000 = 12.5, 0xFFFDF0A8 = -135000
  it.each<[RawType, ByteOrder, number[], number]>([
    ['u16', 'ABCD', [0x0102], 258],
    ['u16', 'CDAB', [0x0102], 258],
    ['u16', 'BADC', [0x0201], 258],
    ['u16', 'DCBA', [0x0201], 258],
    ['s16', 'ABCD', [0xff38], -200],
    ['s16', 'BADC', [0x38ff], -200],
    ['u32', 'ABCD', [0x0102, 0x0304], 16909060],
    ['u32', 'CDAB', [0x0304, 0x0102], 16909060],
    ['u32', 'BADC', [0x0201, 0x0403], 16909060],
    ['u32', 'DCBA', [0x0403, 0x0201], 16909060],
    ['u32', 'ABCD', [0xffff, 0xffff], 4294967295],
    ['s32', 'ABCD', [0xfffd, 0xf0a8], -135000],
    ['s32', 'CDAB', [0xf0a8, 0xfffd], -135000],
    ['s32', 'BADC', [0xfdff, 0xa8f0], -135000],
    ['s32', 'DCBA', [0xa8f0, 0xfdff], -135000],
    ['f32', 'ABCD', [0x4148, 0x0000], 12.5],
    ['f32', 'CDAB', [0x0000, 0x4148], 12.5],
    ['f32', 'BADC', [0x4841, 0x0000], 12.5],
    ['f32', 'DCBA', [0x0000, 0x4841], 12.5],
    ['u64', 'ABCD', [0x0000, 0x0002, 0x540b, 0xe400], 10000000000],
    ['u64', 'CDAB', [0xe400, 0x540b, 0x0002, 0x0000], 10000000000],
    ['u64', 'BADC', [0x0000, 0x0200, 0x0b54, 0x00e4], 10000000000],
    ['u64', 'DCBA', [0x00e4, 0x0b54, 0x0200, 0x0000], 10000000000],
    ['s64', 'ABCD', [0xffff, 0xffff, 0xffff, 0xfc18], -1000],
    ['s64', 'CDAB', [0xfc18, 0xffff, 0xffff, 0xffff], -1000],
    ['f64', 'ABCD', [0x4029, 0x0000, 0x0000, 0x0000], 12.5],
    ['f64', 'DCBA', [0x0000, 0x0000, 0x0000, 0x2940], 12.5],
  ])('%s %s %j is %d', (type, order, words, want) => {
    expect(decoder(type, {}, { order })(words)).toEqual({ value: want, quality: 'good' });
  });

  it('the order of the point goes before that of the profile', () => {
    expect(value('u32', [1, 0], { at: { order: 'CDAB' } }, { order: 'ABCD' })).toBe(1);
  });

  it('a string ends at the first NUL, and only its bytes are swapped', () => {
    const at = { length: 3 };
    expect(value('string', [0x4142, 0x4320, 0x0044], { at }, { kind: 'string' })).toBe('ABC');
    expect(value('string', [0x4241, 0x4443, 0x0000], { at }, { kind: 'string', order: 'DCBA' })).toBe('ABCD');
  });
});

it('reads back what an independent encoder wrote', () => {
  const types = ['u16', 's16', 'u32', 's32', 'u64', 's64', 'f32', 'f64'] as const;
  const orders = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;
  const law = fc.property(
    fc.constantFrom(...types),
    fc.constantFrom(...orders),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    (type, order, bits) => {
      const view = new DataView(new ArrayBuffer(8));
      view.setBigUint64(0, bits);
      const size = Number(type.slice(1)) / 8;
      const want = {
        u16: view.getUint16(0),
        s16: view.getInt16(0),
        u32: view.getUint32(0),
        s32: view.getInt32(0),
        u64: Number(view.getBigUint64(0)),
        s64: Number(view.getBigInt64(0)),
        f32: view.getFloat32(0),
        f64: view.getFloat64(0),
      }[type];
      const words: number[] = [];
      for (let i = 0; i < size; i += 2) words.push(view.getUint16(i, order === 'BADC' || order === 'DCBA'));
      if (order === 'CDAB' || order === 'DCBA') words.reverse();
      const got = decoder(type, {}, { order })(words);
      if (!Number.isFinite(want)) expect(got).toEqual(bad);
      // Two roundings of a 64-bit integer may differ in the last bit.
      else if (typeof got.value === 'number' && type.endsWith('64'))
        expect(Math.abs(got.value - want)).toBeLessThanOrEqual(Math.abs(want) * 2 ** -51);
      else expect(got.value === want).toBe(true);
    },
  );
  fc.assert(law, { numRuns: 2000, seed: 1 });
});

describe('not available', () => {
  it.each([[[0x7fc0, 0]], [[0xffff, 0xffff]], [[0x7f80, 0]], [[0xff80, 0]]])('f32 %j is bad', (words) => {
    expect(decoder('f32')(words)).toEqual(bad);
  });

  it('is tested at the width of the type, before scale, and may be written signed', () => {
    expect(value('u16', [0xffff], { absent: ['0xFFFF'], scale: 0.1 })).toBeNull();
    expect(value('s16', [0x8000], { absent: [-32768] })).toBeNull();
    expect(value('s16', [0x7fff], { absent: ['0x7FFF', '0x8000'] })).toBeNull();
    expect(value('u32', [0xffff, 0xffff], { absent: ['0xFFFFFFFF'] })).toBeNull();
    expect(value('u32', [0, 0xffff], { absent: ['0xFFFFFFFF'] })).toBe(65535);
    expect(value('u32', [0, 0xffff], { absent: ['0xFFFF'] }, { order: 'CDAB' })).toBe(0xffff0000);
    expect(value('s64', [0x8000, 0, 0, 0], { absent: ['0x8000000000000000'] })).toBeNull();
    expect(value('u16', [660], { absent: [66], scale: 0.1 })).toBe(66);
  });

  it('too few words are bad', () => {
    expect(decoder('u32')([1])).toEqual(bad);
    expect(decoder('u16')([])).toEqual(bad);
    expect(decoder('u16')({ payload: 1 })).toEqual(bad);
  });
});

describe('meaning', () => {
  const yes = { kind: 'boolean' } as const;

  it('takes scale, offset and unit in this order', () => {
    expect(value('u16', [235], { scale: 0.1 })).toBe(23.5);
    expect(value('s16', [0xff85], { scale: 0.1, offset: 5 })).toBeCloseTo(-7.3, 12);
    expect(value('u16', [29315], { scale: 0.01, unit: 'K' }, { unit: 'degC' })).toBeCloseTo(20, 9);
    expect(value('u16', [1875], { scale: 0.001, unit: 'bar' }, { unit: 'kPa' })).toBe(187.5);
    expect(value('u16', [212], { unit: 'degF' }, { unit: 'degC' })).toBeCloseTo(100, 9);
  });

  it('reads bit fields, the sign bit too', () => {
    expect(value('u16', [0x8000], { bits: { from: 15, count: 1 } }, yes)).toBe(true);
    expect(value('s16', [0x8000], { bits: { from: 15, count: 1 } }, yes)).toBe(true);
    expect(value('u16', [0x7fff], { bits: { from: 15, count: 1 } }, yes)).toBe(false);
    expect(value('u16', [0x0570], { bits: { from: 4, count: 4 } })).toBe(7);
    expect(value('u32', [0xabcd, 0x1234], { bits: { from: 28, count: 4 } })).toBe(0xa);
  });

  it('matches any of several masks', () => {
    const match = [
      { mask: 0x08ff, value: 0x0810 },
      { mask: 0x08ff, value: 0x0814 },
    ];
    expect(value('u16', [0x0c10], { match }, yes)).toBe(true);
    expect(value('u16', [0x0d14], { match }, yes)).toBe(true);
    expect(value('u16', [0x1410], { match }, yes)).toBe(false);
    expect(value('u32', [0x8000, 0], { match: [{ mask: 0x80000000, value: 0x80000000 }] }, yes)).toBe(true);
  });

  it('maps codes, and an unlisted code is a device error', () => {
    const map = { '0': 8, '7': 1, '-1': 4 };
    expect(value('u16', [7], { map }, { kind: 'enum' })).toBe(1);
    expect(value('s16', [0xffff], { map }, { kind: 'enum' })).toBe(4);
    expect(decoder('u16', { map }, { kind: 'enum' })([3])).toEqual(bad);
    expect(value('u16', [3], { map: { '2': false, '3': true } }, yes)).toBe(true);
    expect(decoder('u16', {}, yes)([2])).toEqual(bad);
  });

  it('counts in another radix, and a digit beyond it is bad', () => {
    expect(value('u32', [312, 4567], { at: { radix: 10000 } })).toBe(3124567);
    expect(value('u32', [4567, 312], { at: { radix: 10000, order: 'CDAB' } })).toBe(3124567);
    expect(value('u64', [1, 2, 3, 4], { at: { radix: 1000 } })).toBe(1002003004);
    expect(decoder('u32', { at: { radix: 10000 } })([0, 10000])).toEqual(bad);
  });

  it('combines several addresses and leaves absent ones out', () => {
    const fire = { absent: ['0xFFFF'], match: [{ mask: 0x08ff, value: 0x0810 }] };
    const over = (combine: 'any' | 'all' | 'count' | 'first', words: number[]) =>
      value('u16', words, { ...fire, combine }, { entries: [11, 12, 13] });
    expect(over('any', [0x1400, 0x0c10, 0xffff])).toBe(true);
    expect(over('any', [0x1400, 0x1400, 0xffff])).toBe(false);
    expect(over('all', [0x0c10, 0x0c10, 0xffff])).toBe(true);
    expect(over('all', [0x0c10, 0x1400, 0xffff])).toBe(false);
    expect(over('count', [0x0c10, 0x1400, 0x0c10])).toBe(2);
    expect(over('first', [0xffff, 0x0c10, 0x0c10])).toBe(12);
    expect(over('first', [0x1400, 0x1400, 0x1400])).toBe(0);
    expect(over('any', [0xffff, 0xffff, 0xffff])).toBeNull();
  });

  it('steps through every combination of lists, and through also', () => {
    const at = {
      table: 'holding',
      address: 0,
      type: 'u16',
      plus: [
        { of: 'loops', times: 400 },
        { of: 'detectors', times: 1 },
      ],
      also: [{ address: 200, plus: [{ of: 'loops', times: 400 }] }],
    } as const;
    expect(
      addressesOf(structuredClone(at) as unknown as ModbusPoint['at'], { loops: [1, 2], detectors: [3, 9] }),
    ).toEqual({
      addresses: [2, 8, 402, 408, 200, 600],
      entries: [3, 9, 3, 9, 1, 2],
    });
  });
});

describe('MQTT', () => {
  it('tells a missing field from a null one', () => {
    const decode = decodeMqtt({ point: 't', at: { path: 'a.0.t', type: 'number' } }, { kind: 'number', unit: 'degC' });
    expect(decode({ payload: { a: [{ t: 21.5 }] } })).toEqual({ value: 21.5, quality: 'good' });
    expect(decode({ payload: { a: [{ t: null }] } })).toEqual(bad);
    expect(decode({ payload: { a: [] } })).toBeUndefined();
    expect(decode({ payload: { a: [{ t: 'warm' }] } })).toEqual(bad);
  });

  it('a point is read from whichever of its places the message has, unless the message says that it tells nothing', () => {
    const places = [
      { topic: 'up', path: 'object.battery' },
      { topic: 'status', path: 'batteryLevel', unless: { external: true, unknown: true } },
      { topic: 'status', path: 'battery' },
    ];
    const decode = decodeMqtt(
      { point: 'battery', at: { path: 'object.battery', type: 'number' } },
      { kind: 'number', unit: 'percent' },
      { places },
    );
    const read = (topic: string, payload: unknown) => decode({ payload, topic })?.value;
    expect(read('up', { object: { battery: 92 } })).toBe(92);
    expect(read('status', { batteryLevel: 61.5, external: false })).toBe(61.5);
    expect(read('status', { batteryLevel: 0, external: true })).toBeUndefined();
    expect(read('status', { batteryLevel: 0, external: true, battery: 7 })).toBe(7);
    expect(read('status', { object: { battery: 92 } })).toBeUndefined();
    expect(read('other', { object: { battery: 92 } })).toBeUndefined();
    expect(decode({ payload: { object: { battery: 92 } } })?.value).toBe(92);
  });
});
