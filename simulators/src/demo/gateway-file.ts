import { readFile } from 'node:fs/promises';
import { errorMessage, PlantroomError } from '@plantroom/contracts';
import { type Catalog, type DeviceProfile, expandNumberList } from '@plantroom/device-profiles';
import Type, { type Static } from 'typebox';
import { Check, Errors } from 'typebox/value';
import type { Parameters, Served, ServedDevice } from '../wire/device/served-device.ts';
import { type Environment, parseWithEnvironment } from './fill-environment.ts';

/** The parts of a gateway file that say what stands on the other end of its wires. */
const ParameterValue = Type.Union([
  Type.String(),
  Type.Number(),
  Type.Array(Type.Union([Type.Integer(), Type.String()])),
]);
const Given = Type.Record(Type.String(), ParameterValue);
const ServedEntry = Type.Object({ equipment: Type.String(), parameters: Type.Optional(Given) });
const GatewayFile = Type.Object({
  connections: Type.Array(
    Type.Union([
      Type.Object({
        id: Type.String(),
        protocol: Type.Literal('modbus'),
        transport: Type.Union([Type.Literal('tcp'), Type.Literal('rtu-over-tcp')]),
        host: Type.String(),
        port: Type.Integer({ minimum: 0, maximum: 65_535 }),
      }),
      Type.Object({ id: Type.String(), protocol: Type.Literal('mqtt'), url: Type.String() }),
    ]),
  ),
  devices: Type.Array(
    Type.Object({
      id: Type.String(),
      profile: Type.String(),
      connection: Type.String(),
      unitId: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
      parameters: Type.Optional(Given),
      serves: Type.Record(Type.String(), Type.Union([Type.String(), ServedEntry, Type.Array(ServedEntry)])),
    }),
  ),
});
type GatewayFile = Static<typeof GatewayFile>;
export type WireConnection = GatewayFile['connections'][number];

export interface ReadGatewayFile {
  connections: WireConnection[];
  /** The profiles that its devices name, and their classes. */
  catalog: Catalog;
  /** Connection id → its devices. */
  devices: ReadonlyMap<string, ServedDevice[]>;
  /** Connection id → environment variable of its port, where it has one. */
  portVariables: ReadonlyMap<string, string>;
  /** Devices that were left out, and why; the others work. */
  problems: string[];
}

export interface ReadGatewayOptions {
  environment: Environment;
  /** Called once, with the ids of all profiles that the file names. */
  loadCatalog: (profiles: ReadonlySet<string>) => Catalog;
}

/** Throws DEMO_INVALID with the path and what is wrong. */
export async function readGatewayFile(file: string, options: ReadGatewayOptions): Promise<ReadGatewayFile> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new PlantroomError('DEMO_INVALID', `${file} cannot be read: ${errorMessage(error)}`, { cause: error });
  });
  const data = parseWithEnvironment(text, options.environment);
  if (!Check(GatewayFile, data)) {
    const faults = Errors(GatewayFile, data).slice(0, 5);
    throw new PlantroomError(
      'DEMO_INVALID',
      faults.map((e) => `${file} ${e.instancePath || '/'}: ${e.message}`).join('\n'),
    );
  }
  const raw = parseWithEnvironment(text.replaceAll('${', '$['), {}) as GatewayFile;
  const portVariables = new Map<string, string>();
  for (const connection of raw.connections) {
    const name = 'port' in connection ? /^\$\[(\w+)/.exec(String(connection.port))?.[1] : undefined;
    if (name !== undefined) portVariables.set(connection.id, name);
  }
  const catalog = options.loadCatalog(new Set(data.devices.map(({ profile }) => profile)));
  const devices = new Map<string, ServedDevice[]>();
  const problems: string[] = [];
  for (const device of data.devices) {
    const list = devices.get(device.connection) ?? [];
    devices.set(device.connection, list);
    try {
      list.push(resolve(device, catalog.profiles, file));
    } catch (error) {
      problems.push(errorMessage(error));
    }
  }
  return { connections: data.connections, catalog, devices, portVariables, problems };
}

function resolve(
  device: GatewayFile['devices'][number],
  profiles: ReadonlyMap<string, DeviceProfile>,
  file: string,
): ServedDevice {
  const profile = profiles.get(device.profile);
  if (profile === undefined) {
    const allowed = [...profiles.keys()].join(', ');
    throw new PlantroomError(
      'DEMO_INVALID',
      `${file} device ${device.id}: no profile "${device.profile}"; there are: ${allowed}`,
    );
  }
  const serves: Served[] = [];
  for (const [role, entry] of Object.entries(device.serves)) {
    const list = Array.isArray(entry) ? entry : [typeof entry === 'string' ? { equipment: entry } : entry];
    for (const one of list) {
      const declared = profile.serves[role]?.parameters;
      serves.push({ role, equipment: one.equipment, parameters: filled(declared, one.parameters) });
    }
  }
  const parameters = filled(profile.parameters, device.parameters);
  return { id: device.id, profile, unitId: device.unitId ?? 1, parameters, serves };
}

function filled(
  declared: DeviceProfile['parameters'] | undefined,
  given: Static<typeof Given> | undefined,
): Parameters {
  const values: Record<string, string | number | readonly number[]> = {};
  for (const [name, { default: fallback }] of Object.entries(declared ?? {}))
    if (fallback !== undefined) values[name] = typeof fallback === 'object' ? expandNumberList(fallback) : fallback;
  for (const [name, value] of Object.entries(given ?? {}))
    values[name] = typeof value === 'object' ? expandNumberList(value) : value;
  return values;
}
