import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, unit, VirtualClock } from '@plantroom/contracts';
import { loadCatalog, type ModbusPoint, type ModbusProfile } from '@plantroom/device-profiles';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Demo } from '../../simulators/src/demo/demo.ts';
import { readGatewayFile } from '../../simulators/src/demo/gateway-file.ts';
import { readEnvironment } from '../../simulators/src/environment.ts';
import { addressesOf } from '../../simulators/src/wire/device/address.ts';
import type { ServedDevice } from '../../simulators/src/wire/device/served-device.ts';
import { peer } from '../helpers/peers.ts';
import { pymodbusWords, type WordsRequest } from '../helpers/pymodbus-words.ts';

const pymodbus = peer('pymodbus');
const { catalog } = loadCatalog();

interface Wanted {
  device: string;
  equipment: string;
  point: ModbusPoint;
  profile: ModbusProfile;
  role: string;
  request: WordsRequest;
}

const registers = { bool: 1, u16: 1, s16: 1, u32: 2, s32: 2, f32: 2, u64: 4, s64: 4, f64: 4 } as const;

/** One number stands at one place, and means one thing. */
function isPlain({ match, combine, scaleBy, at, map }: ModbusPoint): boolean {
  const several = combine !== undefined || at.also !== undefined || at.type === 'string';
  return match === undefined && scaleBy === undefined && map === undefined && at.radix === undefined && !several;
}

function wantedOf(device: ServedDevice, at: { port: number; framing: WordsRequest['framing'] }): Wanted[] {
  const profile = device.profile as ModbusProfile;
  return device.serves.flatMap(({ role, equipment, parameters }) =>
    profile.points
      .filter((point) => (point.role ?? role) === role && isPlain(point) && point.bits?.plus === undefined)
      .flatMap((point) => {
        const addresses = addressesOf(point, { ...device.parameters, ...parameters });
        const [address] = addresses;
        if (address === undefined || addresses.length > 1 || point.at.type === 'string') return [];
        const count = registers[point.at.type];
        const request = { ...at, unit: device.unitId, table: point.at.table, address, count };
        return [{ device: device.id, equipment, point, profile, role, request }];
      }),
  );
}

/** Written from the Modbus specification and the words of the profile schema, with nothing of our encoder or decoder. */
function decoded(words: readonly number[], { point, profile }: Wanted): { raw: number; resolution: number } {
  const { type, encoding } = point.at;
  const order = point.at.order ?? profile.modbus.order ?? 'ABCD';
  const swapped = order === 'BADC' || order === 'DCBA' ? words.map((w) => ((w & 0xff) << 8) | (w >> 8)) : [...words];
  if (order === 'CDAB' || order === 'DCBA') swapped.reverse();
  const view = new DataView(new ArrayBuffer(swapped.length * 2));
  for (const [i, word] of swapped.entries()) view.setUint16(i * 2, word);
  if (type === 'f32') return { raw: view.getFloat32(0), resolution: 0 };
  if (type === 'f64') return { raw: view.getFloat64(0), resolution: 0 };
  let bits = swapped.reduce((sum, word) => (sum << 16n) | BigInt(word), 0n);
  if (encoding === 'bcd') return { raw: Number(bits.toString(16)), resolution: 1 };
  if (encoding === 'sign-magnitude') {
    const top = 1n << BigInt(swapped.length * 16 - 1);
    return { raw: Number((bits & top) === 0n ? bits : -(bits & ~top)), resolution: 1 };
  }
  if (point.bits !== undefined) {
    const { from, count, signed } = point.bits;
    bits = (bits >> BigInt(from)) & ((1n << BigInt(count)) - 1n);
    return { raw: Number(signed === true ? BigInt.asIntN(count, bits) : bits), resolution: 1 };
  }
  return { raw: Number(type.startsWith('s') ? BigInt.asIntN(swapped.length * 16, bits) : bits), resolution: 1 };
}

/** The model holds more than the type of the register can say: it stands at its end. */
function isAtEnd({ point }: Wanted, raw: number): boolean {
  const { type } = point.at;
  const width = type === 'f32' || type === 'f64' || type === 'string' ? 0 : registers[type] * 16;
  if (width === 0 || point.bits !== undefined) return false;
  const [low, high] = type.startsWith('s') ? [-(2 ** (width - 1)), 2 ** (width - 1) - 1] : [0, 2 ** width - 1];
  return raw === low || raw === high;
}

/** Level and pressure are one register of a level transmitter, and its manual has the factor between them to five digits. */
const sharedShare = 2e-5;
function isShared({ device, point, request }: Wanted, all: readonly Wanted[]): boolean {
  return all.some(
    (other) => other.device === device && other.point !== point && other.request.address === request.address,
  );
}

describe.skipIf(!pymodbus.available)(
  `every Modbus device of the running demo building, read by pymodbus ${pymodbus.available ? '' : pymodbus.hint}`,
  () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'plantroom-pymodbus-demo-'));
    // The building stands still while it is read.
    const clock = new VirtualClock(Date.UTC(2026, 2, 3, 1));
    const all: (Wanted & { got: number[] | string })[] = [];
    let state: { equipment: Record<string, Record<string, unknown>> };
    let devices: string[];
    let demo: Demo;

    beforeAll(async () => {
      const defaults = readEnvironment({});
      const file = await readGatewayFile(defaults.gatewayFile, { environment: {}, loadCatalog: () => catalog });
      const free = Object.fromEntries([...file.portVariables.values()].map((name) => [name, '0']));
      demo = new Demo({
        environment: readEnvironment({
          ...free,
          PLANTROOM_SIM_PORT: '0',
          PLANTROOM_DATA_DIR: dataDir,
          PLANTROOM_MQTT_URL: 'mqtt://127.0.0.1:1',
        }),
        clock,
        logger: silentLogger,
      });
      await demo.start();
      clock.advance(120_000);
      const ports = demo.ports();
      const wanted = file.connections.flatMap((connection) => {
        if (connection.protocol !== 'modbus') return [];
        const here = file.devices.get(connection.id) ?? [];
        return here.flatMap((device) => {
          const own = (device.profile as ModbusProfile).modbus.framing === 'inovance-rtu16';
          const framing = own ? 'inovance' : connection.transport === 'tcp' ? 'tcp' : 'rtu';
          return wantedOf(device, { port: ports[connection.id]!, framing });
        });
      });
      devices = [...new Set(wanted.map(({ device }) => device))];
      const answers = await pymodbusWords(
        pymodbus,
        wanted.map(({ request }) => request),
      );
      for (const [i, one] of wanted.entries()) all.push({ ...one, got: answers[i]! });
      state = (await (await fetch(`http://127.0.0.1:${demo.controlPort}/state`)).json()) as typeof state;
    });
    afterAll(async () => {
      await demo.stop();
      rmSync(dataDir, { recursive: true, force: true });
    });

    test('says what the model holds, to the resolution of its registers', () => {
      expect(devices.length).toBeGreaterThan(20);
      const wrong: unknown[] = [];
      let compared = 0;
      for (const one of all) {
        const { equipment, point, got, device, profile, role } = one;
        const truth = state.equipment[equipment]?.[point.point];
        const about = { device, point: `${equipment}/${point.point}`, truth, got };
        if (typeof got === 'string') {
          wrong.push(about);
          continue;
        }
        if (typeof truth !== 'number' && typeof truth !== 'boolean') continue;
        const { raw, resolution } = decoded(got, one);
        if (typeof truth === 'number' && isAtEnd(one, raw)) continue;
        const of = catalog.classes.get(profile.serves[role]!.class)!.points[point.point]!;
        const { factor, offset } = unit(point.unit ?? of.unit);
        const scale = point.scale ?? 1;
        const value = (raw * scale + (point.offset ?? 0)) * factor + offset;
        // A counter of a register shows the nearest count, a 32-bit float the nearest float.
        const within =
          Math.abs(resolution * scale * factor) * 0.5001 +
          Math.abs(value) * (isShared(one, all) ? sharedShare : 2 ** -22);
        compared++;
        if (Math.abs(value - Number(truth)) > within) wrong.push({ ...about, value });
      }
      expect(wrong).toEqual([]);
      expect(compared).toBeGreaterThan(300);
    });
  },
);
