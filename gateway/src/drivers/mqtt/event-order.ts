import type { EventIdentity } from '@plantroom/device-profiles';
import { payloadPath } from '@plantroom/device-profiles';

/** Copies of one event come from several gateways within seconds; more are not in the air at once. */
const rememberedIds = 32;
/** The first frames of a counter that began anew; one of them may have been lost. */
const firstFrames = 1;

export type EventVerdict = 'new' | 'copy' | 'old';

/**
 * Tells a new event of one device from a copy and from the replay of an old one, which must never become a fresh value. A lower counter
 * is a replay, unless the session changed, the counter stands at its beginning, or the event before was low too and this one follows it:
 * then the device counts anew. The device's time decides nothing.
 */
export class EventOrder {
  readonly #id: ((payload: unknown) => unknown) | undefined;
  readonly #counter: ((payload: unknown) => unknown) | undefined;
  readonly #session: ((payload: unknown) => unknown) | undefined;
  readonly #ids: unknown[] = [];
  #last: number | undefined;
  /** Counter of a low event that was taken for a replay. */
  #low: number | undefined;
  #lastSession: unknown;

  constructor({ id, counter, session }: EventIdentity) {
    this.#id = id === undefined ? undefined : payloadPath(id);
    this.#counter = counter === undefined ? undefined : payloadPath(counter);
    this.#session = session === undefined ? undefined : payloadPath(session);
  }

  judge(payload: unknown): EventVerdict {
    const id = this.#id?.(payload);
    if (id !== undefined && id !== null) {
      if (this.#ids.includes(id)) return 'copy';
      this.#ids.push(id);
      if (this.#ids.length > rememberedIds) this.#ids.shift();
    }
    const counter = this.#counter?.(payload);
    if (typeof counter !== 'number') return 'new';
    const session = this.#session?.(payload);
    const sameSession = session === this.#lastSession;
    const last = this.#last;
    if (last === undefined || !sameSession || counter > last || this.#countsAnew(counter, last)) {
      this.#last = counter;
      this.#low = undefined;
      this.#lastSession = session;
      return 'new';
    }
    // The same number once more is a repeated transmission, whatever its id.
    if (counter === last) return 'copy';
    this.#low = counter;
    return 'old';
  }

  #countsAnew(counter: number, last: number): boolean {
    if (counter >= last) return false;
    return counter <= firstFrames || (this.#low !== undefined && counter > this.#low);
  }
}
