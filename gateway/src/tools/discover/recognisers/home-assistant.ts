import {
  type AnnouncedValue,
  type Fields,
  type Finding,
  fieldsOf,
  known,
  type Recogniser,
  textOf,
} from '../message.ts';
import { templatePath } from './value-template.ts';

/**
 * `<prefix>/<component>/[<node>/]<object>/config` for one entity, and `<prefix>/device/…/config` with all entities of a device. Keys may be
 * abbreviated, and `~` stands for the base topic (Home Assistant, MQTT discovery).
 */
export const homeAssistant: Recogniser = {
  source: 'Home Assistant discovery',
  filters: ({ homeAssistant: prefix }) => [`${prefix}/+/+/config`, `${prefix}/+/+/+/config`],
  read({ topic, payload }, { homeAssistant: prefix }) {
    if (!topic.startsWith(`${prefix}/`)) return undefined;
    const [, component, id] = /^(\w+)\/((?:[\w-]+\/)?[\w-]+)\/config$/.exec(topic.slice(prefix.length + 1)) ?? [];
    if (component === undefined || id === undefined) return undefined;
    // The retained configuration has been withdrawn.
    if (payload === '') return { findings: [] };
    const config = fieldsOf(payload);
    if (config === undefined) return { fault: 'is not a JSON object' };
    const full = inFull(config, entityKeys);
    // A hand-over between the two forms of discovery announces nothing.
    if (full.migrate_discovery === true) return { findings: [] };
    if (component !== 'device') return { findings: [findingOf(id, full, [full])] };
    const components = fieldsOf(full.components);
    if (components === undefined) return { fault: 'is a device without components' };
    const entities = Object.values(components).flatMap((entry) => {
      const own = fieldsOf(entry);
      // One that names nothing but its platform is withdrawn.
      return own === undefined || Object.keys(own).length < 2 ? [] : [{ ...shared(full), ...inFull(own, entityKeys) }];
    });
    return { findings: [findingOf(id, full, entities)] };
  },
};

function findingOf(id: string, config: Fields, entities: readonly Fields[]): Finding {
  const device = inFull(fieldsOf(config.device) ?? {}, deviceKeys);
  const identifiers = [device.identifiers].flat().flatMap((text) => textOf(text) ?? []);
  const topics = entities.flatMap((entity) => topicsOf(withBase(entity)));
  // zigbee2mqtt announces its devices here too.
  const zigbee = identifiers.flatMap((text) => /^zigbee2mqtt_(0x[0-9a-f]{16})$/i.exec(text)?.[1] ?? []);
  return {
    key: `home-assistant ${identifiers[0] ?? id}`,
    source: 'Home Assistant discovery',
    topics: [...new Set(topics)],
    values: entities.flatMap((entity) => announcedValue(withBase(entity))),
    alias: zigbee.map((address) => `zigbee ${address.toLowerCase()}`),
    ...known({
      name: textOf(device.name) ?? textOf(config.name) ?? identifiers[0],
      vendor: textOf(device.manufacturer),
      model:
        [textOf(device.model), textOf(device.model_id)].filter((text) => text !== undefined).join(' ') || undefined,
    }),
  };
}

function announcedValue(entity: Fields): AnnouncedValue[] {
  const topic = textOf(entity.state_topic);
  if (topic === undefined) return [];
  const path = templatePath(textOf(entity.value_template));
  // What a template computes is no place that a profile could name.
  return path === undefined ? [] : [{ topic, path, ...known({ unit: textOf(entity.unit_of_measurement) }) }];
}

function topicsOf(entity: Fields): string[] {
  const availability = [entity.availability]
    .flat()
    .map((entry) => textOf(inFull(fieldsOf(entry) ?? {}, entityKeys).topic));
  const base = textOf(entity['~']);
  return [
    textOf(entity.state_topic),
    textOf(entity.availability_topic),
    ...availability.map((text) => expand(text, base)),
  ].filter((text) => text !== undefined);
}

/** At either end of a topic; other texts keep their tilde. */
function withBase(entity: Fields): Fields {
  const base = textOf(entity['~']);
  if (base === undefined) return entity;
  return Object.fromEntries(
    Object.entries(entity).map(([key, value]) => [
      key,
      typeof value === 'string' && key.endsWith('topic') ? expand(value, base) : value,
    ]),
  );
}

function expand(text: string | undefined, base: string | undefined): string | undefined {
  if (text === undefined || base === undefined) return text;
  if (text.startsWith('~')) return base + text.slice(1);
  return text.endsWith('~') ? text.slice(0, -1) + base : text;
}

/** What the components of a device take over from it unless they say it themselves. */
const sharedKeys = ['availability', 'availability_topic', 'state_topic', '~'];
const shared = (device: Fields): Fields =>
  Object.fromEntries(Object.entries(device).filter(([key]) => sharedKeys.includes(key)));

/** Only the keys that are looked at here. */
const entityKeys: Readonly<Record<string, string>> = {
  avty: 'availability',
  avty_t: 'availability_topic',
  cmps: 'components',
  dev: 'device',
  migr_discvry: 'migrate_discovery',
  p: 'platform',
  stat_t: 'state_topic',
  t: 'topic',
  unit_of_meas: 'unit_of_measurement',
  val_tpl: 'value_template',
};
const deviceKeys: Readonly<Record<string, string>> = {
  ids: 'identifiers',
  mdl: 'model',
  mdl_id: 'model_id',
  mf: 'manufacturer',
};

const inFull = (fields: Fields, names: Readonly<Record<string, string>>): Fields =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [names[key] ?? key, value]));
