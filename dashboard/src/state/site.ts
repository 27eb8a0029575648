import type { Equipment, Point, Site } from '@plantroom/contracts';
import { useEffect, useMemo } from 'react';
import { useParams } from 'react-router';
import { useEquipmentList, useSites } from '../api/queries.ts';
import { setPreferences, usePreferences } from './preferences.ts';

/** The site of the address, else the one looked at last, else the first. */
export function useSite(): Site | undefined {
  const { site: fromPath } = useParams();
  const { site: remembered } = usePreferences();
  const sites = useSites().data;
  const site = sites?.find((each) => each.id === (fromPath ?? remembered)) ?? sites?.[0];
  useEffect(() => {
    if (site !== undefined && site.id === fromPath && site.id !== remembered) setPreferences({ site: site.id });
  }, [site, fromPath, remembered]);
  return site;
}

/** Zone for times on lists that span sites. */
export function useTimeZone(): string {
  return useSite()?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function useEquipmentIndex(): ReadonlyMap<string, Equipment> {
  const list = useEquipmentList().data;
  return useMemo(() => new Map((list ?? []).map((each) => [each.id, each])), [list]);
}

const indexes = new WeakMap<readonly Point[], ReadonlyMap<string, Point>>();

/** Built once for each answer of the server. */
export function pointsById(points: readonly Point[]): ReadonlyMap<string, Point> {
  let index = indexes.get(points);
  if (index === undefined) {
    index = new Map(points.map((point) => [point.id, point]));
    indexes.set(points, index);
  }
  return index;
}

export function pointsByEquipment(points: readonly Point[]): Map<string, Point[]> {
  const map = new Map<string, Point[]>();
  for (const point of points) {
    const list = map.get(point.equipment);
    if (list === undefined) map.set(point.equipment, [point]);
    else list.push(point);
  }
  return map;
}
