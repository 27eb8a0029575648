import type { Clock } from '@plantroom/contracts';

/** Losses are sent again within seconds; what is not whole after this is not catching up. */
const boundMs = 60_000;

/**
 * Whether the safety lane of a gateway of ours is behind: the gateway is heard, but nothing vouches for that lane. A gateway that is silent altogether
 * is another matter (`node-silence.ts`).
 */
export class LaneWatch {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #tell: (isBehind: boolean) => void;
  #vouchedMs: number;
  #heardMs: number;
  #isReported = false;
  #isBehind: boolean | null = null;

  constructor(clock: Pick<Clock, 'monotonicMs'>, tell: (isBehind: boolean) => void) {
    this.#clock = clock;
    this.#tell = tell;
    this.#vouchedMs = clock.monotonicMs();
    this.#heardMs = this.#vouchedMs;
  }

  /** Its time begins anew; whether it is behind is told with what comes. A node that does not report the lane is not watched. */
  born({ isReported }: { isReported: boolean }): void {
    this.#isReported = isReported;
    this.#vouchedMs = this.#clock.monotonicMs();
    this.#isBehind = null;
  }

  /** Of each message. */
  heard(): void {
    this.#heardMs = this.#clock.monotonicMs();
  }

  /** Everything of the lane has come, as the gateway counts it. */
  vouched(): void {
    this.#vouchedMs = this.#clock.monotonicMs();
    this.#set(false);
  }

  /** Call each second while the node is there. */
  tick(): void {
    if (this.#isReported && this.#heardMs - this.#vouchedMs >= boundMs) this.#set(true);
  }

  #set(isBehind: boolean): void {
    if (isBehind === this.#isBehind) return;
    this.#isBehind = isBehind;
    this.#tell(isBehind);
  }
}
