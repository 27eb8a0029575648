/** Something that readers use and that is put away by whoever replaces it: `retire` waits until the last reader has let go of it. */
export class Shared {
  #users = 0;
  #free: (() => void) | null = null;

  get inUse(): boolean {
    return this.#users > 0;
  }

  use(): void {
    this.#users++;
  }

  release(): void {
    this.#users--;
    if (this.#users === 0) this.#free?.();
  }

  /** Resolves when nobody uses it. The caller has seen to it that nobody new can. */
  async retire(): Promise<void> {
    if (this.#users > 0) await new Promise<void>((resolve) => (this.#free = resolve));
  }
}
