import type { Clock, Logger } from '@plantroom/contracts';
import type { StoredBatch } from './batch-store.ts';
import { storedLanes } from './outbox.ts';
import { addBatch, dropBatch, type OutboxState, readBatch, recordHole, removeBatch } from './outbox-state.ts';
import { oldestMinute, thinned } from './thin.ts';

export interface Bounds {
  maxBytes: number;
  maxAgeMs: number;
  clock: Clock;
  logger: Logger;
}

/** Batches fetched at once while looking for a minute's. */
const fetchAtOnce = 64;

/** Within the transaction of an append: what is too old and what is too much goes. */
export function keepWithin(state: OutboxState, bounds: Bounds): void {
  dropExpired(state, bounds);
  // A step frees a minute's worth, so most appends of a full outbox have nothing to do, and none stands long in the way of polling.
  while (state.bytes > bounds.maxBytes && (thinOldest(state, bounds) || dropOldest(state, bounds)));
}

/** One batch a lane and append: a clock that jumps ahead for a moment must not empty the outbox. */
function dropExpired(state: OutboxState, { clock, maxAgeMs }: Bounds): void {
  const nowMs = clock.nowMs();
  for (const lane of storedLanes) {
    const endMs = state.store.oldestEndMs(lane);
    if (endMs === undefined || endMs >= nowMs - maxAgeMs) continue;
    const [oldest] = state.store.oldest(lane, 1, { thinned: true });
    // What every uplink has goes by itself.
    if (oldest !== undefined && oldest.next > state.cursors.done(lane))
      dropBatch(state, oldest, { reason: 'outdated', nowMs });
  }
}

/** Joins the oldest whole live batches of about a minute into one thinned batch. False: nothing is left to thin. */
function thinOldest(state: OutboxState, bounds: Bounds): boolean {
  const run = oldestMinute(wholeBatches(state));
  const [first] = run;
  if (first === undefined) return false;
  const readings = new Map<StoredBatch, ReturnType<typeof readBatch>>();
  for (const batch of run) {
    readings.set(batch, readBatch(state, batch, bounds));
    // It is a hole now, and its neighbours are none any more.
    if (readings.get(batch) === undefined) return true;
  }
  const { readings: left, kept, whole, fromMs, toMs } = thinned(run, (batch) => readings.get(batch) ?? []);
  for (const batch of run) removeBatch(state, batch);
  const next = first.first + whole;
  addBatch(state, { lane: 'live', first: first.first, next, kept }, left);
  const done = Math.max(first.first, state.cursors.done('live'));
  const count = next - done - kept.filter((at) => first.first + at >= done).length;
  recordHole(state, { ...first, fromMs, toMs, next, count }, { reason: 'thinned', nowMs: bounds.clock.nowMs() });
  return true;
}

/** Those that have not been thinned, oldest first, without the newest: it is what the uplinks are about to send. */
function* wholeBatches(state: OutboxState): Generator<StoredBatch> {
  const end = state.lanes.live.position;
  for (let after = 0; ; ) {
    const batches = state.store.oldest('live', fetchAtOnce, { thinned: false, after });
    for (const batch of batches) if (batch.next < end) yield batch;
    after = batches.at(-1)?.next ?? end;
    if (after >= end) return;
  }
}

/** Telemetry first; the safety lane only when nothing else is left. */
function dropOldest(state: OutboxState, { clock }: Bounds): boolean {
  for (const lane of ['live', 'safety'] as const) {
    const [oldest] = state.store.oldest(lane, 1, { thinned: true });
    if (oldest === undefined || oldest.next >= state.lanes[lane].position) continue;
    dropBatch(state, oldest, { reason: 'dropped', nowMs: clock.nowMs() });
    return true;
  }
  return false;
}
