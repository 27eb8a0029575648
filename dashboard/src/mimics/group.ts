import { suppliers } from '@plantroom/contracts';
import type { Unit } from './unit.ts';

export interface UnitTree {
  unit: Unit;
  children: Unit[];
}

/** Equipment whose parent (or feeder) is among them is drawn by the parent; the rest stand for themselves. */
export function groupUnits(units: readonly Unit[]): UnitTree[] {
  const byId = new Map(units.map((unit) => [unit.equipment.id, unit]));
  const parentOf = (unit: Unit): string | null => {
    const { parent, dependsOn, id } = unit.equipment;
    if (parent !== null && byId.has(parent) && parent !== id) return parent;
    // A feeder is fed by a board or meter of its own class: one single-line drawing.
    return (
      suppliers(dependsOn).find((each) => each !== id && byId.get(each)?.equipment.class === unit.equipment.class) ??
      null
    );
  };
  const trees = units.filter((unit) => parentOf(unit) === null).map((unit) => ({ unit, children: [] as Unit[] }));
  const roots = new Map(trees.map((tree) => [tree.unit.equipment.id, tree]));
  for (const unit of units) {
    let parent = parentOf(unit);
    // Deeper parts are drawn by the root; the bound ends a circle of parents.
    for (let depth = 0; parent !== null && depth < 8; depth += 1) {
      const root = roots.get(parent);
      if (root !== undefined) {
        root.children.push(unit);
        break;
      }
      const next = byId.get(parent);
      parent = next === undefined ? null : parentOf(next);
    }
  }
  return trees;
}
