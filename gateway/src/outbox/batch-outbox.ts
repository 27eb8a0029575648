import { type Clock, errorMessage, type Logger, PlantroomError, type Reading } from '@plantroom/contracts';
import { decodeBatch, encodeBatch, spanOf } from './batch-codec.ts';
import { type BatchStore, batchBytes, type StoredBatch, type StoredHole } from './batch-store.ts';
import { withHole } from './holes.ts';
import type { Outbox, OutboxHole, OutboxSlice, OutboxStats, StoredLane } from './outbox.ts';
import { defaultMaxAgeMs, defaultMaxBytes, type OutboxOptions } from './outbox-options.ts';
import { RecentReadings, type RecentRun } from './recent-readings.ts';
import { oldestMinute, thinned } from './thin.ts';

const lanes = ['safety', 'live'] as const satisfies readonly StoredLane[];
/** Thinning goes on to here, so that not every append has to thin. */
const lowWater = 0.9;
/**
 * Cursors are written this often, by an append or else by a commit, and what they have passed is deleted then: every append would pay for it
 * otherwise. A crash costs at most so much being sent again, which receivers drop.
 */
const cursorDelayMs = 1000;
/** Longer appends are cut, so that a batch stays small enough to thin and to send. */
const maxBatch = 10_000;

/** The rules of the outbox over any store: positions, cursors, bounds, thinning. */
export class BatchOutbox implements Outbox {
  readonly #store: BatchStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #maxBytes: number;
  readonly #maxAgeMs: number;
  readonly #points: string[];
  readonly #ids = new Map<string, number>();
  readonly #positions: Record<StoredLane, number>;
  readonly #bases: Record<StoredLane, number>;
  readonly #cursors = new Map<string, Record<StoredLane, number>>();
  readonly #dropped: Record<StoredLane, number> = { safety: 0, live: 0 };
  readonly #listeners = new Set<(lane: StoredLane) => void>();
  readonly #recent = new RecentReadings();
  #holes: StoredHole[];
  #bytes: number;
  #dirty = new Set<string>();
  #cursorsSavedMs: number;
  #thinningLogged = false;

  constructor(store: BatchStore, options: OutboxOptions) {
    const contents = store.load();
    this.#store = store;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#maxBytes = options.maxBytes ?? defaultMaxBytes;
    this.#maxAgeMs = options.maxAgeMs ?? defaultMaxAgeMs;
    this.#points = contents.points;
    this.#positions = contents.positions;
    this.#bases = contents.bases;
    this.#holes = contents.holes;
    this.#bytes = contents.bytes;
    this.#cursorsSavedMs = options.clock.monotonicMs();
    contents.points.forEach((point, id) => {
      this.#ids.set(point, id);
    });
    for (const hole of contents.holes) this.#dropped[hole.lane] += hole.count;
    for (const uplink of options.uplinks) this.#cursors.set(uplink, { ...contents.bases });
    for (const { uplink, lane, position } of contents.cursors) {
      const cursor = this.#cursors.get(uplink);
      if (cursor === undefined) store.removeCursors(uplink);
      else cursor[lane] = position;
    }
  }

  append(lane: StoredLane, readings: readonly Reading[]): number {
    if (readings.length === 0) return this.#positions[lane];
    const known = this.#points.length;
    const bytesBefore = this.#bytes;
    const holesBefore = this.#holes;
    let position = this.#positions[lane];
    const runs: RecentRun[] = [];
    try {
      this.#store.transaction(
        () => {
          for (let at = 0; at < readings.length; at += maxBatch) {
            const part = readings.slice(at, at + maxBatch);
            const run = { first: position, next: position + part.length, readings: part };
            this.#add({ lane, first: run.first, next: run.next, kept: null }, part);
            runs.push(run);
            position = run.next;
          }
          for (let id = known; id < this.#points.length; id++) this.#store.addPoint(id, this.#points[id] ?? '');
          this.#store.savePosition(lane, position);
          if (this.#cursorsDue() || this.#bytes > this.#maxBytes) this.#saveCursors();
          this.#bound();
        },
        { durable: true },
      );
    } catch (error) {
      for (const point of this.#points.splice(known)) this.#ids.delete(point);
      this.#bytes = bytesBefore;
      this.#holes = holesBefore;
      this.#dirty = new Set(this.#cursors.keys());
      this.#recent.clear();
      throw new PlantroomError('OUTBOX_APPEND', `${readings.length} readings were not stored: ${errorMessage(error)}`, {
        cause: error,
        retryable: true,
      });
    }
    this.#positions[lane] = position;
    // What was thinned in this very append is not as it came.
    const nowMs = this.#clock.monotonicMs();
    if (this.#holes === holesBefore) for (const run of runs) this.#recent.add(lane, run, nowMs);
    for (const listener of this.#listeners) listener(lane);
    return position;
  }

  peek(uplink: string, lane: StoredLane, maxReadings: number): OutboxSlice | undefined {
    return this.read(lane, this.committed(uplink, lane), maxReadings);
  }

  read(lane: StoredLane, fromPosition: number, maxReadings: number): OutboxSlice | undefined {
    const slice: OutboxSlice = { lane, from: fromPosition, to: fromPosition, readings: [] };
    let from: number | undefined;
    while (slice.readings.length < maxReadings) {
      const recent = this.#recent.read(lane, slice.to, maxReadings - slice.readings.length);
      if (recent.length > 0) {
        from ??= slice.to;
        for (const reading of recent) slice.readings.push(reading);
        slice.to += recent.length;
        continue;
      }
      // One batch at a time: most slices end within the first, and a batch may be thousands of readings.
      const [batch] = this.#store.batchesAfter(lane, slice.to, 1);
      if (batch === undefined) break;
      const readings = this.#decode(batch);
      let to = batch.next;
      for (let i = 0; i < readings.length; i++) {
        const position = batch.first + (batch.kept === null ? i : (batch.kept[i] ?? i));
        const reading = readings[i];
        if (position < slice.to || reading === undefined) continue;
        if (slice.readings.length === maxReadings) {
          to = position;
          break;
        }
        from ??= position;
        slice.readings.push(reading);
      }
      slice.to = to;
    }
    if (slice.to === fromPosition) return undefined;
    return { ...slice, from: from ?? slice.to };
  }

  commit(uplink: string, lane: StoredLane, to: number): void {
    const cursor = this.#cursor(uplink);
    if (to <= cursor[lane]) return;
    if (to > this.#positions[lane])
      throw new PlantroomError(
        'OUTBOX_COMMIT',
        `"${uplink}" commits ${lane} up to ${to}, but only ${this.#positions[lane]} have been appended`,
      );
    cursor[lane] = to;
    this.#recent.dropBefore(lane, this.#doneBefore(lane));
    this.#dirty.add(uplink);
    if (this.#cursorsDue()) this.#store.transaction(() => this.#saveCursors(), { durable: false });
  }

  position(lane: StoredLane): number {
    return this.#positions[lane];
  }

  committed(uplink: string, lane: StoredLane): number {
    return this.#cursor(uplink)[lane];
  }

  holes(): OutboxHole[] {
    return this.#holes.map(({ lane, fromMs, toMs, count, recordedMs }) => ({ lane, fromMs, toMs, count, recordedMs }));
  }

  stats(): OutboxStats {
    const pending: OutboxStats['pending'] = {};
    for (const [uplink, cursor] of this.#cursors) {
      pending[uplink] = {
        safety: this.#positions.safety - cursor.safety,
        live: this.#positions.live - cursor.live,
      };
    }
    return {
      bytes: this.#bytes,
      maxBytes: this.#maxBytes,
      produced: {
        safety: this.#positions.safety - this.#bases.safety,
        live: this.#positions.live - this.#bases.live,
      },
      pending,
      dropped: { ...this.#dropped },
    };
  }

  onAppend(call: (lane: StoredLane) => void): () => void {
    this.#listeners.add(call);
    return () => this.#listeners.delete(call);
  }

  close(): void {
    try {
      this.#store.transaction(() => this.#saveCursors(), { durable: true });
    } finally {
      this.#store.close();
    }
  }

  #cursor(uplink: string): Record<StoredLane, number> {
    const cursor = this.#cursors.get(uplink);
    if (cursor === undefined)
      throw new PlantroomError(
        'OUTBOX_UPLINK',
        `uplink "${uplink}" is unknown to the outbox; known: ${[...this.#cursors.keys()].join(', ') || 'none'}`,
      );
    return cursor;
  }

  #idOf = (point: string): number => {
    let id = this.#ids.get(point);
    if (id === undefined) {
      id = this.#points.push(point) - 1;
      this.#ids.set(point, id);
    }
    return id;
  };

  #add(place: Pick<StoredBatch, 'lane' | 'first' | 'next' | 'kept'>, readings: readonly Reading[]): void {
    const batch: StoredBatch = { ...place, ...spanOf(readings), data: encodeBatch(readings, this.#idOf) };
    this.#store.addBatch(batch);
    this.#bytes += batchBytes(batch);
  }

  /** A damaged batch is a hole, said once: what it held cannot be had again. */
  #decode(batch: StoredBatch): Reading[] {
    try {
      return decodeBatch(batch.data, (id) => this.#points[id]);
    } catch (error) {
      this.#logger.error({ lane: batch.lane, first: batch.first, next: batch.next }, errorMessage(error));
      this.#store.transaction(
        () => {
          this.#drop(batch);
          this.#store.saveHoles(this.#holes);
        },
        { durable: false },
      );
      return [];
    }
  }

  #cursorsDue(): boolean {
    return this.#clock.monotonicMs() - this.#cursorsSavedMs >= cursorDelayMs;
  }

  #saveCursors(): void {
    for (const uplink of this.#dirty) {
      const cursor = this.#cursor(uplink);
      for (const lane of lanes) this.#store.saveCursor(uplink, lane, cursor[lane]);
    }
    if (this.#dirty.size > 0) {
      for (const lane of lanes) {
        const done = this.#doneBefore(lane);
        this.#bytes -= this.#store.removeBefore(lane, done);
      }
    }
    this.#dirty = new Set();
    this.#cursorsSavedMs = this.#clock.monotonicMs();
  }

  /** Every uplink has committed what lies before this position. */
  #doneBefore(lane: StoredLane): number {
    return Math.min(...[...this.#cursors.values()].map((cursor) => cursor[lane]));
  }

  /** Runs inside the transaction of an append. */
  #bound(): void {
    const before = this.#holes;
    // One batch a lane and append: a clock that jumps ahead for a moment must not empty the outbox.
    const oldestMs = this.#clock.nowMs() - this.#maxAgeMs;
    for (const lane of lanes) {
      const endMs = this.#store.oldestEndMs(lane);
      if (endMs === undefined || endMs >= oldestMs) continue;
      const [oldest] = this.#store.oldest(lane, 1, { thinned: true });
      if (oldest !== undefined) this.#drop(oldest);
    }
    if (this.#bytes > this.#maxBytes) {
      this.#logThinning();
      while (this.#bytes > this.#maxBytes * lowWater && (this.#thin() || this.#dropOldest()));
    } else if (this.#bytes < this.#maxBytes * lowWater) this.#thinningLogged = false;
    if (this.#holes !== before) this.#store.saveHoles(this.#holes);
  }

  #logThinning(): void {
    if (this.#thinningLogged) return;
    this.#thinningLogged = true;
    this.#logger.warn(
      { bytes: this.#bytes, maxBytes: this.#maxBytes, pending: this.stats().pending },
      'the outbox is full: the oldest telemetry is thinned to one reading per point and minute',
    );
  }

  /** Joins the oldest whole live batches of about a minute into one thinned batch. False: nothing is left to thin. */
  #thin(): boolean {
    const batches = this.#store.oldest('live', 1000, { thinned: false });
    const [first] = batches;
    // The newest batch is left alone: it is what the uplinks are about to send.
    if (first === undefined || batches.length < 2) return false;
    const run = oldestMinute(batches.slice(0, -1));
    const { readings, kept, whole, fromMs, toMs } = thinned(run, (batch) => this.#readable(batch));
    for (const batch of run) this.#remove(batch);
    const next = first.first + whole;
    this.#add({ lane: 'live', first: first.first, next, kept }, readings);
    this.#record({ ...first, fromMs, toMs, next }, whole - kept.length);
    return true;
  }

  /** Telemetry first; the safety lane only when nothing else is left. */
  #dropOldest(): boolean {
    for (const lane of ['live', 'safety'] as const) {
      const [oldest, newer] = this.#store.oldest(lane, 2, { thinned: true });
      if (oldest === undefined || newer === undefined) continue;
      this.#drop(oldest);
      return true;
    }
    return false;
  }

  #readable(batch: StoredBatch): Reading[] {
    try {
      return decodeBatch(batch.data, (id) => this.#points[id]);
    } catch {
      return [];
    }
  }

  #drop(batch: StoredBatch): void {
    this.#remove(batch);
    this.#record(batch, batch.kept?.length ?? batch.next - batch.first);
  }

  #remove(batch: StoredBatch): void {
    this.#store.removeBatch(batch.lane, batch.next);
    this.#recent.clear();
    this.#bytes -= batchBytes(batch);
  }

  #record(batch: Pick<StoredBatch, 'lane' | 'first' | 'next' | 'fromMs' | 'toMs'>, count: number): void {
    if (count === 0) return;
    const { lane, first, next, fromMs, toMs } = batch;
    this.#dropped[lane] += count;
    this.#holes = withHole(this.#holes, { lane, first, next, fromMs, toMs, count, recordedMs: this.#clock.nowMs() });
  }
}
