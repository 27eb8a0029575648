import type { Point } from '@plantroom/contracts';
import { useMemo } from 'react';
import { useSitePoints } from '../api/queries.ts';
import { type PointPaths, pointPathsOf } from '../format/point-paths.ts';
import { pointsById, useEquipmentIndex } from './site.ts';

const none: PointPaths = { groups: [], find: () => undefined };

/** Null: not known yet. What the alarms of a point may name; undefined: there is no point. */
export function usePointPaths(own: Point | undefined): PointPaths | null {
  const index = useEquipmentIndex();
  const points = useSitePoints(own?.id.split('/')[0]).data;
  return useMemo(() => {
    if (own === undefined) return none;
    return points === undefined || index.size === 0 ? null : pointPathsOf(own, { index, points: pointsById(points) });
  }, [own, index, points]);
}
