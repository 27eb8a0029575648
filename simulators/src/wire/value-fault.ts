import type { PointValue } from '@plantroom/contracts';
import type { ClassPoint } from '@plantroom/device-profiles';
import { Random, seedFor } from '../model/random.ts';

/** What a device makes of the true value of a point before it says it. */
export type ValueFault =
  /** Off by this share of the plausible range. */
  | { kind: 'drift'; share: number }
  /** Shaken by up to this share of the plausible range, anew each second. */
  | { kind: 'noise'; share: number }
  /** NaN, or the sentinel of the profile. */
  | { kind: 'invalid' }
  /** Flips with this probability, drawn anew each second. */
  | { kind: 'bounce'; share: number }
  /** Says what it held when the fault came. */
  | { kind: 'held'; value: PointValue }
  /** Counts from 0 since it held this. */
  | { kind: 'from-zero'; held: number }
  /** Stands `below` its end since it held this, and begins again there. */
  | { kind: 'rollover'; held: number; below: number; end: number };

export interface FaultyPoint {
  /** `<equipment>/<point>`: neighbours do not shake alike. */
  id: string;
  range?: ClassPoint['range'];
  /** UTC ms. */
  nowMs: number;
}

/** Pure: the same point, time and fault give the same value. A fault that does not fit the kind of value leaves it as it is. */
export function faultyValue(value: PointValue, fault: ValueFault, point: FaultyPoint): PointValue {
  switch (fault.kind) {
    case 'invalid':
      return null;
    case 'held':
      return fault.value;
    case 'bounce':
      return typeof value === 'boolean' && drawn(point).next() < fault.share ? !value : value;
    case 'drift':
      return typeof value === 'number' ? value + fault.share * spanOf(value, point) : value;
    case 'noise':
      return typeof value === 'number'
        ? value + fault.share * spanOf(value, point) * (2 * drawn(point).next() - 1)
        : value;
    case 'from-zero':
      return typeof value === 'number' ? Math.max(0, value - fault.held) : value;
    case 'rollover':
      return typeof value === 'number'
        ? (fault.end - fault.below + Math.max(0, value - fault.held)) % fault.end
        : value;
  }
}

/** A number for this point and this second, without any state. */
function drawn({ id, nowMs }: FaultyPoint): Random {
  return new Random(seedFor(Math.floor(nowMs / 1000), id));
}

/** A point without a plausible range is off by a share of what it holds. */
function spanOf(value: number, { range }: FaultyPoint): number {
  return range === undefined || range === null ? Math.abs(value) : range[1] - range[0];
}
