import type { CurrentValue } from '@plantroom/contracts';

/** The newest value of each point by wire time; what is older never replaces what is newer. */
export class CurrentValues {
  readonly #values = new Map<string, CurrentValue>();
  readonly #listeners = new Set<(value: CurrentValue) => void>();

  get(point: string): CurrentValue | undefined {
    return this.#values.get(point);
  }

  all(): IterableIterator<CurrentValue> {
    return this.#values.values();
  }

  /** Answers whether it was news. A tie by wire time is news when quality changed (a degraded last value). */
  set(value: CurrentValue): boolean {
    const held = this.#values.get(value.point);
    if (held !== undefined) {
      if (value.wireTimeMs < held.wireTimeMs) return false;
      if (value.wireTimeMs === held.wireTimeMs && value.quality === held.quality && value.reason === held.reason)
        return false;
    }
    this.#values.set(value.point, value);
    for (const listener of this.#listeners) listener(value);
    return true;
  }

  onChange(listener: (value: CurrentValue) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
