import { pointId, type Reading, toBase, type UnitName } from '@plantroom/contracts';
import type { ClassPoint } from '@plantroom/device-profiles';
import type { StoredLane } from './ingest.ts';
import { slugOf } from './slug.ts';

/** A metric as a foreign edge node names it. */
export interface MetricAddress {
  group: string;
  node: string;
  /** Null: a metric of the node itself. */
  device: string | null;
  metric: string;
}

/** What a metric of a foreign node is here. */
export interface MappedPoint {
  /** Point id. */
  point: string;
  class: string;
  /** Base unit, as the class has it. */
  unit: UnitName;
  lane: StoredLane;
  /** Without a value for so long it is comm-lost; null: it may be silent. */
  timeoutMs: number | null;
  /** The reading in the class's unit, kind and range. */
  convert(reading: Reading): Reading;
}

/** One entry of the mapping file, checked. Texts may hold `{name}`, which stands for one or more characters other than `/`. */
export interface MapEntry {
  site: string;
  group: string;
  node: string;
  device: string | null;
  metric: string;
  equipment: string;
  class: string;
  point: string;
  /** As it is on the wire; left out: the class's. */
  unit?: UnitName;
  /** Value on the wire → value here. Left out: as it comes. */
  values?: Readonly<Record<string, number | boolean | string>>;
  timeoutMs: number | null;
  classPoint: ClassPoint;
}

const placeholder = /\{([a-z][a-z0-9]*)\}/g;

/** The names in `{}`, in their order. */
export function placeholders(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name]) => name ?? '');
}

/** What is between `{}` in one text stands for the same wherever it is used again. */
interface CompiledEntry {
  entry: MapEntry;
  pattern: RegExp;
}

/** No part of an address can hold it. */
const joint = '\u0000';

/** Where metrics of foreign nodes go: the first entry that fits. Which one that is, is looked for at births only. */
export class MetricMap {
  readonly #entries: readonly CompiledEntry[];

  constructor(entries: readonly MapEntry[]) {
    this.#entries = entries.map((entry) => ({ entry, pattern: compile(entry) }));
  }

  find({ group, node, device, metric }: MetricAddress): MappedPoint | undefined {
    const text = [group, node, device ?? '', metric].join(joint);
    for (const { entry, pattern } of this.#entries) {
      const match = pattern.exec(text);
      if (match !== null) return mapped(entry, match.groups ?? {});
    }
    return undefined;
  }
}

function compile({ group, node, device, metric }: MapEntry): RegExp {
  const seen = new Set<string>();
  const parts = [group, node, device ?? '', metric].map((text) => {
    let source = '';
    let end = 0;
    for (const match of text.matchAll(placeholder)) {
      const name = match[1] ?? '';
      source += literal(text.slice(end, match.index));
      source += seen.has(name) ? `\\k<${name}>` : `(?<${name}>[^/${joint}]+?)`;
      seen.add(name);
      end = match.index + match[0].length;
    }
    return source + literal(text.slice(end));
  });
  return new RegExp(`^${parts.join(joint)}$`, 'u');
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function mapped(entry: MapEntry, found: Record<string, string>): MappedPoint {
  const equipment = slugOf(entry.equipment.replace(placeholder, (_, name: string) => found[name] ?? ''));
  return {
    point: pointId(entry.site, equipment, entry.point),
    class: entry.class,
    unit: entry.classPoint.unit,
    lane: entry.classPoint.lane ?? 'live',
    timeoutMs: entry.timeoutMs,
    convert: (reading) => convert(reading, entry),
  };
}

function convert(reading: Reading, { classPoint, unit: from, values }: MapEntry): Reading {
  if (reading.value === null) return reading;
  const told = values === undefined ? reading.value : values[String(reading.value)];
  const value = told === undefined ? null : ofKind(told, classPoint.kind);
  // A value that the class cannot hold is none: shown as it came it would be taken for something else.
  if (value === null) return { ...reading, value: null, quality: 'bad', reason: 'device-error' };
  if (typeof value !== 'number' || classPoint.kind === 'enum') return { ...reading, value };
  const inBase = from === undefined ? value : toBase(value, from);
  const { range } = classPoint;
  const isPlausible = range === undefined || (inBase >= range[0] && inBase <= range[1]);
  if (reading.quality !== 'good' || isPlausible) return { ...reading, value: inBase };
  return { ...reading, value: inBase, quality: 'uncertain', reason: 'out-of-range' };
}

function ofKind(value: number | boolean | string, kind: ClassPoint['kind']): number | boolean | string | null {
  if (kind === 'string') return String(value);
  if (kind === 'boolean') {
    if (typeof value === 'boolean') return value;
    return value === 0 || value === 1 ? value === 1 : null;
  }
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isFinite(number)) return null;
  return kind === 'enum' && !Number.isInteger(number) ? null : number;
}
