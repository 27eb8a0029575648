import type { PointValue, UnitName } from '@plantroom/contracts';
import type { Catalog, ModbusFraming, ModbusProfile, ModbusTable } from '@plantroom/device-profiles';
import { exceptionCode } from '../../drivers/modbus/exceptions.ts';
import type { ModbusBinding } from '../../drivers/modbus/modbus-device.ts';
import { planPoll, pollClasses, splitBlock } from '../../drivers/modbus/poll-plan.ts';
import type { Reader } from './probe-line.ts';
import { deviceOfProfile } from './profile-device.ts';

export interface PointEvidence {
  point: string;
  unit: UnitName;
  value: PointValue;
  /** How much it speaks for the profile, in bits; below 0 against it. */
  bits: number;
  why: string;
}

export interface Suggestion {
  profile: string;
  vendor: string;
  model: string;
  bits: number;
  /** Points that were answered with a value that makes sense, and how many were asked. */
  fitting: number;
  asked: number;
  /** Strongest first. */
  evidence: PointEvidence[];
}

/** One profile may not keep the line for minutes: a panel's thousands of points say nothing that its first ones do not. */
const mostRequests = 8;
/** What one point can add: a single number that fits by luck must not decide. */
const mostBits = 6;
const against = { missing: -4, senseless: -4, unavailable: -0.5 };

/**
 * The profiles by how well what the device answers fits them. Each value counts by how unlikely it would make sense by chance: a float
 * within the point's range says much, a bit or a small integer little, zero nothing. Only reads, as each profile's plan would.
 */
export async function suggestProfiles(
  reader: Reader,
  unit: number,
  {
    catalog,
    framings,
    only,
    progress,
  }: {
    catalog: Catalog;
    /** Dialects that this line can carry. */
    framings: readonly ModbusFraming[];
    /** Left out: all. */
    only?: readonly string[];
    progress?(profile: string): void;
  },
): Promise<Suggestion[]> {
  const memory = new Memory(reader, unit);
  const suggestions: Suggestion[] = [];
  for (const profile of catalog.profiles.values()) {
    if (profile.protocol !== 'modbus' || !framings.includes(profile.modbus.framing ?? 'standard')) continue;
    if (only !== undefined && !only.includes(profile.profile)) continue;
    progress?.(profile.profile);
    const suggestion = await judge(profile, { catalog, unit, memory });
    if (suggestion !== undefined) suggestions.push(suggestion);
  }
  return suggestions.sort((a, b) => b.bits - a.bits);
}

async function judge(
  profile: ModbusProfile,
  { catalog, unit, memory }: { catalog: Catalog; unit: number; memory: Memory },
): Promise<Suggestion | undefined> {
  const device = deviceOfProfile(catalog, profile, unit);
  if (device === undefined) return undefined;
  const framing = profile.modbus.framing ?? 'standard';
  const todo = pollClasses.flatMap((poll) => planPoll(device, poll).blocks);
  const missing = new Set<ModbusBinding>();
  const asked = new Set<ModbusBinding>();
  for (let requests = 0, block = todo.shift(); block !== undefined && requests < mostRequests; block = todo.shift()) {
    const known = await memory.read(block.table, block.start, { count: block.count, framing });
    if (known.sent) requests += 1;
    if (known.failure === 'refused') {
      const parts = splitBlock(block, profile);
      if (parts.length > 1) {
        todo.unshift(...parts);
        continue;
      }
    }
    for (const { binding } of block.slots) {
      asked.add(binding);
      if (known.failure !== undefined) missing.add(binding);
    }
    // Nothing at all where the profile expects its first values: the rest costs the line without telling more.
    if (missing.size >= 6 && missing.size === asked.size) break;
  }
  const evidence = [...asked].flatMap((binding) => evidenceOf(binding, { missing: missing.has(binding), memory }));
  evidence.sort((a, b) => b.bits - a.bits);
  const bits = evidence.reduce((sum, point) => sum + point.bits, 0);
  const fitting = evidence.filter((point) => point.bits >= 0).length;
  const { vendor, model } = profile;
  return { profile: profile.profile, vendor, model, bits, fitting, asked: evidence.length, evidence };
}

function evidenceOf(
  binding: ModbusBinding,
  { missing, memory }: { missing: boolean; memory: Memory },
): PointEvidence[] {
  const { point, unit, range, at } = binding;
  if (at.more !== undefined && at.more.length > 0) return [];
  const of = (bits: number, why: string, value: PointValue = null): PointEvidence[] => [
    { point, unit, value, bits, why },
  ];
  if (missing) return of(against.missing, 'does not exist');
  const words = at.addresses.flatMap((address) => memory.words(at.table, address, at.length));
  if (words.some((word) => word === undefined)) return [];
  const decoded = binding.decode(words as number[]);
  if (decoded === undefined) return [];
  const { value } = decoded;
  if (decoded.quality === 'bad')
    return of(against.unavailable, 'not available, or a code that the profile does not know');
  if (typeof value === 'number' && range !== null && (value < range[0] || value > range[1]))
    return of(against.senseless, `outside ${range[0]} to ${range[1]}`, value);
  if (words.every((word) => word === 0)) return of(0, 'zero: says nothing', value);
  return of(Math.min(mostBits, bitsOf(binding)), 'within its range', value);
}

/** −log₂ of the share of random words that would make sense too. */
function bitsOf({ decode, range, at }: ModbusBinding): number {
  const trials = 256;
  const bitTable = at.table === 'coil' || at.table === 'discrete';
  let sensible = 0;
  // Park and Miller's minimal standard generator: the same words each time.
  let seed = 20_011;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed;
  };
  for (let i = 0; i < trials; i++) {
    const words = Array.from({ length: at.addresses.length * at.length }, () =>
      bitTable ? random() & 1 : (random() >>> 8) & 0xffff,
    );
    const decoded = decode(words);
    if (decoded === undefined || decoded.quality === 'bad') continue;
    const { value } = decoded;
    // A value that random words reach only near zero (tiny floats) is what an empty register looks like, not a measurement.
    if (
      typeof value === 'number' &&
      (Math.abs(value) < 1e-6 || (range !== null && (value < range[0] || value > range[1])))
    )
      continue;
    sensible += 1;
  }
  return Math.log2(trials / Math.max(1, sensible));
}

type Known = { failure: 'refused' | 'silent' | undefined; sent: boolean };

/** Every register is asked for once, whichever profile wants it. */
class Memory {
  readonly #reader: Reader;
  readonly #unit: number;
  readonly #words = new Map<string, number>();
  readonly #failures = new Map<string, Known['failure']>();

  constructor(reader: Reader, unit: number) {
    this.#reader = reader;
    this.#unit = unit;
  }

  words(table: ModbusTable, start: number, length: number): (number | undefined)[] {
    return Array.from({ length }, (_, i) => this.#words.get(`${table} ${start + i}`));
  }

  async read(
    table: ModbusTable,
    start: number,
    { count, framing }: { count: number; framing: ModbusFraming },
  ): Promise<Known> {
    if (this.words(table, start, count).every((word) => word !== undefined)) return { failure: undefined, sent: false };
    const key = `${framing} ${table} ${start}+${count}`;
    if (this.#failures.has(key)) return { failure: this.#failures.get(key), sent: false };
    const answer = await this.#reader.read({ unit: this.#unit, table, start, count, framing });
    if (answer.ok) {
      for (const [i, word] of answer.values.entries()) this.#words.set(`${table} ${start + i}`, word);
      return { failure: undefined, sent: true };
    }
    const refused =
      answer.failure.kind === 'exception' &&
      (answer.failure.code === exceptionCode.illegalAddress || answer.failure.code === exceptionCode.illegalValue);
    const failure = refused ? 'refused' : 'silent';
    this.#failures.set(key, failure);
    return { failure, sent: true };
  }
}
