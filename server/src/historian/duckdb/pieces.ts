import type { RolledStretch } from '../series-fold.ts';
import { dayMs } from './days.ts';
import type { PointReading } from './read-days.ts';

/** Roll-ups and samples of some points, brought to their folds in order of time, though they come from different statements. */
export class Pieces {
  readonly #points: ReadonlyMap<number, Waiting>;

  constructor(readings: readonly PointReading[]) {
    this.#points = new Map(readings.map((reading) => [reading.id, new Waiting(reading)]));
  }

  addRollUp(point: number, bucketMs: number, stretch: RolledStretch): void {
    this.#points.get(point)?.rollUps.set(bucketMs, stretch);
  }

  dropRollUp(point: number, bucketMs: number): void {
    this.#points.get(point)?.rollUps.delete(bucketMs);
  }

  addSample({ id, range }: PointReading, timeMs: number, value: number): void {
    if (timeMs >= range.fromMs && timeMs < range.toMs) this.#points.get(id)?.samples.push({ timeMs, value });
  }

  /** Rows of (day, point, t, value), ordered; all that waits of the same point and is older goes before them. */
  stream(rows: number, get: (column: number, row: number) => number): void {
    let day = Number.NaN;
    let point = Number.NaN;
    let its: Waiting | undefined;
    for (let row = 0; row < rows; row++) {
      if (get(0, row) !== day || get(1, row) !== point) {
        day = get(0, row);
        point = get(1, row);
        its = this.#points.get(point);
        its?.feed(day * dayMs);
      }
      if (its === undefined) continue;
      const timeMs = day * dayMs + get(2, row);
      const { range, fold } = its.reading;
      if (timeMs >= range.fromMs && timeMs < range.toMs) fold.add(timeMs, get(3, row));
    }
  }

  finish(): void {
    for (const its of this.#points.values()) its.feed(Number.POSITIVE_INFINITY);
  }
}

class Waiting {
  readonly reading: PointReading;
  /** By the beginning of their bucket, in order. */
  readonly rollUps = new Map<number, RolledStretch>();
  readonly samples: { timeMs: number; value: number }[] = [];
  #ordered: (RolledStretch | { timeMs: number; value: number })[] | null = null;
  #next = 0;

  constructor(reading: PointReading) {
    this.reading = reading;
  }

  /** Everything older than a time. */
  feed(beforeMs: number): void {
    this.#ordered ??= [...this.rollUps.values(), ...this.samples].sort((a, b) => timeOf(a) - timeOf(b));
    for (;;) {
      const piece = this.#ordered[this.#next];
      if (piece === undefined || timeOf(piece) >= beforeMs) return;
      this.#next++;
      if ('sum' in piece) this.reading.fold.addRollUp(piece);
      else this.reading.fold.add(piece.timeMs, piece.value);
    }
  }
}

const timeOf = (piece: RolledStretch | { timeMs: number }): number => ('sum' in piece ? piece.fromMs : piece.timeMs);
