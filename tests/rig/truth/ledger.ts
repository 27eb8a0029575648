import { type Fill, maxCounter, pointsOf, wordsOf } from '../registers.ts';
import type { RigRequest } from '../wire/frames.ts';
import type { RigDevice, Serving } from './serving.ts';

/** Everything that was ever served: the truth that stored values are held against. */
export class Ledger {
  readonly #servings = new Map<number, Serving>();
  readonly #counters = new Map<number, number>();
  /** Servings of zeros by device: their values say no counter. */
  readonly #zeros = new Map<number, Serving[]>();
  readonly #onSent: (serving: Serving) => void;

  constructor(onSent: (serving: Serving) => void = () => undefined) {
    this.#onSent = onSent;
  }

  /** Makes a reply of this device: a counter of its own, and the words. Undefined: the read touches a register that does not exist. */
  serve(
    device: RigDevice,
    request: Pick<RigRequest, 'code' | 'start' | 'count'>,
    about: Pick<Serving, 'mayStore' | 'turn' | 'fault' | 'requestedAtMs'> & { fill?: Fill },
  ): { serving: Serving; words: Uint16Array } | undefined {
    const counter = (this.#counters.get(device.index) ?? 0) + 1;
    if (counter > maxCounter) throw new Error(`device ${device.id} has been asked too often for its counter`);
    const { code, start, count } = request;
    const fill = about.fill ?? 'counter';
    const words = wordsOf(device.blocks, { device: device.index, code, start, count, counter, fill });
    if (words === undefined) return undefined;
    this.#counters.set(device.index, counter);
    const points = pointsOf(device.blocks, request);
    const { mayStore, turn, fault, requestedAtMs } = about;
    const own = { device, counter, code, start, count, points, fill, requestNumber: device.requests };
    const serving: Serving = { ...own, mayStore, turn, fault, requestedAtMs };
    return { serving, words };
  }

  /** Its last byte is on its way. */
  sent(serving: Serving, atMs: number): void {
    serving.sentAtMs = atMs;
    if (serving.fill === 'counter') this.#servings.set(keyOf(serving.device.index, serving.counter), serving);
    else if (serving.fill === 'zeros') listOf(this.#zeros, serving.device.index).push(serving);
    this.#onSent(serving);
  }

  find(device: number, counter: number): Serving | undefined {
    return this.#servings.get(keyOf(device, counter));
  }

  /** The last serving of zeros of this point not after `atMs`. */
  zerosBefore(device: number, point: number, atMs: number): Serving | undefined {
    return this.#zeros
      .get(device)
      ?.findLast((serving) => serving.points.includes(point) && (serving.sentAtMs ?? Number.POSITIVE_INFINITY) <= atMs);
  }

  /** What this device served around a time, in order, for the evidence. */
  around(device: number, atMs: number, withinMs: number): Serving[] {
    const counters = [...this.#servings.values(), ...(this.#zeros.get(device) ?? [])];
    return counters
      .filter((serving) => serving.device.index === device && Math.abs((serving.sentAtMs ?? 0) - atMs) <= withinMs)
      .sort((a, b) => (a.sentAtMs ?? 0) - (b.sentAtMs ?? 0));
  }

  get size(): number {
    return this.#servings.size;
  }
}

function keyOf(device: number, counter: number): number {
  return device * (maxCounter + 1) + counter;
}

function listOf<T>(lists: Map<number, T[]>, key: number): T[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const made: T[] = [];
  lists.set(key, made);
  return made;
}
