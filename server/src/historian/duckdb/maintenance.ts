import { type Clock, errorMessage, type Logger } from '@plantroom/contracts';
import type { Expired, Retention } from '../retention.ts';
import { compactDay } from './compact-day.ts';
import type { DayView } from './day-map.ts';
import { dayMs, dayName, dayOf, minuteMs } from './days.ts';
import type { DuckDbStore } from './duckdb-store.ts';

const everyMs = 10 * minuteMs;
/** A day is closed so long after its end: gateways that were away for a while send the rest of it first. */
const graceMs = 60 * minuteMs;
/** Late samples that trickle in for so many rounds are taken in though more may come. */
const mostRounds = 144;

export interface MaintenanceStats {
  /** Since start. */
  compactedDays: number;
  failures: number;
}

export interface MaintenanceOptions {
  store: DuckDbStore;
  /** Null: nothing is removed. */
  retention: Retention | null;
  classOf: (point: string) => string | null;
  clock: Clock;
  logger: Logger;
  /** See CompactOptions. */
  chunkSamples?: number;
}

/** In the background: closed days are compacted, late samples taken in, and what has expired is removed. */
export class Maintenance {
  readonly #options: MaintenanceOptions;
  /** Rows of late samples at the last round, by day, and for how many rounds they have been waiting. */
  readonly #late = new Map<number, { rows: number; rounds: number }>();
  #cancel: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();
  #rounds: Promise<void> = Promise.resolve();
  #stopped = false;
  #qualityRows = 0;
  #stats: MaintenanceStats = { compactedDays: 0, failures: 0 };
  #trouble: string | null = null;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopped = false;
    this.#schedule();
  }

  /** When the day that is being compacted is finished. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running;
  }

  /** When no round is running any more, and the next is on the clock. */
  async settled(): Promise<void> {
    await this.#rounds;
  }

  stats(): MaintenanceStats {
    return { ...this.#stats };
  }

  /** Why the last round did not do all that was due; null: it did. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** One round now, after the one that may be running. With `settled` late samples are not waited for. */
  run({ settled = false } = {}): Promise<void> {
    const run = this.#running.then(() => this.#round(settled));
    this.#running = run.catch(() => undefined);
    return run;
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#cancel = this.#options.clock.after(everyMs, () => {
      this.#rounds = this.run()
        .catch(() => undefined)
        .finally(() => this.#schedule());
    });
  }

  async #round(settled: boolean): Promise<void> {
    const { store, logger } = this.#options;
    let trouble: string | null = null;
    for (const view of store.days.all()) {
      if (this.#stopped && !settled) return;
      try {
        if (await this.#isDue(view, settled)) await this.#compact(view.day);
      } catch (error) {
        this.#stats.failures++;
        trouble = `${dayName(view.day)} is not compacted; trying again: ${errorMessage(error)}`;
        this.#trouble = trouble;
        logger.error({ day: dayName(view.day) }, trouble);
        if (settled) throw error;
      }
    }
    await this.#sortQuality();
    this.#trouble = trouble;
  }

  async #compact(day: number): Promise<void> {
    const { store, clock, logger, retention, classOf, chunkSamples } = this.#options;
    const began = clock.monotonicMs();
    const ageDays = dayOf(clock.nowMs()) - day;
    const names = new Map(store.points.entries().map(([point, { id }]) => [id, point]));
    const nothing: Expired = { raw: false, minute: false, hour: false };
    await compactDay({
      store,
      day,
      expired: (point) => retention?.expired(classOf(names.get(point) ?? ''), ageDays) ?? nothing,
      signature: retention?.signature(ageDays) ?? '',
      ...(chunkSamples === undefined ? {} : { chunkSamples }),
    });
    this.#late.delete(day);
    this.#stats.compactedDays++;
    logger.info({ day: dayName(day), ms: Math.round(clock.monotonicMs() - began) }, 'day compacted');
  }

  async #isDue(view: DayView, settled: boolean): Promise<boolean> {
    const { store, clock, retention } = this.#options;
    const { day, segment, hot } = view;
    if ((day + 1) * dayMs + graceMs > clock.nowMs()) return false;
    if (hot.length > 0) return settled || segment === null || (await this.#isQuiet(view));
    const signature = retention?.signature(dayOf(clock.nowMs()) - day) ?? '';
    if (segment === null) return false;
    // What is gone does not come back: without retention a segment stays as it is.
    if (segment.expired === null && signature !== '') await store.files.attach([segment]);
    return signature !== '' && segment.expired !== signature;
  }

  async #isQuiet({ day, hot }: DayView): Promise<boolean> {
    const rows = await this.#options.store.count(hot.map(({ name }) => name));
    const before = this.#late.get(day);
    this.#late.set(day, { rows, rounds: (before?.rounds ?? 0) + 1 });
    return before?.rows === rows || (before?.rounds ?? 0) >= mostRounds;
  }

  async #sortQuality(): Promise<void> {
    const { store } = this.#options;
    const rows = await store.count(['quality']);
    // A tenth more since: then it is worth writing all of it anew.
    if (rows <= this.#qualityRows * 1.1 + 1000) return;
    await store.sortQuality();
    this.#qualityRows = await store.count(['quality']);
  }
}
