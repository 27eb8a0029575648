import type { Problem } from '@plantroom/contracts';
import type { ByteOrder } from '../address-schema.ts';
import type { ModbusAttributes, PointBinding } from '../binding.ts';
import type { Catalog } from '../catalog.ts';
import type { ClassPoint } from '../class-schema.ts';
import { encodeModbusWrite } from '../encode/encode-modbus.ts';
import { encodeMqttWrite } from '../encode/encode-mqtt.ts';
import { notAllowed } from '../nearest.ts';
import type { DeviceProfile, ModbusPoint, ModbusProfile, MqttPoint, MqttProfile } from '../profile-schema.ts';
import { placeholders, roleOf, wordsOf } from '../raw-types.ts';
import { mayBeWritten } from '../write-path.ts';
import { addressesOf } from './addresses.ts';
import { decodeModbus } from './decode-modbus.ts';
import { decodeMqtt } from './decode-mqtt.ts';
import { modulusOf } from './modulus.ts';
import { type ParameterValues, resolveParameters } from './parameters.ts';
import { pointHead } from './point-head.ts';
import { factorWords } from './scale-factor.ts';

export interface Served {
  role: string;
  /** Equipment id within the site. */
  equipment: string;
  /** Role parameters, number lists already expanded; left out: defaults only. */
  parameters?: ParameterValues;
}

export interface CompileInput {
  catalog: Catalog;
  profile: DeviceProfile;
  serves: readonly Served[];
  /** Device parameters, number lists already expanded; left out: defaults only. */
  parameters?: ParameterValues;
  /** Named in the problems; left out: the profile's id. */
  source?: string;
}

/**
 * Profile × served equipment → bindings. A wrong parameter or role costs the equipment concerned, with a problem, never the rest.
 * Points whose every address list is empty are not delivered by this device and get no binding.
 */
export function compileBindings(input: CompileInput): { bindings: PointBinding[]; problems: Problem[] } {
  const { catalog, profile, serves } = input;
  const source = input.source ?? profile.profile;
  const problems: Problem[] = [];
  const bindings: PointBinding[] = [];
  const device = resolveParameters(profile.parameters, input.parameters, { source, path: '/parameters', problems });
  if (!device) return { bindings, problems };
  const taken = new Map<string, string>();
  const single = new Set<string>();
  for (const { role, equipment, parameters } of serves) {
    const path = `/serves/${role}/${equipment}`;
    const say = (message: string) => problems.push({ source, path, message });
    const served = profile.serves[role];
    const found = served && catalog.classes.get(served.class);
    if (!served || !found) {
      say(notAllowed(role, `a role of ${profile.profile}.`, Object.keys(profile.serves)));
      continue;
    }
    if (single.has(role) && served.many !== true) {
      say(`role "${role}" serves one equipment only, "${equipment}" is one more`);
      continue;
    }
    single.add(role);
    const values = resolveParameters(served.parameters, parameters, { source, path: `${path}/parameters`, problems });
    if (!values) continue;
    const before = bindings.length;
    for (const point of profile.points) {
      const canonical = roleOf(profile, point) === role ? found.points[point.point] : undefined;
      if (!canonical) continue;
      const id = `${equipment}/${point.point}`;
      const other = taken.get(id);
      if (other !== undefined) {
        say(`point "${id}" is delivered already in role "${other}"; each point has exactly one binding`);
        continue;
      }
      const head = headOf(point, canonical, { equipment, class: served.class });
      const rest =
        profile.protocol === 'modbus'
          ? modbusPartShared(point as ModbusPoint, canonical, profile, { ...device, ...values }, say)
          : mqttPart(point as MqttPoint, canonical, profile, device, say);
      if (!rest) continue;
      taken.set(id, role);
      // Here a second time: a catalogue that was never checked must not open a way to write to fire or lifts.
      bindings.push(bindingOf(head, rest, mayBeWritten(found)));
    }
    if (bindings.length === before) say(`nothing is read for "${equipment}": every address list is empty or faulty`);
  }
  return { bindings, problems };
}

type Head = Omit<PointBinding, 'at' | 'decode' | 'write' | 'modulus'>;
type Part = Pick<PointBinding, 'at' | 'decode' | 'write' | 'modulus'>;

function headOf(point: ModbusPoint | MqttPoint, canonical: ClassPoint, of: { equipment: string; class: string }): Head {
  return {
    ...of,
    point: point.point,
    ...pointHead(canonical),
    poll: point.poll ?? 'normal',
  };
}

/** By point, canonical point and parameters. A thousand devices of one profile decode with one set of functions. */
const modbusParts = new WeakMap<ModbusPoint, { canonical: ClassPoint; parts: Map<string, Part> }>();

function modbusPartShared(...of: Parameters<typeof modbusPart>): Part | undefined {
  const [point, canonical, profile, parameters, say] = of;
  let known = modbusParts.get(point);
  if (known?.canonical !== canonical) {
    known = { canonical, parts: new Map() };
    modbusParts.set(point, known);
  }
  const key = JSON.stringify(parameters);
  const shared = known.parts.get(key);
  if (shared !== undefined) return shared;
  let isSound = true;
  const part = modbusPart(point, canonical, profile, parameters, (message) => {
    isSound = false;
    say(message);
  });
  if (part !== undefined && isSound) known.parts.set(key, part);
  return part;
}

/** Spelt out, every field lies in the object itself; spread, each binding would carry a second one for half of them. */
function bindingOf(head: Head, { at, decode, modulus, write }: Part, isWritable: boolean): PointBinding {
  const { equipment, point, name, kind, unit, lane, range, deadband, poll } = head;
  return {
    equipment,
    class: head.class,
    point,
    name,
    kind,
    unit,
    lane,
    range,
    deadband,
    poll,
    at,
    decode,
    ...(modulus === undefined ? {} : { modulus }),
    ...(write === undefined || !isWritable ? {} : { write }),
  };
}

function modbusPart(
  point: ModbusPoint,
  canonical: ClassPoint,
  profile: ModbusProfile,
  parameters: ParameterValues,
  say: (message: string) => void,
): Part | undefined {
  const { addresses, entries } = addressesOf(point.at, parameters);
  const more = placesOf(point, parameters);
  const length = wordsOf(point);
  const places = [...addresses.map((address) => ({ address, length })), ...(more ?? [])];
  const wrong = places.find(({ address: a, length: n }) => !Number.isInteger(a) || a < 0 || a + n > 65536)?.address;
  if (wrong !== undefined) say(`"${point.point}" would be read at address ${wrong}; allowed: 0 to 65535`);
  if (addresses.length === 0 || wrong !== undefined) return undefined;
  const order = profile.modbus.order ?? 'ABCD';
  const modulus = canonical.kind === 'counter' ? modulusOf(point, canonical.unit) : undefined;
  return {
    at: { protocol: 'modbus', table: point.at.table, addresses, length, ...(more ? { more } : {}) },
    ...(modulus === undefined ? {} : { modulus }),
    decode: decodeModbus(atBit(point, parameters), { kind: canonical.kind, unit: canonical.unit, order, entries }),
    ...modbusWrite(point, canonical, { order, parameters, say }),
  };
}

/** Where the factors of `scaleBy` lie. */
function placesOf(point: ModbusPoint, parameters: ParameterValues): ModbusAttributes['more'] {
  return point.scaleBy?.map((scale) => ({
    table: scale.table ?? point.at.table,
    address: addressesOf(scale, parameters).addresses[0] ?? scale.address,
    length: factorWords(scale),
  }));
}

/** A bit that a parameter chooses, chosen. */
function atBit(point: ModbusPoint, parameters: ParameterValues): ModbusPoint {
  const { bits } = point;
  if (bits?.plus === undefined) return point;
  const { plus, ...field } = bits;
  return { ...point, bits: { ...field, from: bits.from + Number(parameters[plus]) - 1 } };
}

function modbusWrite(
  point: ModbusPoint,
  canonical: ClassPoint,
  of: { order: ByteOrder; parameters: ParameterValues; say: (message: string) => void },
): Pick<PointBinding, 'write'> {
  const { addresses } = addressesOf(point.write?.at ?? point.at, of.parameters);
  const [address] = addresses;
  if (point.write === undefined || address === undefined || addresses.length > 1) return {};
  if (!Number.isInteger(address) || address < 0 || address > 65535) {
    of.say(`"${point.point}" would be written at address ${address}; allowed: 0 to 65535`);
    return {};
  }
  const write = encodeModbusWrite(point, { canonical, order: of.order, address });
  return write === undefined ? {} : { write };
}

function mqttPart(
  point: MqttPoint,
  canonical: ClassPoint,
  profile: MqttProfile,
  parameters: ParameterValues,
  say: (message: string) => void,
): Part | undefined {
  const template = point.at.topic ?? profile.mqtt.topic;
  const [first, ...also] = [point.at, ...(point.at.also ?? [])].map((place) => ({
    ...place,
    topic: fillPlaceholders(place.topic ?? template, parameters),
  }));
  if (first === undefined) return undefined;
  const wrong = [first, ...also].find(({ topic }) => topic === '' || /[+#\0]/.test(topic))?.topic;
  if (wrong !== undefined) {
    say(`topic "${wrong}" is empty or holds a wildcard (+ #)`);
    return undefined;
  }
  const write = encodeMqttWrite(point, { canonical, parameters });
  return {
    at: {
      protocol: 'mqtt',
      topic: first.topic,
      path: first.path,
      ...(also.length === 0 ? {} : { also: also.map(({ topic, path }) => ({ topic, path })) }),
    },
    decode: decodeMqtt(point, canonical, { codec: profile.mqtt.codec, places: [first, ...also] }),
    ...(write === undefined ? {} : { write }),
  };
}

function fillPlaceholders(template: string, parameters: ParameterValues): string {
  let text = template;
  for (const name of placeholders(template)) text = text.replace(`{${name}}`, () => String(parameters[name] ?? ''));
  return text;
}
