import type { Clock } from '@plantroom/contracts';

/** How time passes on a line: by itself, or as fast as everything has been said. */
export interface LineTime {
  readonly clock: Clock;
  advance(ms: number): Promise<void>;
  /** Lets time pass until the promise is settled, and answers as it does. */
  until<T>(promise: Promise<T>): Promise<T>;
  /** Time does not go on while this says so: what is under way and shows on no wire. */
  waitWhile(isBusy: () => boolean): void;
}
