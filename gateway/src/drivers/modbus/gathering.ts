import {
  areRuns,
  type BlockContents,
  contentsIn,
  copyRun,
  isRun,
  isSameAnswer,
  type Scattered,
  wordsOfRun,
} from './block-contents.ts';
import type { ModbusBinding } from './modbus-device.ts';
import { type PollBlock, partsOf, wordsOf } from './poll-plan.ts';

/**
 * Values of one poll, out of its blocks. Most answers say what the one before said: the same words are then given as the very same array,
 * and nothing is gathered anew. Values whose words lie in several places are complete when all have come in the same run.
 */
export class Gatherings {
  readonly #contents = new WeakMap<PollBlock, BlockContents>();
  readonly #scattered = new Map<ModbusBinding, Scattered>();
  #run = 0;
  /** Values begun in this run that are not complete. */
  #open = 0;

  /** A new run: what was not complete in the one before is forgotten. */
  begin(): void {
    this.#run += 1;
    this.#open = 0;
  }

  /** Gives each value of a block that is complete with it. The words are never changed afterwards. */
  take(
    block: PollBlock,
    { values, atMs }: { values: Uint16Array; atMs: number },
    give: (binding: ModbusBinding, words: ArrayLike<number>, atMs: number) => void,
  ): void {
    const contents = this.#contentsOf(block);
    const isSame = contents.last !== undefined && isSameAnswer(values, contents.last);
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
        if (areRuns(values, given, runs)) part.agreesWith = given;
        else scattered.words = given.slice();
      }
      const { words } = scattered;
      if (words !== undefined) for (const run of runs) copyRun(values, words, run);
      scattered.missing -= count;
      if (atMs > scattered.atMs) scattered.atMs = atMs;
      if (scattered.missing > 0) continue;
      this.#open -= 1;
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
    if (this.#open === 0) return [];
    const begun = [...this.#scattered.values()].filter(({ run, missing }) => run === this.#run && missing > 0);
    return begun.map(({ binding }) => binding);
  }

  #begun(scattered: Scattered): void {
    if (scattered.run === this.#run && scattered.missing > 0) return;
    this.#open += 1;
    scattered.run = this.#run;
    scattered.missing = scattered.places;
    scattered.atMs = 0;
    scattered.words = scattered.given === undefined ? new Uint16Array(wordsOf(scattered.binding)) : undefined;
  }

  #contentsOf(block: PollBlock): BlockContents {
    let contents = this.#contents.get(block);
    if (contents !== undefined) return contents;
    contents = contentsIn(block, (binding) => {
      const known = this.#scattered.get(binding);
      if (known !== undefined) return known;
      const places = partsOf(binding);
      const made: Scattered = { binding, places, given: undefined, words: undefined, run: 0, missing: 0, atMs: 0 };
      this.#scattered.set(binding, made);
      return made;
    });
    this.#contents.set(block, contents);
    return contents;
  }
}
