import { type BlockContents, contentsIn, copyRun, isRun, type Scattered, wordsOfRun } from './block-contents.ts';
import type { ModbusBinding } from './modbus-device.ts';
import { type PollBlock, partsOf, wordsOf } from './poll-plan.ts';

/**
 * Values of one poll, out of its blocks. Most answers say what the one before said: the same words are then given as the very same array,
 * and nothing is gathered anew. Values whose words lie in several places are complete when all have come in the same run.
 */
export class Gatherings {
  readonly #contents = new WeakMap<PollBlock, BlockContents>();
  readonly #scattered = new Map<ModbusBinding, Scattered>();
  readonly #open = new Set<Scattered>();

  /** A new run: what was not complete in the one before is forgotten. */
  begin(): void {
    this.#open.clear();
  }

  /** Gives each value of a block that is complete with it. The words are never changed afterwards. */
  take(
    block: PollBlock,
    { values, atMs }: { values: Uint16Array; atMs: number },
    give: (binding: ModbusBinding, words: ArrayLike<number>, atMs: number) => void,
  ): void {
    const contents = this.#contentsOf(block);
    const isSame =
      contents.last !== undefined && isRun(values, contents.last, { from: 0, length: values.length, offset: 0 });
    if (!isSame) contents.last = values;
    for (const place of contents.whole) {
      if (place.words === undefined || (!isSame && !isRun(values, place.words, place)))
        place.words = wordsOfRun(values, place);
      give(place.binding, place.words, atMs);
    }
    for (const part of contents.parts) {
      const { scattered, runs, count } = part;
      this.#begun(scattered);
      const { given } = scattered;
      if (!isSame) part.agreesWith = undefined;
      const agrees = isSame && part.agreesWith === given;
      if (scattered.words === undefined && !agrees && given !== undefined) {
        if (runs.every((run) => isRun(values, given, run))) part.agreesWith = given;
        else scattered.words = given.slice();
      }
      const { words } = scattered;
      if (words !== undefined) for (const run of runs) copyRun(values, words, run);
      scattered.missing -= count;
      if (atMs > scattered.atMs) scattered.atMs = atMs;
      if (scattered.missing > 0) continue;
      this.#open.delete(scattered);
      const complete = words ?? given;
      if (complete === undefined) continue;
      scattered.given = complete;
      give(scattered.binding, complete, scattered.atMs);
    }
  }

  /** Notes that the block does not come; answers the bindings that lie in it alone. */
  miss(block: PollBlock): ModbusBinding[] {
    const { whole: alone, parts } = this.#contentsOf(block);
    for (const { scattered } of parts) this.#begun(scattered);
    return alone.map(({ binding }) => binding);
  }

  /** Bindings of which something is missing. */
  incomplete(): ModbusBinding[] {
    return [...this.#open].map(({ binding }) => binding);
  }

  #begun(scattered: Scattered): void {
    if (this.#open.has(scattered)) return;
    this.#open.add(scattered);
    scattered.missing = partsOf(scattered.binding);
    scattered.atMs = 0;
    scattered.words = scattered.given === undefined ? new Uint16Array(wordsOf(scattered.binding)) : undefined;
  }

  #contentsOf(block: PollBlock): BlockContents {
    let contents = this.#contents.get(block);
    if (contents !== undefined) return contents;
    contents = contentsIn(block, (binding) => {
      const known = this.#scattered.get(binding);
      if (known !== undefined) return known;
      const made: Scattered = { binding, given: undefined, words: undefined, missing: 0, atMs: 0 };
      this.#scattered.set(binding, made);
      return made;
    });
    this.#contents.set(block, contents);
    return contents;
  }
}
