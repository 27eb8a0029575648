import type { Clock } from '@plantroom/contracts';
import type { StoredLane } from './ingest.ts';

/** So many readings are confirmed at once: what a gateway may have under way is bounded. */
const atOnce = 500;
/** Fewer are confirmed so often. A gateway that is killed meanwhile sends them again, and they are dropped. */
const restMs = 3_000;

interface Told {
  position: number;
  /** Monotonic. */
  atMs: number;
  /** Stored since then and not told yet. */
  held: number | undefined;
}

/**
 * Which of the positions that are stored one gateway is told: the first after its birth, since it takes a host that confirms nothing for a foreign
 * one; each of the safety lane; telemetry when much has come. A gateway reports each second, and to answer every time would be as many messages again.
 */
export class Receipts {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #tell: (lane: StoredLane, position: number) => void;
  readonly #told = new Map<StoredLane, Told>();

  constructor(clock: Pick<Clock, 'monotonicMs'>, tell: (lane: StoredLane, position: number) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** What was told to its former life counts no more. */
  born(): void {
    this.#told.clear();
  }

  stored(lane: StoredLane, position: number): void {
    const told = this.#told.get(lane);
    const isDue = told === undefined || lane === 'safety' || Math.abs(position - told.position) >= atOnce;
    if (isDue || this.#hasRested(told)) this.#say(lane, position);
    else told.held = position;
  }

  /** Call each second: nothing stays untold when a gateway has fallen still. */
  tick(): void {
    for (const [lane, told] of this.#told)
      if (told.held !== undefined && this.#hasRested(told)) this.#say(lane, told.held);
  }

  #hasRested({ atMs }: Told): boolean {
    return this.#clock.monotonicMs() - atMs >= restMs;
  }

  #say(lane: StoredLane, position: number): void {
    this.#told.set(lane, { position, atMs: this.#clock.monotonicMs(), held: undefined });
    this.#tell(lane, position);
  }
}
