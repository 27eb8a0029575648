import type { StoredLane } from '../../outbox/outbox.ts';

/** So many readings are not left unreported until the next second. Smaller polls are: a report costs as much as one of them. */
const reportAfter = 500;

/** Whether the host is to be told how far the gateway has come: when that is asked for, after safety readings, and after many others. */
export class OwedReport {
  #isAsked = false;
  #readings = 0;

  get isDue(): boolean {
    return this.#isAsked || this.#readings >= reportAfter;
  }

  ask(): void {
    this.#isAsked = true;
  }

  sent(lane: StoredLane, readings: number): void {
    this.#readings += lane === 'safety' ? reportAfter : readings;
  }

  told(): void {
    this.#isAsked = false;
    this.#readings = 0;
  }
}
