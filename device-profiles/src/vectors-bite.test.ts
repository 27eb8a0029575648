import { describe, expect, it } from 'vitest';
import type { ByteOrder } from './address-schema.ts';
import { loadCatalog, loadVectors } from './load-catalog.ts';
import type { ModbusPoint, ModbusProfile } from './profile-schema.ts';
import { checkVector } from './vector-check.ts';
import type { ModbusWrite } from './write-schema.ts';

const { catalog } = loadCatalog();
const { vectors } = loadVectors();
const modbus = [...catalog.profiles.values()].filter((profile) => profile.protocol === 'modbus');
const swapped: Record<ByteOrder, ByteOrder> = { ABCD: 'CDAB', CDAB: 'ABCD', BADC: 'DCBA', DCBA: 'BADC' };

/** Points whose mistake no vector of the profile notices. */
function unnoticed(profile: ModbusProfile, mistake: (point: ModbusPoint) => ModbusPoint | undefined): string[] {
  return profile.points.flatMap((point, i) => {
    const wrong = mistake(point);
    if (!wrong) return [];
    const points = profile.points.with(i, wrong);
    const list = vectors.get(profile.profile)?.vectors ?? [];
    const seen = list.some((vector) => checkVector(catalog, { ...profile, points }, vector).faults.length > 0);
    return seen ? [] : [`${point.role ?? ''}.${point.point}`];
  });
}

const isWide = (point: ModbusPoint) => /(32|64)$/.test(point.at.type);

describe.each(modbus.map((profile) => [profile.profile, profile] as const))(
  'the vectors of %s notice',
  (_id, profile) => {
    it('words in the wrong order', () => {
      const order = profile.modbus.order ?? 'ABCD';
      const faults = unnoticed(profile, (point) =>
        isWide(point) ? { ...point, at: { ...point.at, order: swapped[point.at.order ?? order] } } : undefined,
      );
      expect(faults).toEqual([]);
    });

    it('an address that is one off', () => {
      expect(unnoticed(profile, (point) => ({ ...point, at: { ...point.at, address: point.at.address + 1 } }))).toEqual(
        [],
      );
    });

    it('a mistake in how a point is written', () => {
      const mistakes: Record<string, (write: ModbusWrite, point: ModbusPoint) => ModbusWrite | undefined> = {
        address: (write, { at }) => ({
          ...write,
          at: {
            table: 'holding',
            ...(at.table === 'coil' ? { table: 'coil' } : {}),
            address: at.address + 1,
            ...write.at,
            ...(write.at ? { address: write.at.address + 1 } : {}),
          },
        }),
        'the other function': (write) => ({
          ...write,
          function: write.function === 'multiple' ? 'single' : 'multiple',
        }),
        'a higher limit': (write) => (write.max === undefined ? undefined : { ...write, max: write.max * 2 }),
        'a lower limit': (write) => (write.min === undefined ? undefined : { ...write, min: write.min / 2 - 1 }),
        'any code': ({ codes, ...write }) => (codes === undefined ? undefined : write),
        'the codes of the status': ({ map, ...write }) => (map === undefined ? undefined : write),
        'where it is read': ({ at, ...write }) => (at === undefined ? undefined : write),
      };
      for (const [name, mistake] of Object.entries(mistakes)) {
        const faults = unnoticed(profile, (point) => {
          const write = point.write && mistake(point.write, point);
          return write && { ...point, write };
        });
        expect(faults, name).toEqual([]);
      }
    });

    // A map makes every code that it does not list bad, sentinels too.
    it('a forgotten sentinel', () => {
      const faults = unnoticed(profile, ({ absent, ...point }) =>
        absent === undefined || point.map !== undefined ? undefined : point,
      );
      expect(faults).toEqual([]);
    });

    it('a scale that is ten times too large', () => {
      const faults = unnoticed(profile, (point) =>
        point.scale === undefined ? undefined : { ...point, scale: point.scale * 10 },
      );
      expect(faults).toEqual([]);
    });

    it('a forgotten sign of an integer', () => {
      const faults = unnoticed(profile, (point) => {
        const { type } = point.at;
        const unsigned = type === 's16' ? 'u16' : type === 's32' ? 'u32' : type === 's64' ? 'u64' : undefined;
        return unsigned && { ...point, at: { ...point.at, type: unsigned } };
      });
      expect(faults).toEqual([]);
    });
  },
);
