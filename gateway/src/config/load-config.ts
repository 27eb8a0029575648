import { dirname, resolve } from 'node:path';
import { type Problem, ProblemsError } from '@plantroom/contracts';
import { type DerivedBinding, loadCatalog, mayBeWritten } from '@plantroom/device-profiles';
import { derivedBindings } from '@plantroom/device-profiles/decode';
import { readConfigSource } from './config-source.ts';
import { type Candidate, crossCheck } from './cross-check.ts';
import { deviceDefinition } from './device-definition.ts';
import type { Environment } from './fill-environment.ts';
import type { ConnectionConfig, DeviceRuntime, GatewayConfig } from './gateway-config.ts';
import { resolveDevice } from './resolve-device.ts';
import { validateConfig } from './validate-config.ts';

export type { Environment };

export interface LoadedGateway {
  /** As written, with the environment filled in and the MQTT client ids set; faulty connections and devices left out. */
  config: GatewayConfig;
  /** In the order of `config.devices`. */
  devices: DeviceRuntime[];
  /** What no device delivers and the classes derive from what is delivered; not what some device of the equipment leaves out by `without`. */
  derived: DerivedBinding[];
  /** Classes of the catalogue that may be written at all. */
  writableClasses: ReadonlySet<string>;
  /** By device id, what the device is made of: two readings of the configuration have the same device where these are the same. */
  definitions: ReadonlyMap<string, string>;
  /** What was left out and why; empty when everything runs. */
  problems: Problem[];
}

/** Throws ProblemsError (CONFIG_INVALID) when the file as a whole cannot be used; a faulty connection, device or profile is left out and told. */
export function loadGatewayConfig(options: { file: string; environment: Environment }): LoadedGateway {
  const source = readConfigSource(options.file, options.environment);
  const { head, connections, devices, leftOut, problems } = validateConfig(source);
  if (head === undefined) throw new ProblemsError('CONFIG_INVALID', problems);
  const folders = (head.catalogs ?? []).map((folder) => resolve(dirname(options.file), folder));
  const loaded = loadCatalog({ folders, profiles: new Set(devices.map(({ value }) => value.profile)) });
  problems.push(...loaded.problems);
  const context = {
    source,
    catalog: loaded.catalog,
    connections: connections.map(({ value }) => withClientId(value, head.gateway)),
    leftOutConnections: leftOut.connections,
  };
  const candidates: Candidate[] = [];
  for (const device of devices) {
    const result = resolveDevice(device, context);
    problems.push(...result.problems);
    if (result.resolved !== undefined) candidates.push({ ...result.resolved, pointer: device.pointer });
  }
  const checked = crossCheck(candidates, source);
  problems.push(...checked.problems);
  const running = new Set(checked.sound.map(({ pointer }) => pointer));
  const runningDevices = devices.filter(({ pointer }) => running.has(pointer)).map(({ value }) => value);
  return {
    config: {
      ...head,
      connections: [...context.connections],
      devices: runningDevices,
    },
    devices: checked.sound.map(({ device }) => device),
    derived: derivedBindings(
      loaded.catalog,
      checked.sound.flatMap(({ device }) => device.bindings),
    ).filter((binding) => !checked.sound.some(({ unwanted }) => unwanted.has(`${binding.equipment}/${binding.point}`))),
    writableClasses: new Set([...loaded.catalog.classes.values()].filter(mayBeWritten).map((c) => c.class)),
    definitions: new Map(runningDevices.map((device) => [device.id, deviceDefinition(device, loaded.catalog)])),
    problems,
  };
}

function withClientId(connection: ConnectionConfig, gateway: string): ConnectionConfig {
  if (connection.protocol !== 'mqtt' || connection.clientId !== undefined) return connection;
  return { ...connection, clientId: `${gateway}-${connection.id}` };
}
