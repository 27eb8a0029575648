/** A run of positions of one lane that has been delivered without a gap. */
export interface Stretch<State> {
  /** The first position that is in it. */
  readonly from: number;
  /** The one after the last: the next reading of the stretch stands here. */
  to: number;
  /** What the uplink remembers at that place. */
  readonly state: State;
}

/** An outage that comes while the backlog of another drains begins one more; beyond that the newest is forgotten, and sent again. */
const mostStretches = 32;

/**
 * How far a lane has been delivered when live data goes ahead of a backlog: the oldest stretch ends where the backlog begins, the newest one
 * where live data goes on. Only the oldest may be committed. What lies ahead of it is not kept over a restart: it is sent again, and the
 * receiver drops what it has by (point, time).
 */
export class Frontiers<State> {
  readonly #stretches: Stretch<State>[];
  readonly #newState: () => State;

  constructor(done: number, newState: () => State) {
    this.#newState = newState;
    this.#stretches = [{ from: done, to: done, state: newState() }];
  }

  /** Everything before this position has been delivered. */
  get done(): number {
    return this.oldest.to;
  }

  get oldest(): Stretch<State> {
    return this.#stretches[0] as Stretch<State>;
  }

  get newest(): Stretch<State> {
    return this.#stretches.at(-1) as Stretch<State>;
  }

  /** Where the backlog ends; undefined when there is none, so that oldest and newest are one. */
  get backlogEnd(): number | undefined {
    return this.#stretches[1]?.from;
  }

  /** Delivered ahead of the backlog, positions. */
  get ahead(): number {
    return this.#stretches.slice(1).reduce((sum, { from, to }) => sum + to - from, 0);
  }

  /** Live data goes on at `to`; what lies between becomes backlog. */
  leap(to: number): void {
    // One in which nothing has been delivered (the receiver is still away) says nothing.
    const isEmpty = this.newest.from === this.newest.to;
    if (this.backlogEnd !== undefined && (isEmpty || this.#stretches.length === mostStretches)) this.#stretches.pop();
    this.#stretches.push({ from: to, to, state: this.#newState() });
  }

  /** The stretch reaches up to `to`. The oldest one that meets the next is joined to it: nothing is missing between them any more. */
  advance(stretch: Stretch<State>, to: number): void {
    stretch.to = Math.max(stretch.to, to);
    while (this.backlogEnd !== undefined && this.oldest.to >= this.backlogEnd) this.#stretches.shift();
  }
}
