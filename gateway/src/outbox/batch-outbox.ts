import { errorMessage, type OutboxHole, PlantroomError, type Reading } from '@plantroom/contracts';
import { decodeBatch } from './batch-codec.ts';
import type { BatchStore, StoredBatch } from './batch-store.ts';
import { type Bounds, keepWithin } from './bounds.ts';
import { isDamage } from './damage.ts';
import { countOf } from './holes.ts';
import {
  type LostReadings,
  type Outbox,
  type OutboxSlice,
  type OutboxStats,
  type StoredLane,
  storedLanes,
} from './outbox.ts';
import { defaultMaxAgeMs, defaultMaxBytes, type OutboxOptions, type Renewal } from './outbox-options.ts';
import {
  addBatch,
  contentsOf,
  copyOf,
  dropBatch,
  loadState,
  type OutboxState,
  recordHole,
  saveCursors,
} from './outbox-state.ts';
import { readSlice } from './read-slice.ts';
import { RecentReadings, type RecentRun } from './recent-readings.ts';

/**
 * Cursors are written this often, by an append or else by a commit, and what they have passed is deleted then: every append would pay for it
 * otherwise. A crash costs at most so much being sent again, which receivers drop.
 */
const cursorDelayMs = 1000;
/** Longer appends are cut, so that a batch stays small enough to thin and to send. */
const maxBatch = 10_000;
/** A disk that goes on giving damage must not keep the gateway busy with mending. */
const renewDelayMs = 10_000;

/** The rules of the outbox over any store: positions, cursors, bounds, holes. */
export class BatchOutbox implements Outbox {
  readonly #uplinks: readonly string[];
  readonly #bounds: Bounds;
  readonly #renewal: Renewal | undefined;
  readonly #listeners = new Set<(lane: StoredLane) => void>();
  readonly #recent = new RecentReadings();
  #state: OutboxState;
  #sinceMs: Record<StoredLane, number | undefined>;
  #cursorsSavedMs: number;
  #renewAtMs = Number.NEGATIVE_INFINITY;
  #refusing: string | null = null;
  #repairs = 0;
  #revision = 0;
  #full = false;
  #holesStored: OutboxState['holes'];

  /** `renewal` left out: a damaged store stays as it is. */
  constructor(store: BatchStore, options: OutboxOptions, renewal?: Renewal) {
    const { uplinks, clock, logger, maxBytes = defaultMaxBytes, maxAgeMs = defaultMaxAgeMs } = options;
    this.#uplinks = uplinks;
    this.#bounds = { maxBytes, maxAgeMs, clock, logger };
    this.#renewal = renewal;
    this.#state = loadState(store, uplinks);
    this.#holesStored = this.#state.holes;
    this.#cursorsSavedMs = clock.monotonicMs();
    this.#sinceMs = { safety: store.oldestEndMs('safety'), live: store.oldestEndMs('live') };
  }

  append(lane: StoredLane, readings: readonly Reading[]): number {
    if (readings.length === 0) return this.position(lane);
    const holesBefore = this.#state.holes;
    let runs: RecentRun[];
    try {
      runs = this.#mending(() => this.#append(lane, readings));
    } catch (error) {
      this.#refuse(error);
      throw new PlantroomError('OUTBOX_APPEND', `${readings.length} readings were not stored: ${errorMessage(error)}`, {
        cause: error,
        retryable: true,
      });
    }
    this.#take();
    this.#mark();
    this.#tellFull();
    if (this.#state.holes === holesBefore) {
      const nowMs = this.#bounds.clock.monotonicMs();
      for (const run of runs) this.#recent.add(lane, run, nowMs);
    } else {
      // What was thinned in this very append is not as it came.
      this.#recent.clear();
      this.#revision++;
    }
    for (const listener of this.#listeners) listener(lane);
    return this.position(lane);
  }

  peek(uplink: string, lane: StoredLane, maxReadings: number): OutboxSlice | undefined {
    return this.read(lane, this.committed(uplink, lane), maxReadings);
  }

  read(lane: StoredLane, fromPosition: number, maxReadings: number): OutboxSlice | undefined {
    return this.#mending(() =>
      readSlice(
        { state: this.#state, recent: this.#recent, decode: (batch) => this.#decode(batch) },
        { lane, from: fromPosition, most: maxReadings },
      ),
    );
  }

  commit(uplink: string, lane: StoredLane, to: number): void {
    if (to <= this.committed(uplink, lane)) return;
    const position = this.position(lane);
    if (to > position)
      throw new PlantroomError(
        'OUTBOX_COMMIT',
        `"${uplink}" commits ${lane} up to ${to}, but only ${position} have been appended`,
      );
    this.#state.cursors.move(uplink, lane, to);
    this.#recent.dropBefore(lane, this.#state.cursors.done(lane));
    if (!this.#cursorsDue()) return;
    try {
      this.#mending(() => this.#transaction(() => this.#saveCursors(), { durable: false }));
      this.#take();
      this.#mark();
    } catch (error) {
      // In memory the cursor has moved: after a crash the receiver gets again what it has.
      this.#refuse(error);
    }
  }

  position(lane: StoredLane): number {
    return this.#state.lanes[lane].position;
  }

  committed(uplink: string, lane: StoredLane): number {
    return this.#state.cursors.of(uplink)[lane];
  }

  lost(lane: StoredLane, { reason, ...lost }: LostReadings): void {
    const position = this.position(lane);
    const why = { reason, nowMs: this.#bounds.clock.nowMs(), uplinks: [...this.#uplinks].sort() };
    recordHole(this.#state, { ...lost, lane, first: position, next: position }, why);
    this.#revision++;
  }

  holes(): OutboxHole[] {
    return [...this.#state.holes];
  }

  get revision(): number {
    return this.#revision;
  }

  stats(): OutboxStats {
    const { lanes, cursors, bytes, holes } = this.#state;
    const { safety, live } = lanes;
    return {
      bytes,
      maxBytes: this.#bounds.maxBytes,
      produced: { safety: safety.position - safety.base, live: live.position - live.base },
      pending: cursors.pending({ safety: safety.position, live: live.position }),
      dropped: countOf(holes),
      refusing: this.#refusing,
      repairs: this.#repairs,
      revision: this.#revision,
    };
  }

  onAppend(call: (lane: StoredLane) => void): () => void {
    this.#listeners.add(call);
    return () => this.#listeners.delete(call);
  }

  close(): void {
    try {
      this.#transaction(() => this.#saveCursors(), { durable: true });
      this.#mark();
    } finally {
      this.#state.store.close();
      this.#renewal?.closed();
    }
  }

  #append(lane: StoredLane, readings: readonly Reading[]): RecentRun[] {
    const runs: RecentRun[] = [];
    this.#transaction(
      () => {
        const state = this.#state;
        const known = state.dictionary.size;
        for (let at = 0; at < readings.length; at += maxBatch) {
          const part = readings.slice(at, at + maxBatch);
          const first = state.lanes[lane].position;
          const run = { first, next: first + part.length, readings: part };
          addBatch(state, { lane, first, next: run.next, kept: null }, part);
          state.lanes[lane].position = run.next;
          runs.push(run);
        }
        for (let id = known; id < state.dictionary.size; id++)
          state.store.addPoint(id, state.dictionary.pointOf(id) ?? '');
        state.store.saveLane(lane, state.lanes[lane]);
        if (this.#cursorsDue() || state.bytes > this.#bounds.maxBytes) this.#saveCursors();
        keepWithin(state, this.#bounds);
      },
      { durable: true },
    );
    return runs;
  }

  /** A damaged batch is a hole, said once: what it held cannot be had again. */
  #decode(batch: StoredBatch): Reading[] {
    const { clock, logger } = this.#bounds;
    try {
      return decodeBatch(batch.data, this.#state.dictionary.pointOf);
    } catch (error) {
      logger.error({ lane: batch.lane, first: batch.first, next: batch.next }, errorMessage(error));
      this.#transaction(() => dropBatch(this.#state, batch, { reason: 'damaged', nowMs: clock.nowMs() }), {
        durable: false,
      });
      this.#repairs++;
      this.#revision++;
      return [];
    }
  }

  /** Takes the state back when the store does not take the change. */
  #transaction(work: () => void, options: { durable: boolean }): void {
    const state = this.#state;
    const { bytes, holes } = state;
    const size = state.dictionary.size;
    const lanes = copyOf(state.lanes);
    try {
      state.store.transaction(() => {
        work();
        if (state.holes !== this.#holesStored) state.store.saveHoles(state.holes);
      }, options);
      this.#holesStored = state.holes;
    } catch (error) {
      state.dictionary.shrink(size);
      Object.assign(state, { bytes, holes, lanes });
      state.cursors.unsaved();
      this.#recent.clear();
      throw error;
    }
  }

  /** Does it once more with a new store when the present one is damaged. */
  #mending<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      if (!isDamage(error) || !this.#renew(error)) throw error;
      return call();
    }
  }

  #renew(why: unknown): boolean {
    const { clock, logger } = this.#bounds;
    const nowMs = clock.monotonicMs();
    if (this.#renewal === undefined || nowMs < this.#renewAtMs) return false;
    this.#renewAtMs = nowMs + renewDelayMs;
    try {
      const store = this.#renewal.renew(contentsOf(this.#state), why);
      this.#state = loadState(store, this.#uplinks);
      this.#holesStored = this.#state.holes;
      this.#recent.clear();
      this.#repairs++;
      this.#revision++;
      return true;
    } catch (error) {
      logger.error({ error: errorMessage(error) }, 'the damaged outbox file could not be replaced');
      return false;
    }
  }

  #cursorsDue(): boolean {
    return this.#bounds.clock.monotonicMs() - this.#cursorsSavedMs >= cursorDelayMs;
  }

  #saveCursors(): void {
    saveCursors(this.#state);
    const { store } = this.#state;
    this.#sinceMs = { safety: store.oldestEndMs('safety'), live: store.oldestEndMs('live') };
    this.#cursorsSavedMs = this.#bounds.clock.monotonicMs();
  }

  #mark(): void {
    const { lanes, store } = this.#state;
    const atMs = this.#bounds.clock.nowMs();
    for (const lane of storedLanes) this.#sinceMs[lane] ??= lanes[lane].position > lanes[lane].floor ? atMs : undefined;
    store.mark({
      lanes: {
        safety: { ...lanes.safety, sinceMs: this.#sinceMs.safety },
        live: { ...lanes.live, sinceMs: this.#sinceMs.live },
      },
      atMs,
    });
  }

  #refuse(error: unknown): void {
    const { logger } = this.#bounds;
    const message = errorMessage(error);
    if (this.#refusing === message) return;
    if (this.#refusing === null) logger.error({ error: message }, 'the outbox takes nothing; readings wait in memory');
    this.#refusing = message;
    this.#revision++;
  }

  #take(): void {
    if (this.#refusing === null) return;
    this.#bounds.logger.info({}, 'the outbox takes readings again');
    this.#refusing = null;
    this.#revision++;
  }

  #tellFull(): void {
    const { maxBytes, logger } = this.#bounds;
    const { bytes } = this.#state;
    if (bytes < maxBytes * 0.9) this.#full = false;
    if (this.#full || bytes < maxBytes * 0.95) return;
    this.#full = true;
    const { pending } = this.stats();
    logger.warn(
      { bytes, maxBytes, pending },
      'the outbox is full: the oldest telemetry is thinned to one reading per point and minute',
    );
  }
}
