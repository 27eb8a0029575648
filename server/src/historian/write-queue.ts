import { PlantroomError } from '@plantroom/contracts';
import type { HistorianSample, QualityChange } from './historian.ts';

export interface WriteBatch {
  samples: readonly (readonly HistorianSample[])[];
  quality: readonly QualityChange[];
}

export interface WriteQueueStats {
  pendingSamples: number;
  maxPendingSamples: number;
  /** Since start. */
  writtenSamples: number;
  refusedSamples: number;
  commits: number;
}

interface Waiting {
  samples: readonly HistorianSample[];
  quality: readonly QualityChange[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Group commit: while one batch is being stored, all that comes meanwhile waits and goes together as the next.
 * Bounded: over the limit a write is refused at once with HISTORIAN_BUSY (retryable), because the sender has an outbox and we have none.
 */
export class WriteQueue {
  readonly #store: (batch: WriteBatch) => Promise<void>;
  readonly #maxPending: number;
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  #pending = 0;
  #written = 0;
  #refused = 0;
  #commits = 0;

  constructor(store: (batch: WriteBatch) => Promise<void>, maxPendingSamples: number) {
    this.#store = store;
    this.#maxPending = maxPendingSamples;
  }

  /** Resolves when stored. */
  write(samples: readonly HistorianSample[], quality: readonly QualityChange[]): Promise<void> {
    const count = samples.length + quality.length;
    if (count === 0) return Promise.resolve();
    // A single write larger than the limit passes when nothing waits, or it could never be stored.
    if (this.#pending > 0 && this.#pending + count > this.#maxPending) {
      this.#refused += count;
      return Promise.reject(
        new PlantroomError(
          'HISTORIAN_BUSY',
          `the historian has ${this.#pending} samples waiting, at most ${this.#maxPending}; ${count} more refused`,
          { retryable: true },
        ),
      );
    }
    this.#pending += count;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ samples, quality, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when everything accepted has been stored or refused. */
  async drain(): Promise<void> {
    await this.#running;
  }

  stats(): WriteQueueStats {
    return {
      pendingSamples: this.#pending,
      maxPendingSamples: this.#maxPending,
      writtenSamples: this.#written,
      refusedSamples: this.#refused,
      commits: this.#commits,
    };
  }

  async #run(): Promise<void> {
    // Everything that this turn of the event loop brings goes into the first commit.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      const count = group.reduce((sum, w) => sum + w.samples.length + w.quality.length, 0);
      try {
        await this.#store({ samples: group.map((w) => w.samples), quality: group.flatMap((w) => w.quality) });
        this.#commits++;
        this.#written += count;
        this.#pending -= count;
        for (const waiting of group) waiting.resolve();
      } catch (error) {
        this.#pending -= count;
        for (const waiting of group) waiting.reject(error);
      }
    }
    this.#running = null;
  }
}
