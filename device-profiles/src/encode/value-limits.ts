import { type PointValue, unit } from '@plantroom/contracts';
import type { ClassPoint } from '../class-schema.ts';
import type { ModbusWrite, MqttWrite } from '../write-schema.ts';

export interface LimitOptions {
  canonical: Pick<ClassPoint, 'kind' | 'unit'>;
  write: Pick<ModbusWrite | MqttWrite, 'min' | 'max' | 'codes'>;
  /** Codes that the device has a raw value for; left out: any. */
  known?: Iterable<number | boolean>;
}

/** Why a value may not be written, in words that name it and what is allowed; undefined: it may. */
export function limitTest({ canonical, write, known }: LimitOptions): (value: PointValue) => string | undefined {
  const { kind } = canonical;
  if (kind === 'boolean' || kind === 'enum') {
    const all = known === undefined ? undefined : [...new Set(known)];
    const allowed = write.codes ?? all ?? (kind === 'boolean' ? [false, true] : []);
    return (value) => (allowed.some((code) => code === value) ? undefined : refusal(value, allowed.join(', ')));
  }
  const symbol = unit(canonical.unit).symbol;
  const { min = -Infinity, max = Infinity } = write;
  const allowed = `numbers from ${min} to ${max}${symbol === '' ? '' : ` ${symbol}`}`;
  return (value) => (typeof value === 'number' && value >= min && value <= max ? undefined : refusal(value, allowed));
}

/** The same limits as data, for those who offer a choice. */
export function offered({ write, known }: Omit<LimitOptions, 'canonical'>): {
  min?: number;
  max?: number;
  values?: readonly number[];
} {
  const { min, max } = write;
  const codes: Iterable<number | boolean> | undefined = write.codes ?? known;
  const values = codes === undefined ? [] : [...new Set(codes)].filter((code) => typeof code === 'number');
  return {
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(values.length === 0 ? {} : { values }),
  };
}

export const refusal = (value: PointValue, allowed: string) =>
  `${typeof value === 'number' ? value : JSON.stringify(value)} cannot be written; allowed: ${allowed}`;
