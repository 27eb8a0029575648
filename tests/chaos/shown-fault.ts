import type { Delivery } from './unit-account.ts';

/** How many times its alarm has to be raised. */
export type Expected = 'one' | 'none' | 'at most one';

interface Shown {
  count: number;
  atMs: number;
}

/** Polls come at a distance, and some time passes between device and gateway: what is over so long before the delay is over for both. */
const marginMs = 500;

/** One fault as the gateway was shown it, poll by poll: the device's own account of what there was to be seen. */
export class ShownFault {
  readonly #set: Shown[] = [];
  #cleared: Shown | undefined;

  shown(isSet: boolean, at: Shown): void {
    if (isSet) this.#set.push(at);
    else if (this.#set.length > 0) this.#cleared ??= at;
  }

  /** Of a fault that has passed. `deliveries` of the polls that showed it; `delayMs`: how long it must stand. */
  expects(deliveries: ReadonlyMap<number, Delivery>, delayMs: number): Expected {
    const [first] = this.#set;
    if (first === undefined) return 'none';
    const isProven = ({ count }: Shown): boolean => deliveries.get(count) === 'proven';
    if (delayMs === 0) return this.#set.some(isProven) ? 'one' : 'at most one';
    const cleared = this.#cleared;
    // Where polls are missing in between nobody but the device knows how long it stood.
    const isSeenToPass = cleared !== undefined && isProven(cleared) && this.#set.every(isProven);
    return isSeenToPass && cleared.atMs - first.atMs < delayMs - marginMs ? 'none' : 'at most one';
  }
}
