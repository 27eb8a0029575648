import { type AlarmDefinition, suppliers } from '@plantroom/contracts';
import { isSignal } from '../domain/alarms/condition.ts';
import type { FindPoint } from '../domain/alarms/signal-plan.ts';
import type { Plant, PlantPatch } from './plant.ts';

const dependsOn = 'depends-on:';

/** Finds points by their path from an equipment, as the plant is now. Of several that it depends on, the first of the class counts. */
export function pointFinder(plant: Plant, equipment: string): FindPoint {
  return (path) => {
    const steps = path.split('/');
    const point = steps.pop();
    let at: string | null | undefined = equipment;
    for (const step of steps) at = at ? next(plant, at, step) : null;
    const id = `${at}/${point}`;
    return at && plant.points.has(id) ? id : null;
  };
}

function next(plant: Plant, from: string, step: string): string | null | undefined {
  const place = plant.equipment.get(from);
  if (step === 'parent') return place?.parent;
  const wanted = step.slice(dependsOn.length);
  return suppliers(place?.dependsOn ?? []).find((id) => plant.equipment.get(id)?.class === wanted);
}

/** Whether rules name points of other equipment, or other points of their own. */
export type Reach = 'far' | 'near' | null;

export function reachOf(definitions: readonly AlarmDefinition[]): Reach {
  const signals = definitions.filter((definition) => definition.enabled && isSignal(definition));
  if (signals.length === 0) return null;
  return signals.some(({ condition, enabledWhen }) => farPath.test(JSON.stringify([condition, enabledWhen])))
    ? 'far'
    : 'near';
}

/** Equipment whose rules a change of the plant may concern: what is new, and rules that may find another point than before. */
export function toDefine(
  plant: Plant,
  { equipment = [], points = [] }: PlantPatch,
  reaches: ReadonlyMap<string, Reach>,
): Set<string> {
  const defined = new Set(equipment.map(({ id }) => id));
  const changed = new Set([...defined, ...points.map((point) => point.equipment)]);
  for (const id of changed) if (reaches.has(id)) defined.add(id);
  if (changed.size === 0) return defined;
  for (const [id, reach] of reaches) if (reach === 'far' && leadsTo(plant, id, changed)) defined.add(id);
  return defined;
}

const farPath = /"(?:parent|depends-on:[^"/]+)\//;

function leadsTo(plant: Plant, from: string, changed: ReadonlySet<string>, seen = new Set<string>()): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  const place = plant.equipment.get(from);
  const next = [...(place?.parent ? [place.parent] : []), ...suppliers(place?.dependsOn ?? [])];
  return next.some((id) => changed.has(id) || leadsTo(plant, id, changed, seen));
}
