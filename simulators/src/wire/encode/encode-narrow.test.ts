import type { ModbusPoint } from '@plantroom/device-profiles';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeModbus } from './encode-modbus.ts';
import { toWords } from './words.ts';

const orders = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;
const point = (at: Partial<ModbusPoint['at']>, rest: Partial<ModbusPoint> = {}): ModbusPoint =>
  ({ point: 'x', ...rest, at: { table: 'holding', address: 0, type: 'u16', ...at } }) as ModbusPoint;

test('numbers of up to 32 bits lie in registers as those of any width do', () => {
  const types = ['u16', 's16', 'u32', 's32'] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      fc.constantFrom(...orders),
      fc.double({ min: -5e9, max: 5e9, noNaN: true }),
      (type, order, value) => {
        const bits = type.endsWith('32') ? 32 : 16;
        const [low, high] = type.startsWith('s') ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
        const held = Math.min(high, Math.max(low, Math.round(value)));
        expect(encodeModbus(point({ type, order }), value, { classUnit: 'none' })?.words).toEqual(
          toWords(BigInt(held), type, { order }),
        );
      },
    ),
  );
});

test('a float lies in registers as the manual has it', () => {
  for (const [order, words] of [
    ['ABCD', [0x42f6, 0xe979]],
    ['CDAB', [0xe979, 0x42f6]],
    ['BADC', [0xf642, 0x79e9]],
    ['DCBA', [0x79e9, 0xf642]],
  ] as const)
    expect(encodeModbus(point({ type: 'f32', order }), 123.456, { classUnit: 'none' })?.words).toEqual(words);
});

test('a field of bits keeps to its own bits, signed or not', () => {
  const encode = (bits: ModbusPoint['bits'], value: number, bitShift = 0) =>
    encodeModbus(point({ type: 'u32' }, bits === undefined ? {} : { bits }), value, { classUnit: 'none', bitShift });
  expect(encode({ from: 4, count: 3 }, 5)).toEqual({ words: [0, 0x50], mask: [0, 0x70] });
  expect(encode({ from: 4, count: 3 }, 99)).toEqual({ words: [0, 0x70], mask: [0, 0x70] });
  expect(encode({ from: 4, count: 3, signed: true }, -1)).toEqual({ words: [0, 0x70], mask: [0, 0x70] });
  expect(encode({ from: 28, count: 4 }, 15)).toEqual({ words: [0xf000, 0], mask: [0xf000, 0] });
  expect(encode({ from: 0, count: 1 }, 1, 17)).toEqual({ words: [2, 0], mask: [2, 0] });
  expect(encode({ from: 0, count: 32 }, 0xffff_ffff)).toEqual({ words: [0xffff, 0xffff], mask: [0xffff, 0xffff] });
});

test('what is no number is an error, not a register', () => {
  expect(() => encodeModbus(point({}), Number.NaN, { classUnit: 'none' })).toThrow('ENCODE_NOT_FINITE');
});
