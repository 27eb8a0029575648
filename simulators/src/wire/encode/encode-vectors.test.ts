import { fileURLToPath } from 'node:url';
import {
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
      const encoded = encodeModbus(point, value, { classUnit, ...(order === undefined ? {} : { order }) });
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

  it('saturates instead of wrapping', () => {
    const point = { point: 'x', at: { table: 'holding', address: 0, type: 'u16' } } as const;
    expect(encodeModbus(point, -5, { classUnit: 'none' })?.words).toEqual([0]);
    expect(encodeModbus(point, 70_000, { classUnit: 'none' })?.words).toEqual([65_535]);
  });
});
