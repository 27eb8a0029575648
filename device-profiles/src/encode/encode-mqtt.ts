import type { PointValue } from '@plantroom/contracts';
import type { PointWrite } from '../binding.ts';
import type { ClassPoint } from '../class-schema.ts';
import type { ParameterValues } from '../decode/parameters.ts';
import type { MqttPoint } from '../profile-schema.ts';
import { inverseLinear, rawCodes } from './inverse-meaning.ts';
import { limitTest, offered } from './value-limits.ts';

export interface MqttWriteTarget {
  canonical: Pick<ClassPoint, 'kind' | 'unit'>;
  /** Device parameters that topic and payload name in braces. */
  parameters: ParameterValues;
}

/** Digits that a JSON number keeps: more would show the rounding of a double (0.30000000000000004). */
const digits = 12;

/** Undefined: the profile does not call the point writable. */
export function encodeMqttWrite(point: MqttPoint, { canonical, parameters }: MqttWriteTarget): PointWrite | undefined {
  const { write } = point;
  if (write === undefined) return undefined;
  const codes = point.map && rawCodes(point.map);
  const test = limitTest({ canonical, write, ...(codes ? { known: codes.keys() } : {}) });
  const topic = fill(write.topic, parameters);
  const payload = fill(write.payload, parameters);
  const linear = inverseLinear(point, canonical.unit);
  const raw = (value: PointValue): string => {
    if (codes && value !== null && typeof value !== 'string') return String(codes.get(value) ?? '');
    if (value === true) return String(write.true ?? point.at.true ?? true);
    if (value === false) return String(write.false ?? point.at.false ?? false);
    return typeof value === 'number' ? String(Number(linear(value).toPrecision(digits))) : '';
  };
  return {
    encode(value) {
      const refused = test(value);
      if (refused !== undefined) return { refused };
      const text = raw(value);
      return { request: { protocol: 'mqtt', topic, payload: payload.replaceAll('{value}', () => text) } };
    },
    agrees(wanted, readBack) {
      if (typeof wanted !== 'number' || typeof readBack !== 'number' || codes) return wanted === readBack;
      return Math.abs(wanted - readBack) <= 1e-6 * Math.max(Math.abs(wanted), Math.abs(readBack));
    },
    ...offered({ write, ...(codes ? { known: codes.keys() } : {}) }),
    settleMs: write.settleMs,
  };
}

/** `{name}` → the parameter; other braces are the payload's own. */
function fill(template: string, parameters: ParameterValues): string {
  return template.replace(/\{([a-z0-9-]+)\}/g, (whole, name: string) =>
    Object.hasOwn(parameters, name) ? String(parameters[name]) : whole,
  );
}
