import { type Problem, unit } from '@plantroom/contracts';
import { checkModbus, type Say } from './check-modbus.ts';
import { checkWrite } from './check-write.ts';
import type { ClassPoint, EquipmentClass } from './class-schema.ts';
import { parseDuration } from './duration.ts';
import { deviceTimeOf, type MqttSettings, noticesOf, presencesOf } from './mqtt-schema.ts';
import { notAllowed } from './nearest.ts';
import type { DeviceProfile, ModbusPoint, MqttPoint, MqttProfile, ProfileParameter } from './profile-schema.ts';
import { placeholders, rawBits, roleOf } from './raw-types.ts';
import type { YamlFile } from './yaml-file.ts';

/** What the schema cannot say about a profile: everything that crosses into its class, its parameters or the register map. */
export function checkProfile(
  profile: DeviceProfile,
  classes: ReadonlyMap<string, EquipmentClass>,
  file: YamlFile,
): Problem[] {
  const problems: Problem[] = [];
  const say: Say = (path, message) => problems.push(file.problem(path, message));
  const used = new Set<string>();
  const seen = new Map<string, number>();
  for (const [role, { class: id }] of Object.entries(profile.serves)) {
    if (!classes.has(id))
      say(
        ['serves', role, 'class'],
        notAllowed(id, 'a known class.', [...classes.keys()], { listedIn: 'the folder classes' }),
      );
  }
  for (const [i, point] of profile.points.entries()) {
    const role = roleOf(profile, point);
    const served = role === undefined ? undefined : profile.serves[role];
    if (role === undefined || served === undefined) {
      say(['points', i, 'role'], notAllowed(point.role ?? null, 'a role.', Object.keys(profile.serves)));
      continue;
    }
    const key = `${role}.${point.point}`;
    const first = seen.get(key);
    if (first !== undefined) say(['points', i, 'point'], `"${point.point}" is mapped already by /points/${first}`);
    else seen.set(key, i);
    const found = classes.get(served.class);
    const canonical = found?.points[point.point];
    if (found && !canonical) {
      const allowed = Object.keys(found.points);
      say(
        ['points', i, 'point'],
        notAllowed(point.point, `a point of class ${served.class}.`, allowed, {
          listedIn: `classes/${served.class}.yaml`,
        }),
      );
    }
    if (canonical) for (const [field, message] of meaningFaults(point, canonical)) say(['points', i, field], message);
    if (found && canonical) {
      checkWrite(point, { profile, served: found, canonical }, (field, message) =>
        say(['points', i, ...field], message),
      );
    }
  }
  checkPeriods(profile, say);
  if (profile.protocol === 'modbus') checkModbus(profile, used, say);
  else checkMqtt(profile, used, say);
  checkParameters(profile, used, say);
  return problems;
}

const result = (point: ModbusPoint | MqttPoint): 'boolean' | 'number' | 'string' => {
  if (point.combine === 'count' || point.combine === 'first') return 'number';
  if (point.combine !== undefined || point.match !== undefined || point.bits?.count === 1) return 'boolean';
  if (point.map) return Object.values(point.map).every((v) => typeof v === 'boolean') ? 'boolean' : 'number';
  if (point.at.type === 'string') return 'string';
  return point.at.type === 'bool' || point.at.type === 'boolean' ? 'boolean' : 'number';
};

function* meaningFaults(point: ModbusPoint | MqttPoint, canonical: ClassPoint): Generator<[string, string]> {
  const gives = result(point);
  const wants = canonical.kind === 'counter' || canonical.kind === 'enum' ? 'number' : canonical.kind;
  if (gives !== wants) yield ['point', `delivers a ${gives}, but "${point.point}" is of kind ${canonical.kind}`];
  if (point.unit !== undefined && unit(point.unit).quantity !== unit(canonical.unit).quantity) {
    const from = `"${point.unit}" is ${unit(point.unit).quantity}`;
    yield ['unit', `${from}, but "${point.point}" is ${unit(canonical.unit).quantity} in ${canonical.unit}`];
  }
  const linear = point.scale !== undefined || point.offset !== undefined || point.unit !== undefined;
  if (linear && (canonical.kind === 'enum' || wants !== 'number')) {
    yield ['point', `scale, offset and unit make no sense for kind ${canonical.kind}`];
  }
  if (point.scale === 0) yield ['scale', 'a scale of 0 makes every value 0'];
  if (canonical.kind === 'enum' && point.map) {
    const codes = Object.keys(canonical.states ?? {});
    for (const [raw, code] of Object.entries(point.map)) {
      if (!codes.includes(String(code))) yield [`map/${raw}`, notAllowed(code, 'a state of the point.', codes)];
    }
  }
  if ('wrap' in point && point.wrap !== undefined && canonical.kind !== 'counter') {
    yield ['wrap', `only a counter begins again, this is a ${canonical.kind}`];
  }
  if (point.bits?.plus !== undefined && point.at.type in rawBits === false) {
    yield ['bits', 'a parameter chooses bits of a Modbus register only'];
  }
  if (point.map && point.match) yield ['map', 'match and map exclude each other'];
  if (point.bits || point.match) {
    const width = point.at.type in rawBits ? rawBits[point.at.type as keyof typeof rawBits] : 32;
    const whole = !['f32', 'f64', 'string', 'bool', 'boolean'].includes(point.at.type);
    if (!whole) yield ['bits', `bits and match need an integer, not ${point.at.type}`];
    else if (width > 32) yield ['bits', 'bits and match work on at most 32 bits'];
    else if (point.bits && point.bits.plus === undefined && point.bits.from + point.bits.count > width) {
      yield ['bits', `bits ${point.bits.from} to ${point.bits.from + point.bits.count - 1} exceed ${width} bits`];
    }
  }
}

function checkPeriods(profile: DeviceProfile, say: Say): void {
  if (profile.protocol === 'mqtt') {
    if ('polls' in profile.silence) {
      say(['silence'], 'an MQTT device is not polled: give a time, for example { after: 3h }');
    }
    return;
  }
  for (const [name, text] of Object.entries(profile.poll)) {
    if (parseDuration(text) <= 0) say(['poll', name], `${text} is not a period`);
  }
}

function checkMqtt(profile: MqttProfile, used: Set<string>, say: Say): void {
  const templates: [(string | number)[], string][] = [[['mqtt', 'topic'], profile.mqtt.topic]];
  for (const [path, template] of mqttTemplates(profile.mqtt)) templates.push([['mqtt', ...path], template]);
  for (const [i, point] of profile.points.entries()) {
    if (point.at.topic !== undefined) templates.push([['points', i, 'at', 'topic'], point.at.topic]);
    for (const [place, { topic }] of (point.at.also ?? []).entries()) {
      if (topic !== undefined) templates.push([['points', i, 'at', 'also', place, 'topic'], topic]);
    }
    if ((point.at.true === undefined) !== (point.at.false === undefined)) {
      say(['points', i, 'at'], 'give both true and false, or neither');
    }
    for (const name of placeholders(point.write?.topic ?? '')) used.add(name);
    for (const name of placeholders(point.write?.payload ?? '')) used.add(name);
    if (point.combine !== undefined) say(['points', i, 'combine'], 'combine needs a Modbus address list');
  }
  for (const name of placeholders(deviceTimeOf(profile.mqtt)?.zone ?? '')) used.add(name);
  const declared = profile.parameters ?? {};
  for (const [path, template] of templates) {
    for (const name of placeholders(template)) {
      used.add(name);
      if (!declared[name]) say(path, notAllowed(name, 'a declared parameter.', Object.keys(declared)));
    }
    if (/[+#]/.test(template)) say(path, `"${template}" may not contain the wildcards + and #`);
  }
}

function mqttTemplates(mqtt: MqttSettings): [string[], string][] {
  return [
    ...presencesOf(mqtt).map(({ topic }): [string[], string] => [['availability'], topic]),
    ...noticesOf(mqtt).map(({ topic }): [string[], string] => [['notices'], topic]),
  ];
}

function checkParameters(profile: DeviceProfile, used: ReadonlySet<string>, say: Say): void {
  const sets: [(string | number)[], Record<string, ProfileParameter>][] = [
    ['parameters'],
    ...Object.keys(profile.serves).map((role) => ['serves', role, 'parameters']),
  ].map((path) => [path, (path.length === 1 ? profile.parameters : profile.serves[path[1] ?? '']?.parameters) ?? {}]);
  for (const [path, parameters] of sets) {
    for (const [name, parameter] of Object.entries(parameters)) {
      if (!used.has(name)) say([...path, name], `parameter "${name}" is declared but nothing uses it`);
      const given = parameter.default;
      const kind = Array.isArray(given) ? 'number-list' : typeof given;
      if (given !== undefined && kind !== parameter.kind) {
        say([...path, name, 'default'], `${JSON.stringify(given)} is not a ${parameter.kind}`);
      }
    }
  }
}
