import { type Equipment, type Point, suppliers } from '@plantroom/contracts';

/** Points that an alarm may name, of one equipment; `relation`: how it hangs together with the alarm's own. */
export interface PointGroup {
  relation: 'own' | 'parent' | 'depends-on';
  equipment: string;
  points: { path: string; point: Point }[];
}

export interface PointPaths {
  groups: readonly PointGroup[];
  /** The point at the end of a path; undefined: nothing delivers it. The empty path is the alarm's own point. */
  find: (path: string) => Point | undefined;
}

interface Plant {
  index: ReadonlyMap<string, Equipment>;
  points: ReadonlyMap<string, Point>;
}

const dependsOn = 'depends-on:';

/** Pure: what the alarms of a point may name, and where a path leads, as the server walks it. */
export function pointPathsOf(own: Point, { index, points }: Plant): PointPaths {
  const unit = index.get(own.equipment);
  const byEquipment = new Map<string, Point[]>();
  for (const point of points.values())
    byEquipment.set(point.equipment, [...(byEquipment.get(point.equipment) ?? []), point]);
  const group = (relation: PointGroup['relation'], equipment: string, prefix: string): PointGroup[] => {
    const found = (byEquipment.get(equipment) ?? [])
      .filter(({ kind }) => kind !== 'string')
      .map((point) => ({ path: prefix + slugOf(point), point }));
    return found.length === 0 ? [] : [{ relation, equipment, points: found }];
  };
  const groups = group('own', own.equipment, '');
  if (unit?.parent) groups.push(...group('parent', unit.parent, 'parent/'));
  const seen = new Set<string>();
  for (const id of suppliers(unit?.dependsOn ?? [])) {
    const its = index.get(id)?.class;
    // Of several of a class the first counts.
    if (its === undefined || seen.has(its)) continue;
    seen.add(its);
    groups.push(...group('depends-on', id, `${dependsOn}${its}/`));
  }
  return { groups, find: (path) => (path === '' ? own : points.get(idOf(path, own.equipment, index) ?? '')) };
}

const slugOf = ({ id }: Point): string => id.slice(id.lastIndexOf('/') + 1);

function idOf(path: string, from: string, index: Plant['index']): string | null {
  const steps = path.split('/');
  const point = steps.pop();
  let at: string | null | undefined = from;
  for (const step of steps) {
    const unit: Equipment | undefined = at ? index.get(at) : undefined;
    const wanted = step.slice(dependsOn.length);
    at =
      step === 'parent' ? unit?.parent : suppliers(unit?.dependsOn ?? []).find((id) => index.get(id)?.class === wanted);
  }
  return at ? `${at}/${point}` : null;
}
