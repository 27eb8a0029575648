import type { Clock } from '@plantroom/contracts';
import type { Recording } from './recording.ts';

export interface PlayerOptions {
  recording: Recording;
  clock: Clock;
  /** Times faster than recorded. `as-fast`: the next row as soon as `seen` was called for the one that stands. */
  speed: number | 'as-fast';
  loop: boolean;
  /** With `loop`: recorded time after which it begins again, ms; left out: a second after the last row. */
  periodMs?: number;
  /** Rows between two calls of `progress`; left out: 100. */
  progressEvery?: number;
  progress(row: number, of: number): void;
}

/** Puts row after row in place at its due time. */
export class Player {
  readonly #options: PlayerOptions;
  readonly #indexOf: ReadonlyMap<string, number>;
  #row = 0;
  #round = 0;
  #started = false;
  #ended = false;
  #originMs = 0;
  #cancel: () => void = () => undefined;
  #end: () => void = () => undefined;
  /** Resolves when the last row stands (as-fast: when it has been seen); never with `loop`. */
  readonly ended: Promise<void>;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#indexOf = new Map(options.recording.columns.map(({ point }, i) => [point, i]));
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Rises with every row. */
  get revision(): number {
    return this.#round * this.#options.recording.rows.length + this.#row;
  }

  /** Value of the row that stands, in the profile point's own unit as recorded; `row` is its number, from 1. */
  value(point: string): number | null | undefined {
    if (point === 'row') return this.#row + 1;
    const index = this.#indexOf.get(point);
    return index === undefined ? undefined : this.#options.recording.rows[this.#row]?.values[index];
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#originMs = this.#options.clock.monotonicMs();
    this.#plan();
  }

  stop(): void {
    this.#cancel();
    this.#ended = true;
  }

  /** The client has read every register of the row that stands. */
  seen(): void {
    if (this.#started && this.#options.speed === 'as-fast') this.#advance();
  }

  #plan(): void {
    const { speed, recording, clock } = this.#options;
    if (speed === 'as-fast' || this.#ended) return;
    const next = recording.rows[this.#row + 1];
    const elapsedMs = clock.monotonicMs() - this.#originMs;
    const { periodMs } = this.#options;
    const endMs = periodMs === undefined ? 1000 / speed : periodMs / speed - elapsedMs;
    const dueMs = next === undefined ? endMs : next.offsetMs / speed - elapsedMs;
    if (next === undefined && !this.#options.loop) {
      this.#finish();
      return;
    }
    this.#cancel = clock.after(Math.max(0, dueMs), () => {
      this.#advance();
      this.#plan();
    });
  }

  #advance(): void {
    if (this.#ended) return;
    const { rows } = this.#options.recording;
    if (this.#row + 1 < rows.length) {
      this.#row++;
      const done = this.#row + 1;
      if (done % (this.#options.progressEvery ?? 100) === 0 || done === rows.length)
        this.#options.progress(done, rows.length);
    } else if (this.#options.loop) {
      this.#row = 0;
      this.#round++;
      const { periodMs, speed, clock } = this.#options;
      // Rounds of a common period follow each other without a gap, however late a timer was.
      this.#originMs =
        periodMs === undefined || speed === 'as-fast' ? clock.monotonicMs() : this.#originMs + periodMs / speed;
    } else this.#finish();
  }

  #finish(): void {
    this.#ended = true;
    this.#end();
  }
}
