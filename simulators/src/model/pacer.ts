import { type Clock, PlantroomError } from '@plantroom/contracts';
import { type BuildingRunner, motionStepMs } from './building-runner.ts';
import type { BuildingTime } from './building-time.ts';

export interface Pace {
  /** Times faster than the wall clock that is wanted; 0: the building stands still. */
  rate: number;
  /** That it has come to in the last seconds. */
  achieved: number;
  /** The processor cannot keep up with the rate. */
  behind: boolean;
}

export const mostRate = 3600;
/** Between two turns of steps, so that devices are answered in between. */
const turnMs = 20;
/** Share of the time that steps may take. */
const busyShare = 0.7;
/** What could not be made up for is let go of beyond so many turns. */
const turnsOwed = 10;
const windowMs = 5000;
const behindShare = 0.9;

export interface PacerOptions {
  runner: BuildingRunner;
  time: BuildingTime;
  /** The wall clock. */
  clock: Clock;
}

/** Steps the model as fast as is wanted, or as the processor allows; the steps stay as long as ever. */
export class Pacer {
  readonly #options: PacerOptions;
  #rate = 1;
  #running = false;
  #cancel: () => void = () => undefined;
  #lastMs = 0;
  #owedMs = 0;
  /** When this window began, and how far the building has come in it. */
  #window = { beganMs: 0, steppedMs: 0 };
  #achieved = 1;

  constructor(options: PacerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = true;
    this.#go();
  }

  stop(): void {
    this.#running = false;
    this.#halt();
  }

  /** Throws RATE_INVALID. */
  setRate(rate: number): void {
    if (!Number.isFinite(rate) || rate < 0 || rate > mostRate)
      throw new PlantroomError('RATE_INVALID', `rate is ${rate}; allowed: 0 (pause) to ${mostRate}`);
    if (this.#running) this.#halt();
    this.#rate = rate;
    this.#achieved = rate;
    if (this.#running) this.#go();
  }

  pace(): Pace {
    return {
      rate: this.#rate,
      achieved: this.#achieved,
      behind: this.#rate > 0 && this.#achieved < this.#rate * behindShare,
    };
  }

  #go(): void {
    const { runner, time, clock } = this.#options;
    if (this.#rate === 1) {
      runner.start();
      return;
    }
    time.hold();
    if (this.#rate === 0) return;
    this.#lastMs = clock.monotonicMs();
    this.#owedMs = 0;
    this.#window = { beganMs: this.#lastMs, steppedMs: 0 };
    this.#later();
  }

  #halt(): void {
    this.#cancel();
    if (this.#rate === 1) this.#options.runner.stop();
    else this.#options.time.release();
  }

  #later(): void {
    const { clock } = this.#options;
    this.#cancel = clock.after(Math.max(turnMs, motionStepMs / Math.max(this.#rate, 1)), () => {
      this.#turn();
      this.#later();
    });
  }

  #turn(): void {
    const { runner, time, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    this.#owedMs += (nowMs - this.#lastMs) * this.#rate;
    const untilMs = nowMs + Math.max(turnMs, nowMs - this.#lastMs) * busyShare;
    this.#lastMs = nowMs;
    while (this.#owedMs >= motionStepMs && clock.monotonicMs() <= untilMs) {
      time.advance(motionStepMs);
      runner.step();
      this.#owedMs -= motionStepMs;
      this.#window.steppedMs += motionStepMs;
    }
    this.#owedMs = Math.min(this.#owedMs, Math.max(motionStepMs, turnMs * this.#rate) * turnsOwed);
    this.#measure(nowMs);
  }

  #measure(nowMs: number): void {
    const { beganMs, steppedMs } = this.#window;
    if (nowMs - beganMs < windowMs) return;
    // At low rates a window holds a step more or less than its share.
    const achieved = steppedMs / (nowMs - beganMs);
    this.#achieved = Math.abs(achieved - this.#rate) * (nowMs - beganMs) <= motionStepMs ? this.#rate : achieved;
    this.#window = { beganMs: nowMs, steppedMs: 0 };
  }
}
