import { storedLanes as lanes, type Outbox, type OutboxSlice, type StoredLane } from '../../outbox/outbox.ts';
import { Frontiers, type Stretch } from '../frontiers.ts';
import { readBefore } from '../read-before.ts';
import type { Positions } from './former-points.ts';

/** Read at once: many small polls of one device then share a message, and a backlog goes out in hundreds of metrics each. */
export const sliceReadings = 10_000;

export interface NextSlice {
  slice: OutboxSlice;
  stretch: Stretch<null>;
}

/** What a session sends next, and how far it has come: safety, then live, then the backlog beside it. */
export class SendOrder {
  readonly #outbox: Pick<Outbox, 'read' | 'position'>;
  readonly #lanes: Record<StoredLane, Frontiers<null>>;

  constructor(outbox: Pick<Outbox, 'read' | 'position'>, { safety, live }: Positions) {
    this.#outbox = outbox;
    this.#lanes = { safety: new Frontiers(safety, () => null), live: new Frontiers(live, () => null) };
  }

  /** Behind the last reading that was sent without a gap. */
  get sent(): Positions {
    return { safety: this.#lanes.safety.done, live: this.#lanes.live.done };
  }

  /** Behind the last live reading that was sent ahead of the backlog; undefined when there is none. */
  get ahead(): number | undefined {
    const { backlogEnd, newest } = this.#lanes.live;
    return backlogEnd === undefined ? undefined : newest.to;
  }

  /** At a birth: more than a slice that waits is a backlog, and what is read from now on does not wait for it. */
  leap(): void {
    const { live } = this.#lanes;
    const position = this.#outbox.position('live');
    if (position - live.newest.to > sliceReadings) live.leap(position);
  }

  /** Everything from here on is to be sent again, as a backlog if it is long. Answers where it ends; undefined: it has not been sent yet. */
  replay(lane: StoredLane, position: number): number | undefined {
    const { done, newest } = this.#lanes[lane];
    if (position >= newest.to) return undefined;
    const again = new Frontiers(Math.min(position, done), () => null);
    if (lane === 'live' && newest.to - again.done > sliceReadings) again.leap(newest.to);
    this.#lanes[lane] = again;
    return newest.to;
  }

  /** `until`: what lies behind is not sent. `backlogWaits`: only what goes ahead of a backlog is. `most`: readings that a slice may have which begins at this position. */
  next({
    until,
    backlogWaits,
    most,
  }: {
    until: Positions | undefined;
    backlogWaits: boolean;
    most(lane: StoredLane, from: number): number;
  }): NextSlice | undefined {
    for (const lane of lanes) {
      const frontiers = this.#lanes[lane];
      const { backlogEnd: behind, newest } = frontiers;
      // Most of the time nothing is there.
      if (behind === undefined && newest.to >= this.#outbox.position(lane)) continue;
      // Live first; the two are one where there is no backlog.
      for (const stretch of behind === undefined ? [newest] : new Set([newest, frontiers.oldest])) {
        if (backlogWaits && stretch !== frontiers.newest) continue;
        const from = stretch.to;
        const backlogEnd = stretch === frontiers.newest ? undefined : frontiers.backlogEnd;
        const ends = [backlogEnd, until?.[lane]].filter((place) => place !== undefined);
        const end = ends.length === 0 ? undefined : Math.min(...ends);
        const options = { from, most: most(lane, from) };
        const slice =
          end === undefined
            ? this.#outbox.read(lane, from, options.most)
            : readBefore(this.#outbox, lane, { ...options, until: end });
        if (slice !== undefined) return { slice, stretch };
        if (end !== undefined) frontiers.advance(stretch, end);
      }
    }
    return undefined;
  }

  /** The slice has been sent. Of a stretch that a replay has taken the place of, nothing is remembered. */
  advance({ slice, stretch }: NextSlice): void {
    this.#lanes[slice.lane].advance(stretch, slice.to);
  }
}
