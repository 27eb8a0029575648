import { silentLogger, systemClock } from '@plantroom/contracts';
import {
  type DeviceProfile,
  expandNumberList,
  loadCatalog,
  loadVectors,
  type ModbusPoint,
  type ModbusProfile,
  type VectorFile,
} from '@plantroom/device-profiles';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressesOf } from '../../simulators/src/wire/device/address.ts';
import { modbusDevice } from '../../simulators/src/wire/device/modbus-device.ts';
import type { Parameters } from '../../simulators/src/wire/device/served-device.ts';
import { encodeModbus } from '../../simulators/src/wire/encode/encode-modbus.ts';
import { inovanceFraming, rtuFraming, tcpFraming } from '../../simulators/src/wire/modbus/framing.ts';
import { ModbusServer } from '../../simulators/src/wire/modbus/modbus-server.ts';
import type { ModbusUnit } from '../../simulators/src/wire/modbus/pdu.ts';
import { peer } from '../helpers/peers.ts';
import { pymodbusWords, type WordsRequest } from '../helpers/pymodbus-words.ts';

const pymodbus = peer('pymodbus');
const { catalog } = loadCatalog();
const { vectors } = loadVectors();

type Vector = VectorFile['vectors'][number];
interface Case {
  id: string;
  profile: ModbusProfile;
  vector: Vector;
  parameters: Parameters;
}

const cases: Case[] = [...vectors.values()].flatMap(({ profile: id, vectors: typed }) => {
  const profile = catalog.profiles.get(id);
  if (profile?.protocol !== 'modbus') return [];
  return typed.map((vector) => {
    const roles = Object.values(profile.serves).map(({ parameters }) => parameters ?? {});
    const declared = Object.assign({}, profile.parameters, ...roles) as NonNullable<DeviceProfile['parameters']>;
    return { id, profile, vector, parameters: { ...defaultsOf(declared), ...vector.parameters } };
  });
});

interface Check extends Omit<WordsRequest, 'port' | 'unit'> {
  name: string;
  words: readonly number[];
  mask: readonly number[];
  isFloat: boolean;
}

/** The words that were typed by hand, point by point, as far as one value says what stands in them. */
function checksOf({ profile, vector, parameters }: Case, framing: WordsRequest['framing']): Check[] {
  const checks: Check[] = [];
  const [onlyRole = ''] = Object.keys(profile.serves);
  for (const [name, value] of Object.entries(vector.expect)) {
    const [head = '', tail] = name.split('.');
    const point = profile.points.find(
      (p) => p.point === (tail ?? head) && (tail === undefined || (p.role ?? onlyRole) === head),
    );
    if (point === undefined || value === null || isAmbiguous(point)) continue;
    const role = point.role ?? onlyRole;
    const classUnit = catalog.classes.get(profile.serves[role]!.class)!.points[point.point]!.unit;
    const chosen = point.bits?.plus === undefined ? 1 : Number(parameters[point.bits.plus]);
    // Only which bits are the point's own is taken from the encoder; what stands in them is the manual's.
    const encoded = encodeModbus(point, value, {
      classUnit,
      bitShift: chosen - 1,
      ...(profile.modbus.order === undefined ? {} : { order: profile.modbus.order }),
    });
    const [address] = addressesOf(point, parameters);
    if (encoded === undefined || address === undefined) continue;
    const words = typedAt(vector, point, address, encoded.words.length);
    if (words === undefined) continue;
    const { table, type } = point.at;
    const isFloat = type === 'f32' || type === 'f64';
    checks.push({
      name,
      table,
      address,
      count: words.length,
      framing,
      words,
      mask: encoded.mask,
      isFloat,
    });
  }
  return checks;
}

/** Several raw words mean the same where patterns or addresses are combined, codes share a meaning, or the device scales by itself. */
function isAmbiguous({ match, combine, map, scaleBy, at }: ModbusPoint): boolean {
  const codes = Object.values(map ?? {});
  const shared = new Set(codes).size < codes.length;
  return match !== undefined || combine !== undefined || scaleBy !== undefined || shared || at.type === 'string';
}

function typedAt(vector: Vector, point: ModbusPoint, address: number, count: number): readonly number[] | undefined {
  const blocks: Record<string, readonly number[]> =
    (vector.registers as Partial<Record<string, Record<string, readonly number[]>>> | undefined)?.[point.at.table] ??
    {};
  for (const [start, words] of Object.entries(blocks)) {
    const from = address - Number(start);
    if (from >= 0 && from + count <= words.length) return words.slice(from, from + count);
  }
  return undefined;
}

/** A device that holds what the vector expects. */
function unitOf({ profile, vector, parameters }: Case, unitId: number): ModbusUnit {
  const serves = Object.keys(profile.serves).map((role) => ({ role, equipment: role, parameters }));
  return modbusDevice({
    device: { id: profile.profile, profile, unitId, parameters, serves },
    classes: catalog.classes,
    readerOf: (role, point) => () =>
      vector.expect[`${role}.${point}`] ?? vector.expect[point] ?? unsaid(profile, role, point),
    revision: () => 0,
    stuck: () => false,
  });
}

/** A state that the vector says nothing of shares its register with others, so that "not available" would take those with it. */
function unsaid(profile: ModbusProfile, role: string, point: string): boolean | null {
  return catalog.classes.get(profile.serves[role]!.class)?.points[point]?.kind === 'boolean' ? false : null;
}

/** What the vector does not give either is one: the first of a kind. */
function defaultsOf(declared: NonNullable<DeviceProfile['parameters']>) {
  return Object.fromEntries(
    Object.entries(declared).map(([name, { kind, default: stated }]) => [
      name,
      typeof stated === 'object' ? expandNumberList(stated) : (stated ?? (kind === 'number-list' ? [1] : 1)),
    ]),
  );
}

const framings = { tcp: tcpFraming, rtu: rtuFraming, inovance: inovanceFraming } as const;
/** Unit ids of a line. */
const mostUnits = 240;

describe.skipIf(!pymodbus.available)(
  `every Modbus profile, simulated and read by pymodbus ${pymodbus.available ? '' : pymodbus.hint}`,
  () => {
    const servers: ModbusServer[] = [];
    const read: { id: string; name: string; check: Check; got: number[] | string }[] = [];

    beforeAll(async () => {
      const wanted: { id: string; name: string; check: Check; request: WordsRequest }[] = [];
      const own = (one: Case): boolean => one.profile.modbus.framing === 'inovance-rtu16';
      for (const [framing, of] of [
        ['tcp', cases.filter((one) => !own(one))],
        ['rtu', cases.filter((one) => !own(one))],
        ['inovance', cases.filter(own)],
      ] as const)
        for (let from = 0; from < of.length; from += mostUnits) {
          const some = of.slice(from, from + mostUnits);
          const server = new ModbusServer({
            host: '127.0.0.1',
            port: 0,
            framing: framings[framing],
            units: new Map(some.map((one, i) => [i + 1, unitOf(one, i + 1)])),
            faultOf: () => undefined,
            clock: systemClock,
            logger: silentLogger,
          });
          servers.push(server);
          await server.start();
          some.forEach((one, i) => {
            for (const check of checksOf(one, framing)) {
              const { table, address, count } = check;
              const request = { port: server.port, unit: i + 1, table, address, count, framing };
              wanted.push({ id: one.id, name: one.vector.name, check, request });
            }
          });
        }
      const answers = await pymodbusWords(
        pymodbus,
        wanted.map(({ request }) => request),
      );
      for (const [i, { id, name, check }] of wanted.entries()) read.push({ id, name, check, got: answers[i]! });
    });
    afterAll(async () => {
      for (const server of servers) await server.stop();
    });

    test.each([...new Set(cases.map(({ id }) => id))])('%s answers with the words of its vectors', (id) => {
      const mine = read.filter((one) => one.id === id);
      expect(mine.length).toBeGreaterThan(0);
      const wrong = mine.filter(({ check, got }) => !agrees(check, got));
      expect(wrong.map(({ name, check, got }) => ({ name, point: check.name, typed: check.words, got }))).toEqual([]);
    });
  },
);

function agrees({ words, mask, isFloat }: Check, got: number[] | string): boolean {
  if (typeof got === 'string') return false;
  if (words.every((word, i) => (word & mask[i]!) === ((got[i] ?? -1) & mask[i]!))) return true;
  // A value typed with a few digits is the nearest float of the manual's words.
  return isFloat && words.slice(0, 1).every((word, i) => Math.abs(word - got[i]!) <= 1);
}
