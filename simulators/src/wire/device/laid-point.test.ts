import type { ModbusPoint } from '@plantroom/device-profiles';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeModbus } from '../encode/encode-modbus.ts';
import { RegisterBank } from '../modbus/register-bank.ts';
import { layingOf } from './laid-point.ts';

const orders = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;
const types = ['bool', 'u16', 's16', 'u32', 's32', 'f32'] as const;
const addresses = [10, 40];

/** A bank with other points' bits in it. */
function bankOf(held: number): RegisterBank {
  const bank = new RegisterBank();
  bank.define('holding', 0, { count: 100, word: held });
  return bank;
}

const pointOf = (at: Partial<ModbusPoint['at']>, rest: Partial<ModbusPoint>): ModbusPoint =>
  ({ point: 'x', ...rest, at: { table: 'holding', address: 0, type: 'u16', ...at } }) as ModbusPoint;

const bits = fc.record({ from: fc.nat(8), count: fc.integer({ min: 1, max: 8 }), signed: fc.boolean() });

test('a value lies in each register of a point as it is encoded, and others’ bits stay', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      fc.constantFrom(...orders),
      fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.boolean(), fc.constant(null)),
      fc.option(bits, { nil: undefined }),
      fc.record({ held: fc.nat(0xffff), scale: fc.constantFrom(1, 0.1, 3), factor: fc.constantFrom(1, 10, 0.3) }),
      (type, order, value, field, { held, scale, factor }) => {
        const isFloat = type === 'f32';
        const rest = { scale, absent: [0x7fff], ...(field === undefined || isFloat ? {} : { bits: field }) };
        const point = pointOf({ type, order }, rest as Partial<ModbusPoint>);
        const options = { classUnit: 'none', factor, bitShift: 1 } as const;
        const laid = bankOf(held);
        layingOf(point, { bank: laid, addresses, ...options })(value);
        const put = bankOf(held);
        const encoded = encodeModbus(point, value, options)!;
        for (const address of addresses) put.put('holding', address, encoded);
        expect([...laid.get('holding', 0, 100)]).toEqual([...put.get('holding', 0, 100)]);
      },
    ),
  );
});

test('a pattern is laid only where the register does not mean it already', () => {
  const match = [
    { mask: 0x0f00, value: 0x0300 },
    { mask: 0xf000, value: 0 },
  ];
  for (const type of ['u16', 's16'] as const)
    for (const [held, value, word] of [
      [0x03ab, true, 0x03ab],
      [0x0fab, true, 0x0fab],
      [0x1fab, true, 0x13ab],
      [0x13ab, false, 0xf0ab],
      [0x1fab, false, 0x1fab],
    ] as const) {
      const bank = bankOf(held);
      layingOf(pointOf({ type }, { match }), { bank, addresses, classUnit: 'none' })(value);
      expect([...bank.get('holding', 10, 1)], `${held.toString(16)} ${value}`).toEqual([word]);
    }
});

test('a value that has not changed is laid again where others have been', () => {
  const bank = bankOf(0);
  const lay = layingOf(pointOf({ type: 'f32' }, {}), { bank, addresses: [10], classUnit: 'none' });
  for (const [value, words] of [
    [1.5, [0x3fc0, 0]],
    [1.5, [0x3fc0, 0]],
    [0, [0, 0]],
    [-0, [0x8000, 0]],
  ] as const) {
    lay(value);
    expect([...bank.get('holding', 10, 2)], `${value}`).toEqual(words);
    bank.put('holding', 10, { words: [0xffff, 0xffff] });
  }
});
