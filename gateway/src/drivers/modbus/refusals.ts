import type { BlockMemory, BlockNews } from './block-memory.ts';
import type { ExchangeStats } from './exchange-stats.ts';
import type { PollBlock } from './poll-plan.ts';

/** So many polls in which everything was refused may be a device that restarts; it is then looked for what is left of it. */
const pollsUntilSearch = 3;
const firstSearchAgainMs = 60_000;
const lastSearchAgainMs = 60 * 60_000;

/** What one run of a poll was refused. */
export interface RefusedInRun {
  /** Not yet asked in parts. */
  pending: PollBlock[];
  all: PollBlock[];
  parts: Map<PollBlock, PollBlock[]>;
  isSearch: boolean;
}

/** What the refusals of a run have come to. */
export interface Verdict {
  /** The device refused whatever it was asked: that says nothing about any block. */
  everything: boolean;
  news: { block: PollBlock; news: BlockNews; parts: readonly PollBlock[] }[];
}

/**
 * What exception 2 (illegal address) means: about a block when the device answers others, and about nothing but the device's state when
 * it refuses everything (it restarts, or the gateway before it does): such a device is asked for its blocks as before, so that it is back
 * with its first answer, and only now and then searched for values of which blocks with new holes keep it.
 */
export class Refusals {
  readonly memory: BlockMemory;
  readonly #stats: ExchangeStats;
  #wasRead = false;
  /** Reads of the device, of all its polls, at the end of the last run that was refused everything. */
  #readsThen: number | undefined;
  #runsInARow = 0;
  #searchAgainMs = 0;
  #searchPauseMs = 0;

  constructor(memory: BlockMemory, stats: ExchangeStats) {
    this.memory = memory;
    this.#stats = stats;
  }

  begin(): RefusedInRun {
    return { pending: [], all: [], parts: new Map(), isSearch: false };
  }

  /** When everything else has been asked: what to read in the place of what was refused, in the same run. `leaves`: refused for good. */
  instead(
    run: RefusedInRun,
    { read, nowMs }: { read: boolean; nowMs: number },
  ): { order: PollBlock[]; leaves: PollBlock[] } {
    const pending = run.pending.splice(0);
    run.all.push(...pending);
    if (!run.isSearch && !this.#isAboutBlocks(read)) {
      if (!this.#isSearchDue(nowMs)) return { order: [], leaves: pending };
      run.isSearch = true;
    }
    const order: PollBlock[] = [];
    const leaves: PollBlock[] = [];
    for (const block of pending) {
      const parts = this.memory.instead(block, nowMs);
      run.parts.set(block, parts);
      if (parts.length === 0) leaves.push(block);
      else order.push(...parts);
    }
    return { order, leaves };
  }

  /** At the end of the run. */
  conclude(run: RefusedInRun, { read, nowMs }: { read: boolean; nowMs: number }): Verdict {
    const verdict: Verdict = { everything: false, news: [] };
    if (read) {
      this.#wasRead = true;
      this.#runsInARow = 0;
      this.#searchAgainMs = 0;
      this.#searchPauseMs = 0;
    }
    if (run.all.length === 0) return verdict;
    if (this.#isAboutBlocks(read)) {
      for (const block of run.all) {
        const parts = run.parts.get(block);
        // What was neither split nor beyond splitting was refused before the device was known to answer at all.
        if (parts === undefined) continue;
        const news = this.memory.confirmed(block, nowMs);
        if (news !== undefined) verdict.news.push({ block, news, parts });
      }
    } else {
      verdict.everything = true;
      this.#runsInARow += 1;
      for (const block of run.all) this.memory.unfounded(block);
      if (run.isSearch) this.#searchAgainMs = nowMs + this.#pauseLonger();
    }
    this.#readsThen = read ? undefined : this.#stats.reads;
    return verdict;
  }

  #isAboutBlocks(read: boolean): boolean {
    return read || (this.#readsThen !== undefined && this.#stats.reads > this.#readsThen);
  }

  #isSearchDue(nowMs: number): boolean {
    return nowMs >= this.#searchAgainMs && (!this.#wasRead || this.#runsInARow >= pollsUntilSearch);
  }

  #pauseLonger(): number {
    this.#searchPauseMs =
      this.#searchPauseMs === 0 ? firstSearchAgainMs : Math.min(this.#searchPauseMs * 2, lastSearchAgainMs);
    return this.#searchPauseMs;
  }
}
