import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Backtest, type BacktestRequest, type Clock, errorMessage, type Logger } from '@plantroom/contracts';
import type { Historian } from '../historian/historian.ts';
import { ResultBuilder } from './backtest-result.ts';
import { localDays } from './local-days.ts';
import { QueryReader } from './query-reader.ts';
import { runBacktest } from './run-backtest.ts';
import { type AlarmSources, BacktestRefusal, type SelectedAlarm, selectAlarms } from './select-alarms.ts';

const dayMs = 86_400_000;
const mostDays = 400;
/** Runs at once; further ones wait their turn. */
const mostRunning = 2;
/** Users whose last result is kept. */
const mostKept = 50;

export interface BacktestOptions {
  historian: Historian;
  sources: () => AlarmSources;
  /** By whose days occurrences are counted. */
  timeZoneOf: (alarm: string) => string;
  clock: Clock;
  logger: Logger;
}

interface Run {
  id: string;
  user: string;
  request: BacktestRequest;
  startedMs: number;
  state: Backtest['state'];
  progress: number;
  result: Backtest['result'];
  error: string | null;
  abort: AbortController;
  ended: Promise<void>;
}

/** Runs backtests in small pieces between everything else: one for each user, of which the last is kept in memory. */
export class BacktestService {
  readonly #options: BacktestOptions;
  /** By user; those that were used last come last. */
  readonly #runs = new Map<string, Run>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: BacktestOptions) {
    this.#options = options;
  }

  /** Begins one, in the place of the user's former one. Throws BacktestRefusal. */
  start(user: string, request: BacktestRequest): Run {
    const { from, to } = request;
    if (to <= from) throw new BacktestRefusal('to', `to (${to}) must be after from (${from})`);
    if (to - from > mostDays * dayMs) {
      throw new BacktestRefusal(
        'to',
        `the range has ${Math.ceil((to - from) / dayMs)} days, at most ${mostDays} are tried`,
      );
    }
    const selected = selectAlarms(request, this.#options.sources());
    this.#runs.get(user)?.abort.abort();
    const run: Run = {
      id: randomUUID(),
      user,
      request,
      startedMs: this.#options.clock.nowMs(),
      state: 'running',
      progress: 0,
      result: null,
      error: null,
      abort: new AbortController(),
      ended: Promise.resolve(),
    };
    this.#keep(run);
    run.ended = this.#go(run, selected);
    return run;
  }

  /** Undefined: there is none of this id, or it has given way to a later one. */
  find(user: string, id: string): Run | undefined {
    const run = this.#runs.get(user);
    return run?.id === id ? run : undefined;
  }

  cancel(run: Run): void {
    run.abort.abort();
  }

  /** Ends what runs. */
  async stop(): Promise<void> {
    const runs = [...this.#runs.values()];
    for (const run of runs) run.abort.abort();
    await Promise.all(runs.map(({ ended }) => ended));
  }

  view({ id, state, progress, startedMs, request, result, error }: Run): Backtest {
    return { id, state, progress, startedMs, request, result, error };
  }

  #keep(run: Run): void {
    this.#runs.delete(run.user);
    this.#runs.set(run.user, run);
    for (const [user, { state }] of this.#runs) {
      if (this.#runs.size <= mostKept) return;
      if (state !== 'running') this.#runs.delete(user);
    }
  }

  async #go(run: Run, selected: readonly SelectedAlarm[]): Promise<void> {
    await this.#turn();
    try {
      run.result = await this.#result(run, selected);
      run.progress = 1;
      run.state = 'done';
    } catch (error) {
      run.state = run.abort.signal.aborted ? 'cancelled' : 'failed';
      if (run.state === 'cancelled') return;
      run.error = errorMessage(error);
      this.#options.logger.error({ err: error }, 'a backtest failed');
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running >= mostRunning) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
  }

  async #result(run: Run, selected: readonly SelectedAlarm[]): Promise<NonNullable<Backtest['result']>> {
    const { historian, clock, timeZoneOf } = this.#options;
    const { signal } = run.abort;
    signal.throwIfAborted();
    const beganMs = clock.monotonicMs();
    const { from, to } = run.request;
    const days = localDays(from, to, timeZoneOf(selected[0]?.id ?? ''));
    const builder = new ResultBuilder(selected);
    const reader = (await historian.reader?.()) ?? new QueryReader(historian);
    try {
      const told = await runBacktest({
        reader,
        alarms: selected.flatMap(({ tried }) => tried ?? []),
        range: { fromMs: from, toMs: to },
        days,
        endMs: Math.min(to, Math.max(from, clock.nowMs())),
        pause: async (progress) => {
          run.progress = Math.max(run.progress, progress);
          await nextTurn();
          signal.throwIfAborted();
        },
        take: (outcome) => builder.take(outcome),
      });
      const tookMs = Math.round(clock.monotonicMs() - beganMs);
      return builder.result({ from, to, days, minutes: told.minutes, sampledMinutes: told.sampled, tookMs });
    } finally {
      reader.close();
    }
  }
}
