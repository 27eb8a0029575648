import type { PointValue, UnitName } from '@plantroom/contracts';
import type { MqttPoint } from '@plantroom/device-profiles';
import { rawMeaning } from './meaning.ts';

export interface MqttValue {
  point: MqttPoint;
  value: PointValue;
  /** Unit of the class point. */
  classUnit: UnitName;
}

/** Values of one topic → payload text: JSON with every value at its path, or the bare value for the path `''`. */
export function encodePayload(values: readonly MqttValue[], extra: Readonly<Record<string, unknown>> = {}): string {
  const root: Record<string, unknown> = { ...extra };
  for (const { point, value, classUnit } of values) {
    const raw = value === null ? null : payloadValue(point, value, classUnit);
    if (point.at.path === '') return raw === null ? '' : String(raw);
    place(root, point.at.path.split('.'), raw);
  }
  return JSON.stringify(root);
}

function payloadValue(
  point: MqttPoint,
  value: Exclude<PointValue, null>,
  classUnit: UnitName,
): number | boolean | string {
  const raw = rawMeaning(point, classUnit)(value);
  if (typeof raw === 'boolean') return (raw ? point.at.true : point.at.false) ?? raw;
  // Sensors print a few decimals; more would only be noise in the payload.
  return typeof raw === 'number' ? Math.round(raw * 1000) / 1000 : raw;
}

/** Puts a value at its path, making the objects on the way. */
export function place(root: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at: Record<string, unknown> = root;
  path.forEach((key, i) => {
    if (i === path.length - 1) {
      at[key] = value;
      return;
    }
    const inner = at[key];
    const nextAt = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
    at[key] = nextAt;
    at = nextAt;
  });
}
