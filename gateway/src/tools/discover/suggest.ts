import type { PointValue, UnitName } from '@plantroom/contracts';
import {
  type Catalog,
  type DeviceProfile,
  type MqttAttributes,
  type MqttProfile,
  type PointBinding,
  presencesOf,
} from '@plantroom/device-profiles';
import { compileBindings } from '@plantroom/device-profiles/decode';
import type { FoundDevice } from './merge-devices.ts';
import { fillSome, literally, unifyTopic } from './unify.ts';

export interface PointEvidence {
  /** `[role.]point` */
  point: string;
  unit: UnitName;
  /** `told`: a message carries it. `announced`: the device says it has it. `senseless`: a message carries something else there. `missing`: nothing. */
  state: 'told' | 'announced' | 'senseless' | 'missing';
  value: PointValue;
  /** What kind of device it is cannot be told from this: battery, link quality. */
  incidental: boolean;
}

export interface Suggestion {
  profile: MqttProfile;
  parameters: Readonly<Record<string, string>>;
  byModel: boolean;
  evidence: PointEvidence[];
  /** Points told or announced. */
  fitting: number;
}

export interface Judgement {
  /** Best first. */
  suggestions: Suggestion[];
  /** In words, when there is none. */
  reason: string;
}

/** Pure. The profiles that fit what a device told of itself, by its model and by its values. */
export function suggest(device: FoundDevice, catalog: Catalog): Judgement {
  if (device.needsNone !== undefined) return { suggestions: [], reason: device.needsNone };
  const judged = [...catalog.profiles.values()].filter(isMqtt).flatMap((profile) => judge(device, profile, catalog));
  const fitting = judged.filter((one) => one.byModel || fitsByValues(one));
  // The mode that a device is in decides between profiles of one model (three phases or three meters).
  const heard = fitting.some(({ fitting: count }) => count > 0);
  const suggestions = fitting
    .filter(({ fitting: count }) => !heard || count > 0)
    .sort((a, b) => Number(b.byModel) - Number(a.byModel) || b.fitting - a.fitting || missing(a) - missing(b));
  return { suggestions, reason: suggestions.length > 0 ? '' : reasonOf(device, { judged, catalog }) };
}

const isMqtt = (profile: DeviceProfile): profile is MqttProfile => profile.protocol === 'mqtt';
const missing = ({ evidence }: Suggestion): number => evidence.length - evidence.filter(fits).length;
const fits = ({ state }: PointEvidence): boolean => state === 'told' || state === 'announced';

/** Every point that says what the device is, of one role at least, and nothing against it. */
function fitsByValues({ profile, evidence }: Suggestion): boolean {
  const roles = Object.keys(profile.serves);
  const telling = evidence.filter(({ incidental }) => !incidental);
  if (telling.some(({ state }) => state === 'senseless')) return false;
  return roles.some((role) => {
    const own = roles.length === 1 ? telling : telling.filter(({ point }) => point.startsWith(`${role}.`));
    // A meter has many points and a firmware may lack some; a sensor has few and needs them all.
    return own.length > 0 && own.filter(fits).length >= Math.max(1, own.length * (own.length > 4 ? 0.6 : 1));
  });
}

function judge(device: FoundDevice, profile: MqttProfile, catalog: Catalog): Suggestion[] {
  const parameters = parametersFor(device, profile);
  if (parameters === undefined) return [];
  const roles = Object.keys(profile.serves);
  const { bindings, problems } = compileBindings({
    catalog,
    profile,
    serves: roles.map((role) => ({ role, equipment: role })),
    parameters,
  });
  if (problems.length > 0 || bindings.length === 0) return [];
  const evidence = bindings.map((binding) => evidenceOf(binding, { device, one: roles.length === 1 }));
  const byModel = (profile.mqtt.models ?? []).some((model) => device.models.some((text) => names(text, model)));
  return [{ profile, parameters, byModel, evidence, fitting: evidence.filter(fits).length }];
}

/** The name stands in the text on its own: "WSDCGQ11LM" in "Temperature sensor (WSDCGQ11LM)", but not EM300-TH in EM300-THX. */
function names(text: string, model: string): boolean {
  return new RegExp(`(?<![A-Za-z0-9])${literally(model)}(?![A-Za-z0-9])`, 'i').test(text);
}

function templatesOf({ mqtt, points }: MqttProfile): string[] {
  const places = points.flatMap(({ at }) => [at, ...(at.also ?? [])]);
  return [
    ...new Set([
      mqtt.topic,
      ...places.flatMap(({ topic }) => topic ?? []),
      ...presencesOf(mqtt).map(({ topic }) => topic),
    ]),
  ];
}

/** Undefined when the topics of the device are not those of the profile. */
function parametersFor(device: FoundDevice, profile: MqttProfile): Record<string, string> | undefined {
  const declared = Object.entries(profile.parameters ?? {});
  const values: Record<string, string> = {};
  for (const [name] of declared) {
    const told = device.parameters[name];
    if (told !== undefined) values[name] = told;
  }
  const defaults = Object.fromEntries(
    declared.flatMap(([name, { default: given }]) => (typeof given === 'string' ? [[name, given] as const] : [])),
  );
  const templates = templatesOf(profile);
  const complete = (): boolean =>
    declared.every(([name]) => values[name] !== undefined || defaults[name] !== undefined);
  for (const template of templates) {
    if (complete()) break;
    const open = fillSome(template, { ...defaults, ...values });
    for (const topic of device.topics) {
      const found = unifyTopic(open, topic);
      if (found === undefined) continue;
      Object.assign(values, found);
      break;
    }
  }
  if (!complete()) return undefined;
  const filled = templates.map((template) => fillSome(template, { ...defaults, ...values }));
  if (!filled.some((topic) => device.topics.has(topic))) return undefined;
  // What the profile takes anyway needs no line in the file.
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => defaults[name] !== value));
}

const incidental = /^(sensor-)?(battery|link-quality)/;

function evidenceOf(binding: PointBinding, { device, one }: { device: FoundDevice; one: boolean }): PointEvidence {
  const { point, unit, equipment: role, range } = binding;
  const at = binding.at as MqttAttributes;
  const places = [at, ...(at.also ?? [])];
  const head = { point: one ? point : `${role}.${point}`, unit, incidental: incidental.test(point) };
  let senseless = false;
  for (const { topic, payload } of device.messages.toReversed()) {
    if (!places.some((place) => place.topic === topic)) continue;
    const decoded = binding.decode({ payload, topic });
    if (decoded === undefined) continue;
    const { value } = decoded;
    const outside = typeof value === 'number' && range !== null && (value < range[0] || value > range[1]);
    if (decoded.quality !== 'bad' && !outside) return { ...head, state: 'told', value };
    senseless = true;
  }
  if (senseless) return { ...head, state: 'senseless', value: null };
  const announced = device.values.some(({ topic, path }) =>
    places.some((place) => place.topic === topic && place.path === path),
  );
  return { ...head, state: announced ? 'announced' : 'missing', value: null };
}

function reasonOf(
  device: FoundDevice,
  { judged, catalog }: { judged: readonly Suggestion[]; catalog: Catalog },
): string {
  const model =
    device.models.length === 0
      ? 'it does not name its model'
      : `no profile is for the model "${device.models.join('", "')}"`;
  const nearest = judged
    .filter(({ evidence }) => evidence.some((one) => fits(one) && !one.incidental))
    .sort((a, b) => b.fitting - a.fitting)[0];
  if (nearest !== undefined) {
    const other = nearest.evidence.filter((one) => !fits(one) && !one.incidental).map(({ point }) => point);
    return `${model}; nearest by its values is ${nearest.profile.profile}, which also needs ${other.join(', ')}`;
  }
  const elsewhere = [...catalog.profiles.values()]
    .filter(isMqtt)
    .flatMap((profile) => topicElsewhere(device, profile))[0];
  if (elsewhere !== undefined) return elsewhere;
  const values = [...new Set(device.values.map(({ topic, path }) => (path === '' ? topic : path)))];
  if (values.length > 0) return `${model}, and no profile reads its values: ${values.slice(0, 12).join(', ')}`;
  if (device.messages.length > 0) return `${model}, and no profile reads its values`;
  return `${model}, and it has told no value while it was listened to`;
}

/** A profile of the same kind of device, whose topics this one does not use: a site may have changed them. */
function topicElsewhere(device: FoundDevice, profile: MqttProfile): string[] {
  const needed = Object.entries(profile.parameters ?? {}).filter(([, { default: given }]) => given === undefined);
  if (needed.length === 0 || !needed.every(([name]) => device.parameters[name] !== undefined)) return [];
  if (parametersFor(device, profile) !== undefined) return [];
  const reads = fillSome(profile.mqtt.topic, device.parameters);
  return [`${profile.profile} reads ${reads}, but its topics are ${[...device.topics].slice(0, 3).join(', ')}`];
}
