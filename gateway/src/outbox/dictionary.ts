/** Points by a number, so that a batch names each by a byte or two. Ids are never given out twice. */
export class Dictionary {
  readonly #points: (string | undefined)[];
  readonly #ids = new Map<string, number>();

  constructor(points: readonly (string | undefined)[]) {
    this.#points = [...points];
    points.forEach((point, id) => {
      if (point !== undefined) this.#ids.set(point, id);
    });
  }

  get size(): number {
    return this.#points.length;
  }

  all(): readonly (string | undefined)[] {
    return this.#points;
  }

  idOf = (point: string): number => {
    let id = this.#ids.get(point);
    if (id === undefined) {
      id = this.#points.push(point) - 1;
      this.#ids.set(point, id);
    }
    return id;
  };

  pointOf = (id: number): string | undefined => this.#points[id];

  /** Takes back what was added since it had this size. */
  shrink(size: number): void {
    for (const point of this.#points.splice(size)) if (point !== undefined) this.#ids.delete(point);
  }
}
