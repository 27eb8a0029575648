import type { Reading } from '@plantroom/contracts';
import type { DerivedPoint, GatewayPoint, PointTable } from './point-table.ts';

/** Which derived points must be computed again. */
export class Derivations {
  #table: PointTable;
  #dependants: readonly (readonly DerivedPoint[] | undefined)[];
  #dirty = new Set<DerivedPoint>();

  constructor(table: PointTable) {
    this.#table = table;
    this.#dependants = dependantsOf(table);
  }

  /** The points are those of another table from now on; what is due stays due. */
  change(table: PointTable): void {
    const due = new Set([...this.#dirty].map(({ id }) => id));
    this.#table = table;
    this.#dependants = dependantsOf(table);
    this.#dirty = new Set(table.derived.filter(({ id }) => due.has(id)));
  }

  /** An input was heard, aged or lost. */
  touch(input: GatewayPoint): void {
    const dependants = this.#dependants[input.index];
    if (dependants !== undefined) for (const point of dependants) this.#dirty.add(point);
  }

  /** Gives what is due, inputs before what depends on them; `last` answers the last reading of a point. */
  run(last: (input: GatewayPoint) => Reading | undefined, give: (point: DerivedPoint, reading: Reading) => void): void {
    if (this.#dirty.size === 0) return;
    for (const point of this.#table.derived) {
      if (!this.#dirty.delete(point)) continue;
      const inputs = point.inputs.flatMap((input) => last(input) ?? []);
      // Some input has never said anything: there is nothing to derive from, and nothing is invented.
      if (inputs.length < point.inputs.length) continue;
      const wireTimeMs = Math.max(...inputs.map((input) => input.wireTimeMs));
      give(point, { point: point.id, wireTimeMs, ...point.binding.decode(inputs) });
      this.touch(point);
    }
  }
}

/** By the input's index. */
function dependantsOf(table: PointTable): (DerivedPoint[] | undefined)[] {
  const dependants = table.points.map((): DerivedPoint[] | undefined => undefined);
  for (const point of table.derived) {
    for (const { index } of new Set<GatewayPoint>(point.inputs)) {
      const known = dependants[index];
      if (known === undefined) dependants[index] = [point];
      else known.push(point);
    }
  }
  return dependants;
}
