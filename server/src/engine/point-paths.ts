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
  return place?.dependsOn.find((id) => plant.equipment.get(id)?.class === wanted);
}

/** Equipment whose rules a change of the plant may concern: its own, and those that look at its points by a path. */
export function toDefine(plant: Plant, { equipment = [], points = [] }: PlantPatch): Set<string> {
  const changed = new Set([...equipment.map(({ id }) => id), ...points.map((point) => point.equipment)]);
  if (changed.size === 0) return changed;
  const all = new Set(changed);
  // A path may go on over several steps.
  for (let grown = true; grown; ) {
    grown = false;
    for (const { id, parent, dependsOn: others } of plant.equipment.values()) {
      if (all.has(id) || !(all.has(parent ?? '') || others.some((other) => all.has(other)))) continue;
      all.add(id);
      grown = true;
    }
  }
  return all;
}
