import type { Reading } from '@plantroom/contracts';
import type { StoredBatch } from './batch-store.ts';
import { StoreDamage } from './damage.ts';
import { untold } from './holes.ts';
import type { OutboxSlice, StoredLane } from './outbox.ts';
import type { OutboxState } from './outbox-state.ts';
import type { RecentReadings } from './recent-readings.ts';

interface Sources {
  state: OutboxState;
  recent: RecentReadings;
  /** Nothing when the batch is damaged. */
  decode(batch: StoredBatch): readonly Reading[];
}

interface Span {
  lane: StoredLane;
  from: number;
  /** Readings at most. */
  most: number;
}

/** From memory as far as it is there, else batch by batch from the store. Throws StoreDamage when something is missing that no hole tells of. */
export function readSlice(
  { state, recent, decode }: Sources,
  { lane, from: begin, most }: Span,
): OutboxSlice | undefined {
  const slice: OutboxSlice = { lane, from: begin, to: begin, readings: [] };
  let from: number | undefined;
  while (slice.readings.length < most) {
    const inMemory = recent.read(lane, slice.to, most - slice.readings.length);
    if (inMemory.length > 0) {
      from ??= slice.to;
      for (const reading of inMemory) slice.readings.push(reading);
      slice.to += inMemory.length;
      continue;
    }
    // One batch at a time: most slices end within the first, and a batch may be thousands of readings.
    const [batch] = state.store.batchesAfter(lane, slice.to, 1);
    checkWhole(state, { lane, from: slice.to, next: batch?.first });
    if (batch === undefined) break;
    const readings = decode(batch);
    let to = batch.next;
    for (let i = 0; i < readings.length; i++) {
      const position = batch.first + (batch.kept === null ? i : (batch.kept[i] ?? i));
      const reading = readings[i];
      if (position < slice.to || reading === undefined) continue;
      if (slice.readings.length === most) {
        to = position;
        break;
      }
      from ??= position;
      slice.readings.push(reading);
    }
    slice.to = to;
  }
  if (slice.to === begin) return undefined;
  return { ...slice, from: from ?? slice.to };
}

/** Between `from` and the next batch (undefined: there is none) nothing may be missing that some uplink still needs. */
function checkWhole(
  { lanes, holes, cursors }: OutboxState,
  { lane, from, next }: { lane: StoredLane; from: number; next: number | undefined },
): void {
  const { floor, position } = lanes[lane];
  const begin = Math.max(from, floor, cursors.done(lane));
  const [gap] = untold(holes, { lane, from: begin, next: next ?? position });
  if (gap !== undefined)
    throw new StoreDamage(`readings ${gap.from} to ${gap.next} of the ${lane} lane are not where they were stored`);
}
