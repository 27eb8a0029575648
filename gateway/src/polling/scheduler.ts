import type { Clock, Logger } from '@plantroom/contracts';
import { afterPoll, type BreakerOptions, type BreakerState, closedBreaker, defaultBreaker, mayAsk } from './breaker.ts';
import { phaseOf } from './phase.ts';

/** One poll class of one device. */
export interface PollTask {
  /** Unique on the line; its hash places the poll within the period. */
  key: string;
  /** Tasks of one unit share a breaker. */
  unit: string;
  periodMs: number;
}

/** `unsent`: nothing was asked of the unit (no connection), so it says nothing about the unit. */
export type PollOutcome = 'answered' | 'silent' | 'unsent';

export interface LineSchedulerOptions<Task extends PollTask> {
  tasks: readonly Task[];
  /** Runs one poll to its end; must not reject. Never called while another one runs. */
  poll(task: Task): Promise<PollOutcome>;
  clock: Clock;
  logger: Logger;
  /** Left out: defaultBreaker. */
  breaker?: BreakerOptions;
}

export interface LineSchedulerStats {
  polls: number;
  /** Due times that passed while the line was still busy; such polls are made up for once, not one by one. */
  overruns: number;
  /** Due times let pass because the unit is silent. */
  skipped: number;
  /** Units not asked at present. */
  openUnits: string[];
}

interface Entry<Task> {
  task: Task;
  /** Monotonic ms. */
  dueMs: number;
  anchorMs: number;
}

/** First polls are spread over this, even when the period is minutes: a start shows values soon. */
const startSpreadMs = 1000;

/** One physical line: however many devices share it, one poll at a time, the longest due first. */
export class LineScheduler<Task extends PollTask> {
  readonly #options: LineSchedulerOptions<Task>;
  readonly #breaker: BreakerOptions;
  #entries: Entry<Task>[] = [];
  readonly #units = new Map<string, BreakerState>();
  #cancelTimer: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #started = false;
  #polls = 0;
  #overruns = 0;
  #skipped = 0;

  constructor(options: LineSchedulerOptions<Task>) {
    this.#options = options;
    this.#breaker = options.breaker ?? defaultBreaker;
  }

  start(): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#entries = this.#options.tasks.map((task) => {
      const phase = phaseOf(task.key);
      return {
        task,
        // Whole milliseconds, so that counting periods is exact.
        dueMs: Math.round(nowMs + phase * Math.min(task.periodMs, startSpreadMs)),
        anchorMs: Math.round(nowMs + phase * task.periodMs),
      };
    });
    this.#started = true;
    this.#next();
  }

  /** Resolves when the poll that runs has ended. */
  async stop(): Promise<void> {
    this.#started = false;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    await this.#running;
  }

  stats(): LineSchedulerStats {
    const openUnits = [...this.#units].filter(([, state]) => state.backoffMs > 0).map(([unit]) => unit);
    return { polls: this.#polls, overruns: this.#overruns, skipped: this.#skipped, openUnits };
  }

  #next(): void {
    if (!this.#started || this.#running !== undefined) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const { clock } = this.#options;
    for (let entry = this.#earliest(); entry !== undefined; entry = this.#earliest()) {
      const nowMs = clock.monotonicMs();
      if (entry.dueMs > nowMs) {
        this.#cancelTimer = clock.after(entry.dueMs - nowMs, () => this.#next());
        return;
      }
      if (mayAsk(this.#units.get(entry.task.unit) ?? closedBreaker, nowMs)) {
        this.#running = this.#run(entry);
        return;
      }
      this.#skipped += 1;
      entry.dueMs = dueAfter(entry, nowMs);
    }
  }

  async #run(entry: Entry<Task>): Promise<void> {
    const { clock, poll } = this.#options;
    const dueMs = entry.dueMs;
    this.#polls += 1;
    const outcome = await poll(entry.task);
    const nowMs = clock.monotonicMs();
    this.#judge(entry.task.unit, outcome, nowMs);
    const regular = dueAfter(entry, dueMs);
    if (regular <= nowMs) {
      const passed = Math.floor((nowMs - regular) / entry.task.periodMs) + 1;
      this.#overruns += passed;
      entry.dueMs = regular + (passed - 1) * entry.task.periodMs;
    } else {
      entry.dueMs = regular;
    }
    this.#running = undefined;
    this.#next();
  }

  #judge(unit: string, outcome: PollOutcome, nowMs: number): void {
    if (outcome === 'unsent') return;
    const before = this.#units.get(unit) ?? closedBreaker;
    const after = afterPoll(before, outcome, { nowMs, options: this.#breaker });
    this.#units.set(unit, after);
    const { logger } = this.#options;
    if (before.backoffMs === 0 && after.backoffMs > 0) {
      logger.warn({ unit, silences: after.silences }, `unit ${unit} is silent: asked again in ${after.backoffMs} ms`);
    } else if (before.backoffMs > 0 && after.backoffMs === 0) {
      logger.info({ unit, silences: before.silences }, `unit ${unit} answers again`);
    }
  }

  #earliest(): Entry<Task> | undefined {
    let first: Entry<Task> | undefined;
    for (const entry of this.#entries) if (first === undefined || entry.dueMs < first.dueMs) first = entry;
    return first;
  }
}

/** The first time of the task's grid after `afterMs`. */
function dueAfter({ task, anchorMs }: { task: PollTask; anchorMs: number }, afterMs: number): number {
  return anchorMs + (Math.floor((afterMs - anchorMs) / task.periodMs) + 1) * task.periodMs;
}
