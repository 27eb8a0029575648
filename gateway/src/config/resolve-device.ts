import type { Problem } from '@plantroom/contracts';
import {
  type Catalog,
  type DeviceProfile,
  expandNumberList,
  notAllowed,
  type PointBinding,
  parseDuration,
} from '@plantroom/device-profiles';
import { compileBindings } from '@plantroom/device-profiles/decode';
import type { Static } from 'typebox';
import type { ConfigSource } from './config-source.ts';
import type { ConnectionConfig, DeviceConfig, DeviceRuntime, ParameterValue } from './gateway-config.ts';
import type { Located } from './validate-config.ts';

export interface ResolveContext {
  source: ConfigSource;
  catalog: Catalog;
  connections: readonly ConnectionConfig[];
  /** Connections that stand in the file but are faulty. */
  leftOutConnections: ReadonlySet<string>;
}

export interface ResolvedDevice {
  device: DeviceRuntime;
  connection: ConnectionConfig;
  /** `<equipment>/<point>` of what the site does not want of it. */
  unwanted: ReadonlySet<string>;
}

type Parameters = DeviceRuntime['parameters'];
interface Served {
  role: string;
  equipment: string;
  parameters: Parameters;
}

/** Below this a period is a mistake in the unit, not a wish. */
const shortestPeriodMs = 10;
/** MQTT devices are not polled; a silence limit that counts polls counts this. */
const reportPeriodMs = 60_000;

/** One device of the file with its profile, connection and bindings; undefined when something about it is wrong. */
export function resolveDevice(
  { pointer, value: config }: Located<DeviceConfig>,
  context: ResolveContext,
): { resolved: ResolvedDevice | undefined; problems: Problem[] } {
  const problems: Problem[] = [];
  const fail = (path: string, message: string): void => {
    problems.push(context.source.problem(pointer + path, message));
  };
  const connection = connectionOf(config, context, fail);
  const profile = context.catalog.profiles.get(config.profile);
  if (profile === undefined)
    fail(
      '/profile',
      notAllowed(config.profile, 'a profile', [...context.catalog.profiles.keys()], {
        listedIn: 'the folder profiles of device-profiles',
      }),
    );
  if (connection !== undefined && profile !== undefined && connection.protocol !== profile.protocol) {
    fail(
      '/connection',
      `"${connection.id}" is ${connection.protocol}, profile ${config.profile} is ${profile.protocol}`,
    );
  }
  if (profile === undefined) return { resolved: undefined, problems };
  const parameters = expanded(config.parameters, { path: '/parameters', fail });
  const pollMs = periodsOf(config, profile, fail);
  const served = servedOf(config, profile, fail);
  if (problems.length > 0 || connection === undefined) return { resolved: undefined, problems };
  const compiled = compileBindings({ catalog: context.catalog, profile, serves: served, parameters });
  for (const problem of compiled.problems) fail(problem.path, problem.message);
  const bindings = wantedOf(config, { bindings: compiled.bindings, served, fail });
  if (problems.length > 0) return { resolved: undefined, problems };
  const device: DeviceRuntime = {
    id: config.id,
    profile,
    connection: connection.id,
    unitId: config.unitId ?? 1,
    bindings,
    pollMs,
    silenceMs: silenceOf(profile, pollMs),
    parameters: { ...defaultsOf(profile), ...parameters },
  };
  const left = compiled.bindings.filter((binding) => !bindings.includes(binding));
  const unwanted = new Set(left.map(({ equipment, point }) => `${equipment}/${point}`));
  return { resolved: { device, connection, unwanted }, problems };
}

type Fail = (path: string, message: string) => void;

function connectionOf(config: DeviceConfig, context: ResolveContext, fail: Fail): ConnectionConfig | undefined {
  const found = context.connections.find((connection) => connection.id === config.connection);
  if (found !== undefined) return found;
  if (context.leftOutConnections.has(config.connection)) {
    fail('/connection', `is left out with its connection "${config.connection}", which is faulty`);
  } else {
    const ids = context.connections.map((connection) => connection.id);
    fail('/connection', notAllowed(config.connection, 'a connection', ids));
  }
  return undefined;
}

function servedOf(config: DeviceConfig, profile: DeviceProfile, fail: Fail): Served[] {
  const served: Served[] = [];
  for (const [role, given] of Object.entries(config.serves)) {
    const path = `/serves/${role}`;
    const known = profile.serves[role];
    if (known === undefined) {
      fail(path, notAllowed(role, `a role of ${profile.profile}`, Object.keys(profile.serves)));
      continue;
    }
    const list = Array.isArray(given) ? given : [typeof given === 'string' ? { equipment: given } : given];
    if (list.length !== 1 && known.many !== true)
      fail(path, `has ${list.length} equipment, the role serves exactly one`);
    for (const [i, { equipment, parameters }] of list.entries()) {
      const own = Array.isArray(given) ? `${path}/${i}` : path;
      if (served.some((s) => s.equipment === equipment && s.role === role)) {
        fail(own, `"${equipment}" is served twice in the role ${role}`);
      }
      served.push({ role, equipment, parameters: expanded(parameters, { path: `${own}/parameters`, fail }) });
    }
  }
  return served;
}

/** Ranges of lists written out. */
function expanded(
  given: Readonly<Record<string, Static<typeof ParameterValue>>> | undefined,
  { path, fail }: { path: string; fail: Fail },
): Parameters {
  const parameters: Record<string, string | number | readonly number[]> = {};
  for (const [name, value] of Object.entries(given ?? {})) {
    try {
      parameters[name] = Array.isArray(value) ? expandNumberList(value) : value;
    } catch (error) {
      fail(`${path}/${name}`, error instanceof Error ? error.message : String(error));
    }
  }
  return parameters;
}

function defaultsOf(profile: DeviceProfile): Parameters {
  const defaults: Record<string, string | number | readonly number[]> = {};
  for (const [name, parameter] of Object.entries(profile.parameters ?? {})) {
    const value = parameter.default;
    if (value !== undefined) defaults[name] = Array.isArray(value) ? expandNumberList(value) : value;
  }
  return defaults;
}

function periodsOf(config: DeviceConfig, profile: DeviceProfile, fail: Fail): DeviceRuntime['pollMs'] {
  const period = (poll: 'fast' | 'normal' | 'slow'): number => {
    const own = config.poll?.[poll];
    const text = own ?? (profile.protocol === 'modbus' ? profile.poll[poll] : undefined);
    const periodMs = text === undefined ? reportPeriodMs : parseDuration(text);
    if (periodMs < shortestPeriodMs) fail(`/poll/${poll}`, `is ${text}, must be at least ${shortestPeriodMs}ms`);
    return periodMs;
  };
  return { fast: period('fast'), normal: period('normal'), slow: period('slow') };
}

function silenceOf(profile: DeviceProfile, pollMs: DeviceRuntime['pollMs']): DeviceRuntime['silenceMs'] {
  const { silence } = profile;
  if ('polls' in silence) return (binding) => silence.polls * pollMs[binding.poll];
  const silenceMs = parseDuration(silence.after);
  return () => silenceMs;
}

/** Without what the site does not want: `<point>` of every role, or `<role>.<point>`. */
function wantedOf(
  config: DeviceConfig,
  { bindings, served, fail }: { bindings: readonly PointBinding[]; served: readonly Served[]; fail: Fail },
): PointBinding[] {
  const rolesOf = (binding: PointBinding): string[] =>
    served.filter((s) => s.equipment === binding.equipment).map((s) => s.role);
  const matches = (binding: PointBinding, unwanted: string): boolean =>
    binding.point === unwanted || rolesOf(binding).some((role) => `${role}.${binding.point}` === unwanted);
  let wanted = [...bindings];
  for (const [i, unwanted] of (config.without ?? []).entries()) {
    if (!bindings.some((binding) => matches(binding, unwanted))) {
      const points = new Set(bindings.map((binding) => binding.point));
      fail(`/without/${i}`, notAllowed(unwanted, 'a point of this device', [...points]));
    }
    wanted = wanted.filter((binding) => !matches(binding, unwanted));
  }
  return wanted;
}
