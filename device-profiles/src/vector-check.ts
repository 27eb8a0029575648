import type { ModbusTable } from './address-schema.ts';
import type { Decoded, PointBinding, RawValue } from './binding.ts';
import type { Catalog } from './catalog.ts';
import { compileBindings } from './decode/compile-bindings.ts';
import type { ParameterValues } from './decode/parameters.ts';
import type { DeviceProfile, ProfileParameter, VectorFile } from './profile-schema.ts';
import { writeFaults } from './vector-writes.ts';

export type Vector = VectorFile['vectors'][number];

export interface VectorCheck {
  /** In words, one for each expected value that does not come out; empty: the vector passes. */
  faults: string[];
  /** `role.point` of every value compared. */
  compared: string[];
  /** `role.point` of every write compared. */
  written: string[];
}

/** Holds one vector against a profile: its parameters are compiled, its words or messages decoded, its values compared. */
export function checkVector(catalog: Catalog, profile: DeviceProfile, vector: Vector): VectorCheck {
  const roles = Object.keys(profile.serves);
  const spokenOf = new Set(
    [...Object.keys(vector.expect), ...Object.keys(vector.writes ?? {})].map((key) => roleOfKey(key, roles)),
  );
  const { bindings, problems } = compileBindings({
    catalog,
    profile,
    // A device need not have any of a role that it may have several of.
    serves: roles
      .filter((role) => profile.serves[role]?.many !== true || spokenOf.has(role))
      .map((role) => ({
        role,
        equipment: role,
        parameters: given(vector, profile.serves[role]?.parameters),
      })),
    parameters: given(vector, profile.parameters),
  });
  const check: VectorCheck = {
    faults: problems.map(({ path, message }) => `${path}: ${message}`),
    compared: [],
    written: [],
  };
  for (const [key, want] of Object.entries(vector.expect)) {
    const [point = '', role = roles[0] ?? ''] = key.split('.').reverse();
    const binding = bindings.find((b) => b.equipment === role && b.point === point);
    const raw = binding && rawOf(vector, binding);
    if (!binding || raw === undefined) {
      check.faults.push(`${key}: ${binding ? 'the vector does not give all its registers or its message' : 'unknown'}`);
      continue;
    }
    check.compared.push(`${role}.${point}`);
    const got = binding.decode(raw);
    if (!agrees(want, got)) check.faults.push(`${key}: ${JSON.stringify(got)} is not ${JSON.stringify(want)}`);
  }
  for (const [key, writes] of Object.entries(vector.writes ?? {})) {
    const [point = '', role = roles[0] ?? ''] = key.split('.').reverse();
    const binding = bindings.find((b) => b.equipment === role && b.point === point);
    check.faults.push(...writeFaults(key, writes, binding));
    check.written.push(`${role}.${point}`);
  }
  return check;
}

/** Keys are `role.point`, or only the point for the first role. */
function roleOfKey(key: string, roles: readonly string[]): string {
  const dot = key.lastIndexOf('.');
  return dot < 0 ? (roles[0] ?? '') : key.slice(0, dot);
}

function given(vector: Vector, declared: Record<string, ProfileParameter> | undefined): ParameterValues {
  return Object.fromEntries(Object.entries(vector.parameters ?? {}).filter(([name]) => declared?.[name] !== undefined));
}

function rawOf(vector: Vector, { at }: PointBinding): RawValue | undefined {
  if (at.protocol === 'mqtt') {
    // Of the places where the point may be told, the first one that the vector has a message for.
    const topic = [at, ...(at.also ?? [])]
      .map((place) => place.topic)
      .find((name) => vector.messages?.[name] !== undefined);
    const text = topic === undefined ? undefined : vector.messages?.[topic];
    return topic === undefined || text === undefined ? undefined : { payload: payloadOf(text), topic };
  }
  // TypeBox infers no keys for a partial record.
  const registers: Partial<Record<ModbusTable, Record<string, number[]>>> = vector.registers ?? {};
  const memory = new Map<string, number>();
  for (const [table, blocks] of Object.entries(registers)) {
    for (const [start, words] of Object.entries(blocks)) {
      for (const [i, word] of words.entries()) memory.set(`${table} ${Number(start) + i}`, word);
    }
  }
  const places = at.addresses.map((address) => ({ table: at.table, address, length: at.length }));
  const words = [...places, ...(at.more ?? [])].flatMap(({ table, address, length }) =>
    Array.from({ length }, (_, i) => memory.get(`${table} ${address + i}`)),
  );
  return words.every((word) => word !== undefined) ? words : undefined;
}

function payloadOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A plain text is a payload too.
    return text;
  }
}

function agrees(want: Vector['expect'][string], got: Decoded | undefined): boolean {
  if (want === null) return got?.value === null && got.quality === 'bad';
  if (got?.quality !== 'good') return false;
  if (typeof want !== 'number' || typeof got.value !== 'number') return got.value === want;
  return Math.abs(got.value - want) <= 1e-6 * Math.abs(want);
}
