import type { DeviceState } from '../../pipeline/availability.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { PointTable } from '../../pipeline/point-table.ts';

type Seen = Pick<Pipeline, 'watermarkMs' | 'last' | 'deviceState'>;

/** The pipeline by the places of a session's table, which may be an earlier one than the pipeline's, or hold more. */
export class SessionView implements Seen {
  readonly #pipeline: Seen;
  readonly #table: PointTable;
  /** Places in the pipeline's table; -1: not there any more. */
  #points: Int32Array = new Int32Array(0);
  #devices: Int32Array = new Int32Array(0);

  constructor(pipeline: Seen, { table, current }: { table: PointTable; current: PointTable }) {
    this.#pipeline = pipeline;
    this.#table = table;
    this.change(current);
  }

  /** The pipeline has gone over to this table. */
  change(current: PointTable): void {
    this.#points = Int32Array.from(this.#table.points, ({ id }) => current.byId.get(id)?.index ?? -1);
    this.#devices = Int32Array.from(this.#table.devices, ({ id }) => current.deviceIndex.get(id) ?? -1);
  }

  watermarkMs(): number {
    return this.#pipeline.watermarkMs();
  }

  last(pointIndex: number): ReturnType<Seen['last']> {
    const place = this.#points[pointIndex] ?? -1;
    return place < 0 ? undefined : this.#pipeline.last(place);
  }

  /** A device that was taken out is gone for good. */
  deviceState(deviceIndex: number): DeviceState {
    const place = this.#devices[deviceIndex] ?? -1;
    return place < 0 ? 'offline' : this.#pipeline.deviceState(place);
  }
}
