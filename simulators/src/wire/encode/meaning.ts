import { PlantroomError, type PointValue, type UnitName, unit } from '@plantroom/contracts';
import type { ModbusPoint, MqttPoint } from '@plantroom/device-profiles';

type Meaning = Pick<ModbusPoint | MqttPoint, 'point' | 'map' | 'scale' | 'offset' | 'unit'>;

/**
 * Canonical value → raw number, boolean or text before it gets a width: the profile's steps in reverse
 * (unit conversion, offset, scale, map). `classUnit` is the unit of the class point.
 */
export function toRawMeaning(
  meaning: Meaning,
  value: Exclude<PointValue, null>,
  classUnit: UnitName,
): number | boolean | string {
  if (typeof value === 'string') return value;
  if (meaning.map !== undefined) return unmapped(meaning, value);
  if (typeof value === 'boolean') return value;
  return (inUnit(value, classUnit, meaning.unit ?? classUnit) - (meaning.offset ?? 0)) / (meaning.scale ?? 1);
}

function unmapped(meaning: Meaning, value: number | boolean): number {
  for (const [raw, canonical] of Object.entries(meaning.map ?? {})) if (canonical === value) return Number(raw);
  const allowed = Object.values(meaning.map ?? {}).join(', ');
  throw new PlantroomError(
    'ENCODE_UNMAPPED',
    `point ${meaning.point}: no raw code means ${value}; allowed: ${allowed}`,
  );
}

/** Class units are base units, so only the way back from base is needed; the same unit stays untouched, without rounding. */
function inUnit(value: number, from: UnitName, to: UnitName): number {
  if (from === to) return value;
  const source = unit(from);
  const target = unit(to);
  return (value * source.factor + source.offset - target.offset) / target.factor;
}
