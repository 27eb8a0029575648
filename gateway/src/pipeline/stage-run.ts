import type { Reading } from '@plantroom/contracts';
import { type CarryOver, carryOver } from './carry-over.ts';
import type { GatewayPoint, PointTable } from './point-table.ts';
import type { Stage } from './stage.ts';

/** A stage with its state per point, in an array prepared at start. */
export class StageRun<State> {
  readonly #stage: Stage<State>;
  #states: State[];

  constructor(stage: Stage<State>, table: PointTable) {
    this.#stage = stage;
    this.#states = table.points.map((point) => stage.initial(point.binding));
  }

  run(point: GatewayPoint, reading: Reading): Reading | undefined {
    const result = this.#stage.apply(this.#states[point.index] as State, reading, point.binding);
    this.#states[point.index] = result.state;
    return result.reading;
  }

  state(point: GatewayPoint): State {
    return this.#states[point.index] as State;
  }

  /** The points are those of another table from now on. */
  change(tables: Omit<CarryOver<State>, 'fresh'>): void {
    this.#states = carryOver(this.#states, { ...tables, fresh: ({ binding }) => this.#stage.initial(binding) });
  }
}
