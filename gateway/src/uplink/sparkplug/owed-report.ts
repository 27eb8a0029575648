import type { StoredLane } from '../../outbox/outbox.ts';

/** So many readings are not left unreported until the next second. Smaller polls are: a report costs as much as one of them. */
const reportAfter = 500;

/** Whether the host is to be told how far the gateway has come: when that is asked for, after safety readings, and after many others. */
export class OwedReport {
  #isAsked = false;
  #readings = 0;
  #standsAlone = false;

  get isDue(): boolean {
    return this.#isAsked || this.isLong;
  }

  /** Whether what was sent is to be told before anything is sent behind it. A few readings need that only where they stand alone. */
  get isDueBetween(): boolean {
    return this.#standsAlone || this.isLong;
  }

  /** More was sent than a few polls. */
  get isLong(): boolean {
    return this.#readings >= reportAfter;
  }

  ask(): void {
    this.#isAsked = true;
  }

  /**
   * `standsAlone`: history, part of a backlog, or ahead of one. The host takes a report to be of one stretch, and gives late readings on when it
   * is told of them.
   */
  sent(lane: StoredLane, readings: number, { standsAlone }: { standsAlone: boolean }): void {
    this.#readings += lane === 'safety' ? reportAfter : readings;
    this.#standsAlone ||= standsAlone;
  }

  told(): void {
    this.#readings = 0;
    this.#standsAlone = false;
  }

  /** What is told now is what was asked for: nothing is left to send. */
  answered(): void {
    this.#isAsked = false;
  }
}
