import { type Clock, nodeMetrics } from '@plantroom/contracts';
import type { StoredLane } from './ingest.ts';
import { metricNumber, type WireMetric } from './sparkplug-codec.ts';

export interface AcknowledgementOptions {
  clock: Clock;
  /** Everything that was sent of the lane since the last report has arrived; it lies ahead of a backlog or not. */
  whole(lane: StoredLane, stretch: { isAhead: boolean }): void;
  /** The backlog has met what went ahead of it. */
  joined(): void;
  /** What came since the last report is of both, or goes on elsewhere. */
  unclear(): void;
  /** The counts of the lane agree, and nothing of it is to be sent again. */
  agreed(lane: StoredLane): void;
  /** That reaches up to this outbox position: once after each birth, and whenever it has moved. */
  complete(lane: StoredLane, position: number): void;
  /** Something that was sent behind this position has not: it is to be sent again, and the request repeated when that is done. */
  missing(lane: StoredLane, from: number, request: number): void;
}

interface LaneState {
  /** As told last. */
  position: number;
  ahead: number | undefined;
  /** Readings since the birth. */
  arrived: number;
  /** Up to here everything has arrived; undefined: not known yet. */
  complete: number | undefined;
  /** The position that was told last since the birth. */
  told: number | undefined;
  /** The last request to send again; 0: none since the birth. */
  asked: number;
  askedMs: number;
}

/** A request that is not obeyed by then was lost on its way, or the backlog before it is long: it is repeated, which does no harm. */
const repeatMs = 10_000;

const lanes = ['safety', 'live'] as const satisfies readonly StoredLane[];

/**
 * Sparkplug data is QoS 0 and has no receipt, so a gateway of ours tells each second, and after a burst that cannot wait, how many readings it has sent and up
 * to which position of its outbox; the host compares with what came. Messages of one node are in order, so that a report that agrees vouches
 * for everything before it.
 */
export class Acknowledgement {
  readonly #o: AcknowledgementOptions;
  readonly #lanes: Record<StoredLane, LaneState> = {
    safety: newState(),
    live: newState(),
  };
  #requests = 0;

  constructor(options: AcknowledgementOptions) {
    this.#o = options;
  }

  /** Hot path. */
  arrived(lane: StoredLane, count: number): void {
    this.#lanes[lane].arrived += count;
  }

  /**
   * A birth: counting begins anew. A gateway that goes on behind what has arrived (it had sent while nobody understood it) has to go back. Of
   * one that this host has never heard of nothing is known to be missing: it goes on where it was told to. False: something is missing.
   */
  born(metrics: readonly WireMetric[]): boolean {
    let isWhole = true;
    for (const { lane, position, ahead } of reportsIn(metrics)) {
      const state = this.#lanes[lane];
      const known = state.complete;
      if (ahead !== undefined || state.ahead !== undefined) this.#o.unclear();
      state.position = position;
      state.ahead = ahead;
      state.arrived = 0;
      state.asked = 0;
      state.told = undefined;
      if (known !== undefined && known < position) {
        isWhole = false;
        this.#ask(lane, state);
      } else state.complete = position;
    }
    return isWhole;
  }

  /** A report. False: something that was sent before it is missing, or is still to be sent again. */
  told(metrics: readonly WireMetric[]): boolean {
    let isWhole = true;
    for (const { lane, position, ahead, count, replayed } of reportsIn(metrics)) {
      const state = this.#lanes[lane];
      const before = { position: state.position, ahead: state.ahead };
      state.position = position;
      state.ahead = ahead;
      const isComplete = state.arrived === count;
      // From here on both count the same again, whatever became of this stretch.
      state.arrived = count;
      isWhole &&= isComplete && replayed === state.asked;
      if (!isComplete) this.#ask(lane, state);
      else if (replayed === state.asked) {
        state.complete = position;
        this.#o.agreed(lane);
        this.#vouch(lane, { before, now: { position, ahead } });
        if (position !== state.told) this.#o.complete(lane, position);
        state.told = position;
      } else {
        // What is not vouched for may be of one stretch, and what comes next of the other.
        if (before.ahead !== undefined || ahead !== undefined) this.#o.unclear();
        if (this.#o.clock.monotonicMs() - state.askedMs >= repeatMs) this.#ask(lane, state);
      }
    }
    return isWhole;
  }

  #vouch(lane: StoredLane, { before, now }: Record<'before' | 'now', Pick<LaneState, 'position' | 'ahead'>>): void {
    const { whole, joined, unclear } = this.#o;
    if (now.ahead === undefined) {
      whole(lane, { isAhead: false });
      if (before.ahead !== undefined) joined();
    } else if (before.ahead === undefined || (now.position !== before.position && now.ahead !== before.ahead))
      unclear();
    else whole(lane, { isAhead: now.ahead !== before.ahead });
  }

  #ask(lane: StoredLane, state: LaneState): void {
    this.#requests += 1;
    state.asked = this.#requests;
    state.askedMs = this.#o.clock.monotonicMs();
    this.#o.missing(lane, state.complete ?? 0, state.asked);
  }
}

function newState(): LaneState {
  return { position: 0, ahead: undefined, arrived: 0, complete: undefined, told: undefined, asked: 0, askedMs: 0 };
}

/** The lanes that a birth reports; none: it is not that of a gateway of ours. */
export function reportedLanes(metrics: readonly WireMetric[]): StoredLane[] {
  return reportsIn(metrics).map(({ lane }) => lane);
}

interface Report {
  lane: StoredLane;
  position: number;
  ahead: number | undefined;
  count: number;
  replayed: number;
}

const parts = ['position', 'ahead', 'count', 'replayed'] as const;
const partOf = new Map(
  lanes.flatMap((lane) =>
    [
      nodeMetrics.positionOf(lane),
      nodeMetrics.aheadOf(lane),
      nodeMetrics.countOf(lane),
      nodeMetrics.replayedOf(lane),
    ].map((name, i) => [name, { lane, part: parts[i] ?? 'position' }] as const),
  ),
);

/** Position and count of each lane, where both are told. */
function reportsIn(metrics: readonly WireMetric[]): Report[] {
  const told: Record<StoredLane, Partial<Report>> = { safety: {}, live: {} };
  for (const metric of metrics) {
    const named = partOf.get(metric.name ?? '');
    const value = named === undefined ? undefined : metricNumber(metric);
    if (named !== undefined && value !== undefined) told[named.lane][named.part] ??= value;
  }
  const reports: Report[] = [];
  for (const lane of lanes) {
    const { position, ahead, count, replayed = 0 } = told[lane];
    if (position !== undefined && count !== undefined) reports.push({ lane, position, ahead, count, replayed });
  }
  return reports;
}
