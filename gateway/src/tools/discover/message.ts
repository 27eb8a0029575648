/** A message of the broker as the recognisers see it. */
export interface Message {
  topic: string;
  /** The parsed JSON, or the text where it is none. */
  payload: unknown;
  /** Kept by the broker from earlier: what it says is not known to be so now. */
  retained: boolean;
}

/** Who tells of a device, as it is named to a person. */
export type Source = 'zigbee2mqtt' | 'Home Assistant discovery' | 'Shelly' | 'Shelly Gen2' | 'Tasmota' | 'ChirpStack';

/** One value that a device says it has: where, and what is known of it. */
export interface AnnouncedValue {
  topic: string;
  /** As in a profile's `at.path`. */
  path: string;
  unit?: string;
}

/** What one message tells of one device. What several messages tell of it is put together by `mergeDevices`. */
export interface Finding {
  /** The same for every message about this device from this source. */
  key: string;
  source: Source;
  /** For a person; left out: another message may know it. */
  name?: string;
  vendor?: string;
  model?: string;
  /** Known values for parameters that profiles of this source have. */
  parameters?: Readonly<Record<string, string>>;
  /** Topics that the device uses, values or not. */
  topics?: readonly string[];
  values?: readonly AnnouncedValue[];
  /** The payload carries values of the device: it is kept to be decoded. */
  telling?: boolean;
  /** Keys of other sources under which the same device may be told. */
  alias?: readonly string[];
  /** Why this device needs no entry, whatever profile there is. */
  needsNone?: string;
}

export interface Recogniser {
  source: Source;
  /** What to subscribe to. */
  filters(options: RecogniserOptions): readonly string[];
  /**
   * Pure. Undefined: not a message of this source. A message that is one but cannot be read is a `fault` in words that follow its topic.
   * No findings: nothing to tell, or what the topic announced earlier is withdrawn.
   */
  read(message: Message, options: RecogniserOptions): Recognised | undefined;
}

export type Recognised = { findings: readonly Finding[] } | { fault: string };

export interface RecogniserOptions {
  /** First level of Home Assistant's discovery topics. */
  homeAssistant: string;
}

export type Fields = Readonly<Record<string, unknown>>;

/** The payload as a JSON object; undefined when it is anything else. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** A text with something in it, or a number as text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** `{ name: value }` without the undefined ones, for optional properties. */
export function known<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
