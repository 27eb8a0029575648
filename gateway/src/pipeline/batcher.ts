import { type Clock, errorMessage, type Logger, type Reading } from '@plantroom/contracts';
import { spanOf } from '../outbox/batch-codec.ts';
import type { Outbox, StoredLane } from '../outbox/outbox.ts';

/** A reading waits at most this long for its batch (the outbox policy). */
export const longestWaitMs = 100;
/** Appends take at most about a fortieth of the time: the pause after one is forty times its duration, up to the longest wait. */
const restFactor = 40;
/** After a refusal telemetry waits so long: what has gathered is encoded anew with each attempt. */
const retryMs = 1000;
/** Readings kept in memory while the outbox refuses them; beyond, the oldest telemetry is dropped and counted. */
const maxWaiting = 200_000;

export interface BatcherStats {
  waiting: number;
  appends: number;
  failedAppends: number;
  dropped: number;
}

/** Gathers readings into appends: safety at the end of the burst it came in, the others when a poll ends, at the latest after 100 ms. */
export class Batcher {
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #waiting: Record<StoredLane, Reading[]> = { safety: [], live: [] };
  readonly #stats = { appends: 0, failedAppends: 0, dropped: 0 };
  #cancel: (() => void) | undefined;
  #dueMs = Number.POSITIVE_INFINITY;
  #restUntilMs = 0;
  #retryAtMs = Number.NEGATIVE_INFINITY;
  #safetyQueued = false;
  #failing = false;

  constructor(outbox: Outbox, { clock, logger }: { clock: Clock; logger: Logger }) {
    this.#outbox = outbox;
    this.#clock = clock;
    this.#logger = logger;
  }

  get empty(): boolean {
    return this.#waiting.live.length === 0 && this.#waiting.safety.length === 0;
  }

  add(lane: StoredLane, reading: Reading): void {
    this.#waiting[lane].push(reading);
    if (lane === 'live') {
      if (this.#waiting.live.length > maxWaiting) this.#dropOldest();
      if (this.#cancel === undefined) this.#schedule(longestWaitMs);
    } else if (!this.#safetyQueued) {
      this.#safetyQueued = true;
      // A microtask: all values of one reply go in one append, and nothing else comes between.
      queueMicrotask(() => {
        this.#safetyQueued = false;
        this.#append('safety');
      });
    }
  }

  /** A poll has ended: append now, or as soon as the outbox has rested. */
  settle(): void {
    if (this.empty) return;
    const restMs = this.#restUntilMs - this.#clock.monotonicMs();
    if (restMs <= 0) this.flush();
    else this.#schedule(Math.min(restMs, longestWaitMs));
  }

  /** Appends everything; true when nothing is left. `insist`: though the outbox has just refused. */
  flush({ insist }: { insist: boolean } = { insist: false }): boolean {
    if (insist) this.#retryAtMs = Number.NEGATIVE_INFINITY;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#dueMs = Number.POSITIVE_INFINITY;
    this.#append('safety');
    this.#append('live');
    if (!this.empty) this.#schedule(longestWaitMs);
    return this.empty;
  }

  stats(): BatcherStats {
    return { waiting: this.#waiting.live.length + this.#waiting.safety.length, ...this.#stats };
  }

  #append(lane: StoredLane): void {
    const readings = this.#waiting[lane];
    if (readings.length === 0) return;
    const beganMs = this.#clock.monotonicMs();
    if (lane === 'live' && beganMs < this.#retryAtMs) return;
    this.#waiting[lane] = [];
    try {
      this.#outbox.append(lane, readings);
      this.#stats.appends++;
      this.#failing = false;
      this.#retryAtMs = Number.NEGATIVE_INFINITY;
    } catch (error) {
      // What was not stored was not produced: it waits and is appended again, ahead of what came meanwhile.
      this.#waiting[lane] = readings.concat(this.#waiting[lane]);
      this.#stats.failedAppends++;
      if (!this.#failing) this.#logger.error({ lane, waiting: readings.length }, errorMessage(error));
      this.#failing = true;
      this.#retryAtMs = this.#clock.monotonicMs() + retryMs;
      if (this.#cancel === undefined) this.#schedule(longestWaitMs);
    }
    const endedMs = this.#clock.monotonicMs();
    this.#restUntilMs = endedMs + Math.min((endedMs - beganMs) * restFactor, longestWaitMs);
  }

  #schedule(delayMs: number): void {
    const dueMs = this.#clock.monotonicMs() + delayMs;
    if (this.#cancel !== undefined && this.#dueMs <= dueMs) return;
    this.#cancel?.();
    this.#dueMs = dueMs;
    this.#cancel = this.#clock.after(delayMs, () => this.flush());
  }

  #dropOldest(): void {
    const gone = this.#waiting.live.splice(0, Math.ceil(maxWaiting / 10));
    const { fromMs, toMs } = spanOf(gone);
    this.#outbox.lost('live', { fromMs, toMs, count: gone.length, reason: 'not-stored' });
    if (this.#stats.dropped === 0)
      this.#logger.error(
        { maxWaiting },
        'the outbox refuses readings and memory is full: the oldest telemetry is dropped',
      );
    this.#stats.dropped += gone.length;
  }
}
