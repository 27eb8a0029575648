import { type BreakerState, closedBreaker } from './breaker.ts';
import { phaseOf } from './phase.ts';

/** One poll class of one device. */
export interface PollTask {
  /** Unique on the line; its hash places the poll within the period. */
  readonly key: string;
  /** Tasks of one unit share a breaker. */
  readonly unit: string;
  readonly periodMs: number;
  /** What an answer may take. */
  readonly timeoutMs: number;
  /** The longest that an answer of its device took lately; undefined: none has come yet. */
  readonly slowestMs: number | undefined;
}

/** All times are monotonic ms. */
export interface Entry<Task> {
  task: Task;
  unit: Unit<Task>;
  dueMs: number;
  anchorMs: number;
  /** When its last poll began; before the first one, a period before that was due. */
  startedMs: number;
  again: boolean;
  /** Its last poll found no connection. */
  unsent: boolean;
  /** What a poll that is answered takes; undefined: not known yet. */
  tookMs: number | undefined;
}

export interface Unit<Task> {
  name: string;
  entries: Entry<Task>[];
  /** The one with the shortest period. */
  first: Entry<Task>;
  breaker: BreakerState;
  probeDueMs: number;
  probedMs: number;
  savedMs: number;
  heldMs: number;
}

/** First polls are spread over this, even when the period is minutes: a start shows values soon. */
const startSpreadMs = 1000;
/** A busy device is asked again ahead of polls that are late by less than this many periods. */
const againWaited = 2;

/** What is to be polled on one line, and which of it is next. */
export class PollQueue<Task extends PollTask> {
  readonly entries: Entry<Task>[] = [];
  readonly units = new Map<string, Unit<Task>>();

  add(task: Task, nowMs: number): void {
    const phase = phaseOf(task.key);
    const known = this.units.get(task.unit);
    // Whole milliseconds, so that counting periods is exact.
    const dueMs = Math.round(nowMs + phase * Math.min(task.periodMs, startSpreadMs));
    const entry = {
      task,
      dueMs,
      startedMs: dueMs - task.periodMs,
      anchorMs: Math.round(nowMs + phase * task.periodMs),
      again: false,
      unsent: false,
      tookMs: undefined,
    } as Entry<Task>;
    const unit: Unit<Task> = known ?? {
      name: task.unit,
      entries: [],
      first: entry,
      breaker: closedBreaker,
      probeDueMs: 0,
      probedMs: nowMs,
      savedMs: 0,
      heldMs: 0,
    };
    entry.unit = unit;
    unit.entries.push(entry);
    if (task.periodMs < unit.first.task.periodMs) unit.first = entry;
    this.units.set(task.unit, unit);
    this.entries.push(entry);
  }

  /**
   * Of those that are due the one that has waited for the most of its period, else the one that is due first. A line that is too slow
   * then loses the same share of every poll; by due time alone it is always the same few that come too late.
   */
  first(nowMs: number): Entry<Task> | undefined {
    let first: Entry<Task> | undefined;
    let firstWaited = 0;
    for (const entry of this.entries) {
      if (entry.unit.breaker.open) continue;
      if (entry.dueMs > nowMs) {
        if (first === undefined || (first.dueMs > nowMs && entry.dueMs < first.dueMs)) first = entry;
        continue;
      }
      const waited = entry.again ? againWaited : (nowMs - entry.startedMs) / entry.task.periodMs;
      if (first !== undefined && first.dueMs <= nowMs && waited <= firstWaited) continue;
      first = entry;
      firstWaited = waited;
    }
    return first;
  }

  /** The share of the line's time that the units which answer take. */
  load(): number {
    let load = 0;
    for (const { unit, tookMs, task } of this.entries) if (!unit.breaker.open) load += (tookMs ?? 0) / task.periodMs;
    return load;
  }

  /** The longest that an answer on this line took lately, ms. */
  slowestMs(): number | undefined {
    let slowest: number | undefined;
    for (const { task } of this.entries) {
      if (task.slowestMs !== undefined) slowest = Math.max(slowest ?? 0, task.slowestMs);
    }
    return slowest;
  }
}

export function earliestProbe<Task>(open: readonly Unit<Task>[]): Unit<Task> | undefined {
  let first: Unit<Task> | undefined;
  for (const unit of open) if (first === undefined || unit.probeDueMs < first.probeDueMs) first = unit;
  return first;
}

/** The first time of the task's grid after `afterMs`. */
export function dueAfter({ task, anchorMs }: { task: PollTask; anchorMs: number }, afterMs: number): number {
  return anchorMs + (Math.floor((afterMs - anchorMs) / task.periodMs) + 1) * task.periodMs;
}
