import { silentLogger, systemClock } from '@plantroom/contracts';
import {
  type Catalog,
  type ClassPoint,
  expandNumberList,
  loadCatalog,
  type ModbusProfile,
} from '@plantroom/device-profiles';
import { modbusDevice } from '../../simulators/src/wire/device/modbus-device.ts';
import { tcpFraming } from '../../simulators/src/wire/modbus/framing.ts';
import { ModbusServer } from '../../simulators/src/wire/modbus/modbus-server.ts';
import type { ModbusUnit } from '../../simulators/src/wire/modbus/pdu.ts';

/** What a device in a building would say, by the beginning of the point's name; in base units. */
const usual: readonly (readonly [string, number])[] = [
  ['voltage-l12', 399.6],
  ['voltage-l23', 400.2],
  ['voltage-l31', 398.9],
  ['voltage-ll', 399.5],
  ['voltage', 230.4],
  ['frequency', 50.02],
  ['current', 12.7],
  ['power-factor', 0.93],
  ['power', 2730],
  ['apparent-power', 2940],
  ['reactive-power', 1080],
  ['energy', 48_211.5],
  ['reactive-energy', 1911.2],
  ['thd', 3.4],
];

function usualValue(name: string, { kind, range }: ClassPoint): number | boolean | string {
  if (kind === 'boolean') return false;
  if (kind === 'string') return 'PLANTROOM';
  const known = usual.find(([start]) => name.startsWith(start))?.[1];
  if (known !== undefined) return known;
  if (kind === 'enum') return 0;
  return range === undefined || range === null ? 17 : Math.max(range[0], Math.min(range[1], 17));
}

/** One Modbus TCP server in which each unit is a device of a built-in profile, encoded by the simulators. */
export async function startProfileServer(units: Readonly<Record<number, string>>): Promise<ModbusServer> {
  const { catalog } = loadCatalog({ profiles: new Set(Object.values(units)) });
  const served = new Map<number, ModbusUnit>();
  for (const [unitId, id] of Object.entries(units)) served.set(Number(unitId), unitOf(catalog, id, Number(unitId)));
  const server = new ModbusServer({
    host: '127.0.0.1',
    port: 0,
    framing: tcpFraming,
    units: served,
    faultOf: () => undefined,
    clock: systemClock,
    logger: silentLogger,
  });
  await server.start();
  return server;
}

function unitOf(catalog: Catalog, id: string, unitId: number): ModbusUnit {
  const profile = catalog.profiles.get(id) as ModbusProfile;
  const serves = Object.keys(profile.serves).map((role) => ({ role, equipment: role, parameters: {} }));
  const points = new Map(
    Object.entries(profile.serves).flatMap(([role, { class: of }]) =>
      Object.entries(catalog.classes.get(of)?.points ?? {}).map(([name, point]) => [`${role}/${name}`, point] as const),
    ),
  );
  return modbusDevice({
    device: { id, profile, unitId, parameters: defaultsOf(profile), serves },
    classes: catalog.classes,
    readerOf: (equipment, name) => () => {
      const point = points.get(`${equipment}/${name}`);
      return point === undefined ? undefined : usualValue(name, point);
    },
    revision: () => 0,
    stuck: () => false,
  });
}

function defaultsOf({ parameters }: ModbusProfile): Record<string, string | number | readonly number[]> {
  return Object.fromEntries(
    Object.entries(parameters ?? {}).map(([name, { default: stated }]) => [
      name,
      Array.isArray(stated) ? expandNumberList(stated) : (stated ?? 1),
    ]),
  );
}
