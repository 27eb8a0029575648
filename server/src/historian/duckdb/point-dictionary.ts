export interface KnownPoint {
  id: number;
  /** Day of the oldest sample ever written: nothing needs to be looked for before it. */
  firstDay: number;
}

/** Point id → small integer, as stored beside each sample. Changes are staged and count only once their transaction is committed. */
export class PointDictionary {
  readonly #points = new Map<string, KnownPoint>();
  readonly #staged = new Map<string, KnownPoint>();
  #nextId = 1;

  load(rows: Iterable<{ point: string; id: number; firstDay: number }>): void {
    for (const { point, id, firstDay } of rows) {
      this.#points.set(point, { id, firstDay });
      this.#nextId = Math.max(this.#nextId, id + 1);
    }
  }

  get(point: string): KnownPoint | undefined {
    return this.#points.get(point);
  }

  entries(): [point: string, entry: KnownPoint][] {
    return [...this.#points];
  }

  /** The id to write a sample of this day under. */
  stage(point: string, day: number): number {
    const known = this.#points.get(point);
    if (known !== undefined && known.firstDay <= day) return known.id;
    const staged = this.#staged.get(point);
    if (staged !== undefined && staged.firstDay <= day) return staged.id;
    const entry = { id: known?.id ?? staged?.id ?? this.#nextId++, firstDay: day };
    this.#staged.set(point, entry);
    return entry.id;
  }

  staged(): [point: string, entry: KnownPoint][] {
    return [...this.#staged];
  }

  commit(): void {
    for (const [point, entry] of this.#staged) this.#points.set(point, entry);
    this.#staged.clear();
  }

  rollback(): void {
    this.#staged.clear();
  }
}
