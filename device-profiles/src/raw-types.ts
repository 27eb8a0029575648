import type { RawType } from './address-schema.ts';
import type { ModbusPoint, ModbusProfile } from './profile-schema.ts';

/** Bits on the wire; a string's width is its own, a bool's one. */
export const rawBits: Record<RawType, number> = {
  bool: 1,
  u16: 16,
  s16: 16,
  u32: 32,
  s32: 32,
  f32: 32,
  u64: 64,
  s64: 64,
  f64: 64,
  string: 0,
};

export const isBitTable = (point: ModbusPoint) => point.at.table === 'coil' || point.at.table === 'discrete';

/** Registers (or bits) that one address of the point takes. */
export function wordsOf({ at }: ModbusPoint): number {
  return at.type === 'string' ? (at.length ?? 1) : Math.max(1, rawBits[at.type] / 16);
}

/** Role of a point: named, or the profile's only one. */
export function roleOf(profile: Pick<ModbusProfile, 'serves'>, point: { role?: string }): string | undefined {
  if (point.role !== undefined) return point.role;
  const roles = Object.keys(profile.serves);
  return roles.length === 1 ? roles[0] : undefined;
}

/** Names in `{braces}` of a topic template. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(/\{([^{}]*)\}/g)].map((found) => found[1] ?? '');
}
