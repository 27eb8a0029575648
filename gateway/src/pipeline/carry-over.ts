import type { GatewayPoint, PointTable } from './point-table.ts';

export interface CarryOver<T> {
  from: PointTable;
  to: PointTable;
  /** For a point that was not there before. */
  fresh: (point: GatewayPoint) => T;
  /** Whether what was held of a point is of use to what it has become. Left out: always. */
  fits?: (former: GatewayPoint, point: GatewayPoint) => boolean;
}

/** State per point, in the order of `from`, put in the order of `to`: it goes with the point's id. */
export function carryOver<T>(held: readonly T[], { from, to, fresh, fits = () => true }: CarryOver<T>): T[] {
  return to.points.map((point) => {
    const former = from.byId.get(point.id);
    return former !== undefined && fits(former, point) ? (held[former.index] as T) : fresh(point);
  });
}

/** A value of the one can stand beside a value of the other. */
export function meansTheSame({ binding: a }: GatewayPoint, { binding: b }: GatewayPoint): boolean {
  return a.kind === b.kind && a.unit === b.unit && a.class === b.class;
}
