import { PlantroomError, type PointValue, type UnitName, unit } from '@plantroom/contracts';
import type { ModbusPoint, MqttPoint } from '@plantroom/device-profiles';

type Meaning = Pick<ModbusPoint | MqttPoint, 'point' | 'map' | 'scale' | 'offset' | 'unit'>;

/** Canonical value → raw number, boolean or text before it gets a width. */
export type RawMeaning = (value: Exclude<PointValue, null>) => number | boolean | string;

/** The profile's steps in reverse: unit conversion, offset, scale, map. `classUnit` is the unit of the class point. */
export function rawMeaning(meaning: Meaning, classUnit: UnitName): RawMeaning {
  if (meaning.map !== undefined) return unmapping(meaning, meaning.map);
  const { offset = 0, scale = 1 } = meaning;
  const to = meaning.unit ?? classUnit;
  // The same unit stays untouched, without rounding.
  if (to === classUnit) return (value) => (typeof value === 'number' ? (value - offset) / scale : value);
  // Class units are base units, so only the way back from base is needed.
  const source = unit(classUnit);
  const target = unit(to);
  const sourceFactor = source.factor;
  const sourceOffset = source.offset;
  const targetFactor = target.factor;
  const targetOffset = target.offset;
  return (value) =>
    typeof value === 'number'
      ? ((value * sourceFactor + sourceOffset - targetOffset) / targetFactor - offset) / scale
      : value;
}

function unmapping(meaning: Meaning, map: NonNullable<Meaning['map']>): RawMeaning {
  const raws = new Map<unknown, number>();
  // The first of several codes that mean the same.
  for (const [raw, canonical] of Object.entries(map)) if (!raws.has(canonical)) raws.set(canonical, Number(raw));
  return (value) => {
    if (typeof value === 'string') return value;
    const raw = raws.get(value);
    if (raw !== undefined) return raw;
    const allowed = Object.values(map).join(', ');
    throw new PlantroomError(
      'ENCODE_UNMAPPED',
      `point ${meaning.point}: no raw code means ${value}; allowed: ${allowed}`,
    );
  };
}
