import type { Heard } from './gather.ts';
import type { AnnouncedValue, Finding, Source } from './message.ts';

/** One device with everything that any source told of it. */
export interface FoundDevice {
  key: string;
  name: string;
  sources: Source[];
  vendor: string | undefined;
  /** As announced; several sources may name it in several ways. */
  models: string[];
  parameters: Record<string, string>;
  topics: Set<string>;
  values: AnnouncedValue[];
  messages: { topic: string; payload: unknown }[];
  /** False: everything came from retained messages, the device may be gone. */
  live: boolean;
  needsNone: string | undefined;
}

/**
 * Puts findings about the same device together: by key, by a key of another source that a finding names, and, for Home Assistant's
 * announcements, by the topic whose values belong to a device that another source knows.
 */
export function mergeDevices(heard: readonly Heard[]): FoundDevice[] {
  const keyOf = keysOf(heard);
  const devices = new Map<string, FoundDevice>();
  for (const { topic, findings, payloads, live } of heard) {
    for (const finding of findings) {
      const key = keyOf(finding);
      let device = devices.get(key);
      if (device === undefined) {
        device = newDevice(key, finding);
        devices.set(key, device);
      }
      add(device, finding, live);
      if (finding.telling === true) device.messages.push(...payloads.map((payload) => ({ topic, payload })));
    }
  }
  return [...devices.values()];
}

function keysOf(heard: readonly Heard[]): (finding: Finding) => string {
  const aliases = new Map<string, string>();
  const owners = new Map<string, string>();
  const own = new Set<string>();
  for (const { findings } of heard)
    for (const { key, source, topics = [] } of findings) {
      if (source === 'Home Assistant discovery') continue;
      own.add(key);
      for (const topic of topics) if (!owners.has(topic)) owners.set(topic, key);
    }
  for (const { findings } of heard)
    for (const { key, source, alias = [], values = [] } of findings) {
      for (const other of alias) {
        if (source === 'Home Assistant discovery') {
          if (own.has(other)) aliases.set(key, other);
        } else aliases.set(other, key);
      }
      const owner = values[0] && owners.get(values[0].topic);
      if (source === 'Home Assistant discovery' && owner !== undefined && !aliases.has(key)) aliases.set(key, owner);
    }
  return ({ key }) => {
    const other = aliases.get(key) ?? key;
    return aliases.get(other) ?? other;
  };
}

function newDevice(key: string, { name }: Finding): FoundDevice {
  return {
    key,
    name: name ?? key,
    sources: [],
    vendor: undefined,
    models: [],
    parameters: {},
    topics: new Set(),
    values: [],
    messages: [],
    live: false,
    needsNone: undefined,
  };
}

function add(device: FoundDevice, finding: Finding, live: boolean): void {
  const { source, name, vendor, model, parameters, topics = [], values = [], needsNone } = finding;
  const first = device.sources.length === 0;
  if (!device.sources.includes(source)) device.sources.push(source);
  // The source with a topic of its own knows the device better than Home Assistant's copy.
  // A name that only repeats what stands in the topic is no better than the one before.
  const repeats = name === undefined || Object.values(device.parameters).includes(name);
  if (name !== undefined && !repeats && (first || source !== 'Home Assistant discovery')) device.name = name;
  if (vendor !== undefined && (device.vendor === undefined || source !== 'Home Assistant discovery'))
    device.vendor = vendor;
  if (model !== undefined && !device.models.includes(model)) device.models.push(model);
  Object.assign(device.parameters, parameters);
  for (const topic of topics) device.topics.add(topic);
  device.values.push(...values);
  for (const { topic } of values) device.topics.add(topic);
  device.live ||= live;
  device.needsNone ??= needsNone;
}
