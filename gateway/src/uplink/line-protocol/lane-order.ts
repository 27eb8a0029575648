import type { Clock } from '@plantroom/contracts';
import type { Outbox, OutboxSlice, StoredLane } from '../../outbox/outbox.ts';
import { Frontiers, type Stretch } from '../frontiers.ts';
import { readBefore } from '../read-before.ts';
import type { WrittenQuality } from './encode-lines.ts';

/** A lane that is behind by this much has a backlog: live data no longer waits for it. More than gathering, a slow answer or a short rest. */
const backlogMs = 5000;

/** What is to be sent next. */
export interface Due {
  slice: OutboxSlice;
  /** What has been written of qualities up to here: each stretch goes through time for itself. */
  written: WrittenQuality;
  /** There is more to send at once. */
  more: boolean;
  /** The receiver has stored it. */
  done(): void;
}

export interface LaneOrderOptions {
  uplink: string;
  outbox: Outbox;
  clock: Clock;
  /** While a backlog drains, live data is gathered for this long; requests with backlog fill the time between. */
  gatherMs: number;
}

/** Safety first, then live, then the backlog beside it: in order per point and lane, each reading once. */
export class LaneOrder {
  readonly #o: LaneOrderOptions;
  readonly #safety: Frontiers<WrittenQuality>;
  readonly #live: Frontiers<WrittenQuality>;
  /** When live data was last sent to its end; monotonic. */
  #liveMs = Number.NEGATIVE_INFINITY;

  constructor(options: LaneOrderOptions) {
    this.#o = options;
    const { outbox, uplink } = options;
    this.#safety = new Frontiers(outbox.committed(uplink, 'safety'), () => new Map());
    this.#live = new Frontiers(outbox.committed(uplink, 'live'), () => new Map());
  }

  /** Readings that have been delivered ahead of a backlog and are not committed yet. */
  get ahead(): number {
    return this.#live.ahead;
  }

  /** At most `most` readings; undefined: nothing is left. Asking changes nothing that has been delivered. */
  next(most: number): Due | undefined {
    const { clock, gatherMs } = this.#o;
    const safety = this.#read('safety', this.#safety.newest.to, most);
    if (safety !== undefined) return this.#due(safety, this.#safety, { stretch: this.#safety.newest, more: true });
    const drains = this.#live.backlogEnd !== undefined;
    if (!drains || clock.monotonicMs() - this.#liveMs >= gatherMs) {
      const slice = this.#nextLive(most);
      const isFull = slice !== undefined && slice.readings.length >= most;
      if (!isFull) this.#liveMs = clock.monotonicMs();
      if (slice !== undefined) {
        const more = isFull || this.#live.backlogEnd !== undefined;
        return this.#due(slice, this.#live, { stretch: this.#live.newest, more });
      }
    }
    return this.#nextBacklog(most);
  }

  /** Goes on with the newest readings when those that are due are old and many. */
  #nextLive(most: number): OutboxSlice | undefined {
    const { outbox, clock } = this.#o;
    const { to } = this.#live.newest;
    const slice = this.#read('live', to, most);
    const oldestMs = slice?.readings[0]?.wireTimeMs;
    if (slice === undefined || oldestMs === undefined || slice.readings.length < most) return slice;
    const newestFrom = outbox.position('live') - most;
    if (oldestMs > clock.nowMs() - backlogMs || newestFrom <= slice.to) return slice;
    this.#live.leap(newestFrom);
    return this.#read('live', newestFrom, most);
  }

  #nextBacklog(most: number): Due | undefined {
    for (let until = this.#live.backlogEnd; until !== undefined; until = this.#live.backlogEnd) {
      const { oldest } = this.#live;
      const slice = readBefore(this.#o.outbox, 'live', { from: oldest.to, until, most });
      if (slice !== undefined) return this.#due(slice, this.#live, { stretch: oldest, more: true });
      // What was left has been thinned out of the outbox.
      this.#advance('live', this.#live, { stretch: oldest, to: until });
    }
    return undefined;
  }

  #read(lane: StoredLane, from: number, most: number): OutboxSlice | undefined {
    return this.#o.outbox.read(lane, from, most);
  }

  #due(
    slice: OutboxSlice,
    frontiers: Frontiers<WrittenQuality>,
    { stretch, more }: { stretch: Stretch<WrittenQuality>; more: boolean },
  ): Due {
    const done = (): void => this.#advance(slice.lane, frontiers, { stretch, to: slice.to });
    return { slice, written: stretch.state, more, done };
  }

  #advance(
    lane: StoredLane,
    frontiers: Frontiers<WrittenQuality>,
    { stretch, to }: { stretch: Stretch<WrittenQuality>; to: number },
  ): void {
    frontiers.advance(stretch, to);
    this.#o.outbox.commit(this.#o.uplink, lane, frontiers.done);
  }
}
