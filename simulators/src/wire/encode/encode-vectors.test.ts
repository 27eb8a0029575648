import { fileURLToPath } from 'node:url';
import {
  type ByteOrder,
  type DeviceProfile,
  expandNumberList,
  loadCatalog,
  loadVectors,
  type ModbusPoint,
  type VectorFile,
} from '@plantroom/device-profiles';
import { describe, expect, it } from 'vitest';
import { addressesOf } from '../device/address.ts';
import type { Parameters } from '../device/served-device.ts';
import { encodeModbus } from './encode-modbus.ts';
import { factorOf, factorWords, plainRaw } from './factors.ts';
import { toWords } from './words.ts';

const folders = [fileURLToPath(new URL('../../../examples/replay-pump-bed/catalog', import.meta.url))];
const { catalog } = loadCatalog({ folders });
const { vectors } = loadVectors({ folders });

function wordsAt(registers: VectorFile['vectors'][number]['registers'], point: ModbusPoint, address: number) {
  const found: number[] = [];
  const tables: Partial<Record<string, Record<string, number[]>>> = registers ?? {};
  const blocks = Object.entries(tables[point.at.table] ?? {});
  for (const [start, words] of blocks) for (const [i, word] of words.entries()) found[Number(start) + i] = word;
  return (length: number) => found.slice(address, address + length);
}

/** Product of what the typed scale registers say; 1 where the point has none. */
function factorTyped(
  registers: VectorFile['vectors'][number]['registers'],
  point: ModbusPoint,
  order: ByteOrder | undefined,
): number {
  let product = 1;
  for (const scale of point.scaleBy ?? []) {
    const at = { ...point.at, table: scale.table ?? point.at.table };
    const typed = wordsAt(registers, { ...point, at }, scale.address)(factorWords(scale, plainRaw(scale)).length);
    const raw = [...Array(65536).keys()].find((n) => factorWords(scale, n, order).join() === typed.join());
    product *= factorOf(scale, raw ?? Number.NaN) ?? Number.NaN;
  }
  return product;
}

const cases = [...vectors.values()].flatMap((file) =>
  file.vectors.map((vector) => ({ profile: file.profile, name: vector.name, vector })),
);

describe('encoding what a vector expects gives the registers that were typed', () => {
  it.each(cases)('$profile: $name', ({ profile: id, vector }) => {
    const profile = catalog.profiles.get(id);
    if (profile?.protocol !== 'modbus') return;
    for (const [name, value] of Object.entries(vector.expect)) {
      const [head = '', tail] = name.split('.');
      const point: ModbusPoint | undefined = profile.points.find(
        (p) => p.point === (tail ?? head) && (tail === undefined || p.role === head),
      );
      // Several raw words can mean the same where patterns or several addresses are combined.
      if (point === undefined || value === null || point.match !== undefined || point.combine !== undefined) continue;
      const codes = Object.values(point.map ?? {});
      if (new Set(codes).size < codes.length) continue;
      const role = point.role ?? Object.keys(profile.serves)[0] ?? '';
      const declared = { ...profile.parameters, ...profile.serves[role]?.parameters };
      const [address] = addressesOf(point, { ...defaultsOf(declared), ...vector.parameters });
      const classUnit = catalog.classes.get(profile.serves[role]!.class)!.points[point.point]!.unit;
      const order = profile.modbus.order;
      const parameters = { ...defaultsOf(declared), ...vector.parameters };
      const factor = factorTyped(vector.registers, point, order);
      const chosen = point.bits?.plus === undefined ? 1 : Number(parameters[point.bits.plus]);
      const options = { classUnit, factor, bitShift: chosen - 1, ...(order === undefined ? {} : { order }) };
      const encoded = encodeModbus(point, value, options);
      if (encoded === undefined || address === undefined || point.at.type === 'string') continue;
      const typed = wordsAt(vector.registers, point, address)(encoded.words.length);
      const masked = (words: readonly number[]) => words.map((word, i) => word & encoded.mask[i]!);
      if (point.at.type !== 'f32' || masked(typed).join() === masked(encoded.words).join())
        expect(masked(encoded.words), name).toEqual(masked(typed));
      else expect(floatOf(encoded.words), name).toBeCloseTo(floatOf(typed), 2);
    }
  });
});

function defaultsOf(declared: NonNullable<DeviceProfile['parameters']>): Parameters {
  const given = Object.entries(declared).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, typeof value === 'object' ? expandNumberList(value) : value] as const],
  );
  return Object.fromEntries(given);
}

function floatOf(words: readonly number[]): number {
  const view = new DataView(new ArrayBuffer(4));
  words.forEach((word, i) => {
    view.setUint16(i * 2, word);
  });
  return view.getFloat32(0);
}

describe('words on the wire', () => {
  it('lays 0x11223344 in each byte order', () => {
    const words = (order: 'ABCD' | 'CDAB' | 'BADC' | 'DCBA') => toWords(0x11223344n, 'u32', { order });
    expect(words('ABCD')).toEqual([0x1122, 0x3344]);
    expect(words('CDAB')).toEqual([0x3344, 0x1122]);
    expect(words('BADC')).toEqual([0x2211, 0x4433]);
    expect(words('DCBA')).toEqual([0x4433, 0x2211]);
  });

  it('lays negative numbers as two’s complement and floats as IEEE 754', () => {
    expect(toWords(-2n, 's16')).toEqual([0xfffe]);
    expect(toWords(-1n, 's64')).toEqual([0xffff, 0xffff, 0xffff, 0xffff]);
    expect(toWords(230.5, 'f32')).toEqual([0x4366, 0x8000]);
  });

  it('lays sign and magnitude, packed decimals and signed fields', () => {
    expect(toWords(-12n, 'u16', { encoding: 'sign-magnitude' })).toEqual([0x800c]);
    expect(toWords(1234n, 'u16', { encoding: 'bcd' })).toEqual([0x1234]);
    expect(toWords(12345678n, 'u32', { encoding: 'bcd', order: 'CDAB' })).toEqual([0x5678, 0x1234]);
    const field = {
      point: 'x',
      bits: { from: 8, count: 8, signed: true },
      at: { table: 'holding', address: 0, type: 'u16' },
    } as const;
    expect(encodeModbus(field, -5, { classUnit: 'none' })).toEqual({ words: [0xfb00], mask: [0xff00] });
  });

  it('divides by what the scale registers say, and knows the raw number that changes nothing', () => {
    const point = { point: 'x', at: { table: 'holding', address: 0, type: 'u16' } } as const;
    expect(encodeModbus(point, 4000, { classUnit: 'none', factor: 40 })?.words).toEqual([100]);
    expect(plainRaw({ address: 1, type: 'u16', scale: 0.1 })).toBe(10);
    expect(plainRaw({ address: 1, type: 's16', power: 10 })).toBe(0);
    expect(plainRaw({ address: 1, type: 'u16', map: { '0': 0.3048, '1': 1 } })).toBe(1);
  });

  it('saturates instead of wrapping', () => {
    const point = { point: 'x', at: { table: 'holding', address: 0, type: 'u16' } } as const;
    expect(encodeModbus(point, -5, { classUnit: 'none' })?.words).toEqual([0]);
    expect(encodeModbus(point, 70_000, { classUnit: 'none' })?.words).toEqual([65_535]);
  });
});
