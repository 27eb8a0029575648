import { describe, expect, it } from 'vitest';
import type { PointKind } from '../class-schema.ts';
import { loadCatalog } from '../load-catalog.ts';
import type { ModbusPoint, ModbusProfile } from '../profile-schema.ts';
import { compileBindings } from './compile-bindings.ts';
import { decodeModbus } from './decode-modbus.ts';
import { modulusOf } from './modulus.ts';

const point = (extra: Partial<ModbusPoint>): ModbusPoint => ({
  point: 'p',
  at: { table: 'holding', address: 0, type: 'u16' },
  ...extra,
});
const value = (extra: Partial<ModbusPoint>, words: number[], kind: PointKind = 'number') =>
  decodeModbus(point(extra), { kind, unit: 'none', order: 'ABCD', entries: [0] })(words).value;

describe('encodings', () => {
  const at = { table: 'holding', address: 0 } as const;
  it('sign and magnitude: the top bit is the sign of the rest', () => {
    const signed = { at: { ...at, type: 'u16', encoding: 'sign-magnitude' }, scale: 0.1 } as const;
    expect(value(signed, [0x00f5])).toBe(24.5);
    expect(value(signed, [0x8023])).toBe(-3.5);
    expect(value({ at: { ...at, type: 'u32', encoding: 'sign-magnitude' } }, [0x8000, 5])).toBe(-5);
  });

  it('packed decimals, and a digit above nine is bad', () => {
    expect(value({ at: { ...at, type: 'u16', encoding: 'bcd' } }, [0x1234])).toBe(1234);
    expect(value({ at: { ...at, type: 'u32', encoding: 'bcd', order: 'CDAB' } }, [0x5678, 0x1234])).toBe(12345678);
    expect(value({ at: { ...at, type: 'u16', encoding: 'bcd' } }, [0x12a4])).toBeNull();
  });

  it('signed bit fields: a byte of a register', () => {
    expect(value({ bits: { from: 8, count: 8, signed: true } }, [0xfb12])).toBe(-5);
    expect(value({ bits: { from: 0, count: 8, signed: true } }, [0xfb12])).toBe(18);
    expect(value({ bits: { from: 8, count: 8 } }, [0xfb12])).toBe(251);
  });
});

describe('a scale that the device holds', () => {
  it('multiplies by a ratio, a power of ten or what a code means', () => {
    expect(value({ scaleBy: [{ address: 9, type: 'u16' }], scale: 0.1 }, [1000, 40])).toBe(4000);
    expect(value({ scaleBy: [{ address: 9, type: 's16', power: 10 }] }, [1234, 0xfffe])).toBeCloseTo(12.34, 9);
    const units = { scaleBy: [{ address: 2, type: 'u16', map: { '0': 1, '1': 0.3048 } } as const] };
    expect(value(units, [100, 0])).toBe(100);
    expect(value(units, [100, 1])).toBeCloseTo(30.48, 9);
  });

  it('a code that is not listed, a ratio of 0 and missing words are bad', () => {
    expect(value({ scaleBy: [{ address: 2, type: 'u16', map: { '0': 1 } }] }, [100, 7])).toBeNull();
    expect(value({ scaleBy: [{ address: 2, type: 'u16' }] }, [100, 0])).toBeNull();
    expect(value({ scaleBy: [{ address: 2, type: 'u16' }] }, [100])).toBeNull();
    expect(value({ absent: ['0xFFFF'], scaleBy: [{ address: 2, type: 'u16' }] }, [0xffff, 1])).toBeNull();
  });
});

describe('compiled', () => {
  const { catalog } = loadCatalog();
  const profile = (points: ModbusPoint[]): ModbusProfile => ({
    ...(catalog.profiles.get('acrel/adw300') as ModbusProfile),
    parameters: { phase: { name: { zh: '相', en: 'Phase' }, kind: 'number', min: 1, max: 3 } },
    points,
  });
  const bind = (points: ModbusPoint[]) =>
    compileBindings({
      catalog,
      profile: profile(points),
      serves: [{ role: 'meter', equipment: 'm' }],
      parameters: { phase: 2 },
    }).bindings;

  it('the places of the factors follow the value, in their order', () => {
    const [binding] = bind([
      point({
        point: 'power',
        scaleBy: [
          { address: 6, type: 's16' },
          { table: 'input', address: 70, plus: [{ of: 'phase', times: 10 }], type: 'u32' },
        ],
      }),
    ]);
    expect(binding?.at).toMatchObject({
      more: [
        { table: 'holding', address: 6, length: 1 },
        { table: 'input', address: 80, length: 2 },
      ],
    });
  });

  it('a parameter chooses the bit', () => {
    const [binding] = bind([point({ point: 'phase-sequence-reversed', bits: { from: 4, count: 1, plus: 'phase' } })]);
    expect(binding?.decode([0b10_0000])?.value).toBe(true);
    expect(binding?.decode([0b01_0000])?.value).toBe(false);
  });

  it('a counter says where it begins again, other points do not', () => {
    const [import32, power] = bind([
      point({ point: 'energy-import', scale: 0.01, at: { table: 'holding', address: 0, type: 'u32' } }),
      point({ point: 'power', at: { table: 'holding', address: 2, type: 'u32' } }),
    ]);
    expect(import32?.modulus).toBeCloseTo(42949672.96, 6);
    expect(power).not.toHaveProperty('modulus');
  });
});

it.each<[string, Partial<ModbusPoint>, number | undefined]>([
  ['u16', {}, 65536],
  ['a scale', { scale: 0.1 }, 6553.6],
  ['watt-hours in kWh', { unit: 'Wh', at: { table: 'holding', address: 0, type: 'u32' } }, 2 ** 32 / 1000],
  ['digits of 10000', { at: { table: 'holding', address: 0, type: 'u32', radix: 10000 } }, 1e8],
  ['packed decimals', { at: { table: 'holding', address: 0, type: 'u32', encoding: 'bcd' } }, 1e8],
  ['what the profile says', { wrap: 1_000_000, scale: 0.1 }, 100_000],
  ['never', { wrap: 'never' }, undefined],
  ['signed integers', { at: { table: 'holding', address: 0, type: 's32' } }, undefined],
  ['floats', { at: { table: 'holding', address: 0, type: 'f32' } }, undefined],
  ['a scale that only the device knows', { scaleBy: [{ address: 1, type: 'u16' }] }, undefined],
])('modulus of a counter: %s', (_name, extra, expected) => {
  const modulus = modulusOf(point(extra), extra.unit === 'Wh' ? 'kWh' : 'none');
  if (expected === undefined) expect(modulus).toBeUndefined();
  else expect(modulus).toBeCloseTo(expected, 6);
});
