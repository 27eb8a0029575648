import type { Clock, Logger } from '@plantroom/contracts';
import { afterPoll } from './breaker.ts';
import { dueAfter, type Entry, earliestProbe, PollQueue, type PollTask, type Unit } from './poll-queue.ts';
import { planProbe, probeShare, savedAfter } from './probe-budget.ts';

/** `unsent`: nothing was asked of the unit (no connection), so it says nothing about the unit. */
export type PollOutcome = 'answered' | 'silent' | 'unsent';

export interface PollResult {
  outcome: PollOutcome;
  /** The device wants to be asked again after so long, within the period; the line is free until then. */
  againMs?: number;
}

export interface PollHow {
  /** The run that ended with `againMs` goes on. */
  again: boolean;
  /** The unit has been silent: one request is waited for so long, the rest follows only if it is answered. */
  probeMs: number | undefined;
}

export interface LineSchedulerOptions<Task extends PollTask> {
  tasks: readonly Task[];
  /** Runs one poll to its end; must not reject. Never called while another one runs. */
  poll(task: Task, how: PollHow): Promise<PollResult>;
  /** A unit has become silent (its tasks are no longer polled, only probed) or answers again. */
  onUnit?(unit: string, state: 'silent' | 'answers'): void;
  clock: Clock;
  logger: Logger;
}

export interface LineSchedulerStats {
  polls: number;
  /** Of these: requests to units that are silent. */
  probes: number;
  /** Due times that passed while the line was still busy; such polls are made up for once, not one by one. */
  overruns: number;
  /** Units that are silent at present. */
  openUnits: string[];
}

const tookWeight = 1 / 8;
/** A probe waits so much of its period for a gap between the polls of the others. */
const patience = 0.25;
/** A poll that takes this much longer than ever, right after a probe, was kept waiting by it. */
const heldFactor = 2;
const heldLeastMs = 20;

/** One physical line: however many devices share it, one poll at a time. */
export class LineScheduler<Task extends PollTask> {
  readonly #options: LineSchedulerOptions<Task>;
  readonly #queue = new PollQueue<Task>();
  #open: Unit<Task>[] = [];
  /** The unit whose shortened probe was the last thing on the line, and remained without an answer. */
  #lastProbed: Unit<Task> | undefined;
  #cancelTimer: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #started = false;
  #polls = 0;
  #probes = 0;
  #overruns = 0;

  constructor(options: LineSchedulerOptions<Task>) {
    this.#options = options;
  }

  start(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const task of this.#options.tasks) this.#queue.add(task, nowMs);
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
    return {
      polls: this.#polls,
      probes: this.#probes,
      overruns: this.#overruns,
      openUnits: this.#open.map(({ name }) => name),
    };
  }

  isSilent(unit: string): boolean {
    return this.#queue.units.get(unit)?.breaker.open === true;
  }

  /** The unit has answered something else (a write): it is polled again at once. */
  heard(unit: string): void {
    const known = this.#queue.units.get(unit);
    if (known === undefined || !known.breaker.open) return;
    this.#judge(known, 'answered');
    this.#next();
  }

  /** A connection stands: what could not be asked without one is asked now. */
  lineOpened(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const entry of this.#queue.entries) {
      if (entry.unsent) entry.dueMs = Math.min(entry.dueMs, nowMs);
      entry.unsent = false;
    }
    for (const unit of this.#open) unit.probeDueMs = Math.min(unit.probeDueMs, nowMs);
    this.#next();
  }

  #next(): void {
    if (!this.#started || this.#running !== undefined) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const nowMs = this.#options.clock.monotonicMs();
    const entry = this.#queue.first(nowMs);
    const probe = earliestProbe(this.#open);
    const entryMs = entry?.dueMs ?? Number.POSITIVE_INFINITY;
    const probeMs = probe === undefined ? Number.POSITIVE_INFINITY : this.#probeAt(probe, { entryMs, nowMs });
    if (probe !== undefined && probeMs <= nowMs) this.#running = this.#probe(probe, nowMs);
    else if (entry !== undefined && entryMs <= nowMs) this.#running = this.#run(entry, nowMs);
    else if (entry !== undefined || probe !== undefined) {
      this.#cancelTimer = this.#options.clock.after(Math.min(entryMs, probeMs) - nowMs, () => this.#next());
    }
  }

  /** When it goes out: into a gap that holds it, or when it has waited for one long enough. */
  #probeAt(unit: Unit<Task>, { entryMs, nowMs }: { entryMs: number; nowMs: number }): number {
    const atMs = Math.max(unit.probeDueMs, nowMs);
    if (entryMs >= atMs + this.#plan(unit).timeoutMs) return atMs;
    return Math.max(atMs, unit.probeDueMs + unit.first.task.periodMs * patience);
  }

  async #run(entry: Entry<Task>, startMs: number): Promise<void> {
    const { clock, poll } = this.#options;
    const { task, unit, dueMs } = entry;
    this.#polls += 1;
    entry.startedMs = startMs;
    // After the first silence the next attempts are short: three whole time-outs would cost the others too much.
    const isSuspect = unit.breaker.silences > 0 && task.slowestMs !== undefined;
    const probeMs = isSuspect ? this.#plan(unit).timeoutMs : undefined;
    const { outcome, againMs } = await poll(task, { again: entry.again, probeMs });
    const nowMs = clock.monotonicMs();
    this.#noteTook(entry, { outcome, tookMs: nowMs - startMs, again: entry.again || againMs !== undefined });
    entry.again = againMs !== undefined;
    entry.unsent = outcome === 'unsent';
    entry.dueMs = againMs === undefined ? this.#dueNext(entry, dueMs, nowMs) : nowMs + againMs;
    this.#lastProbed = outcome === 'silent' && isSuspect ? unit : undefined;
    this.#judge(unit, outcome);
    this.#running = undefined;
    this.#next();
  }

  async #probe(unit: Unit<Task>, startMs: number): Promise<void> {
    const { clock, poll } = this.#options;
    this.#polls += 1;
    this.#probes += 1;
    const ownShare = this.#ownShare();
    const plan = this.#plan(unit);
    const { task } = unit.first;
    unit.first.startedMs = startMs;
    unit.savedMs = savedAfter(unit.savedMs, { elapsedMs: startMs - unit.probedMs, ownShare });
    unit.probedMs = startMs;
    const isFull = unit.savedMs >= task.timeoutMs || plan.timeoutMs >= task.timeoutMs;
    if (isFull) unit.savedMs = 0;
    const { outcome } = await poll(task, { again: false, probeMs: isFull ? task.timeoutMs : plan.timeoutMs });
    const nowMs = clock.monotonicMs();
    this.#lastProbed = outcome === 'silent' && !isFull ? unit : undefined;
    unit.probeDueMs = Math.max(nowMs, startMs + (outcome === 'unsent' ? task.periodMs : plan.intervalMs));
    if (outcome === 'answered') unit.first.dueMs = dueAfter(unit.first, nowMs);
    this.#judge(unit, outcome, unit.first);
    this.#running = undefined;
    this.#next();
  }

  #noteTook(
    entry: Entry<Task>,
    { outcome, tookMs, again }: { outcome: PollOutcome; tookMs: number; again: boolean },
  ): void {
    const known = entry.tookMs;
    const probed = this.#lastProbed;
    if (probed !== undefined && probed !== entry.unit && known !== undefined) {
      const heldMs = tookMs - known;
      if (heldMs > known * (heldFactor - 1) + heldLeastMs) probed.heldMs = Math.max(probed.heldMs, heldMs);
    }
    if (outcome !== 'answered' || again) return;
    entry.tookMs = known === undefined ? tookMs : known + (tookMs - known) * tookWeight;
  }

  #dueNext(entry: Entry<Task>, dueMs: number, nowMs: number): number {
    const regular = dueAfter(entry, dueMs);
    if (regular > nowMs) return regular;
    const passed = Math.floor((nowMs - regular) / entry.task.periodMs) + 1;
    this.#overruns += passed;
    return regular + (passed - 1) * entry.task.periodMs;
  }

  /** `polled`: the entry that has just been polled, and need not be at once again. */
  #judge(unit: Unit<Task>, outcome: PollOutcome, polled?: Entry<Task>): void {
    if (outcome === 'unsent') return;
    const before = unit.breaker;
    unit.breaker = afterPoll(before, outcome);
    if (before.open === unit.breaker.open) return;
    const { logger, clock, onUnit } = this.#options;
    const nowMs = clock.monotonicMs();
    if (unit.breaker.open) {
      unit.probedMs = nowMs;
      unit.probeDueMs = nowMs + unit.first.task.periodMs;
      this.#open.push(unit);
      logger.warn({ unit: unit.name }, `unit ${unit.name} is silent: it is only probed until it answers`);
      onUnit?.(unit.name, 'silent');
      return;
    }
    const all = this.#open.length === this.#queue.units.size;
    this.#open = this.#open.filter((other) => other !== unit);
    unit.heldMs = 0;
    for (const entry of unit.entries) {
      entry.again = false;
      if (entry !== polled) entry.dueMs = nowMs;
    }
    // Where all were silent it was the line, and what mended it mended all.
    if (all) for (const other of this.#open) other.probeDueMs = nowMs;
    logger.info({ unit: unit.name }, `unit ${unit.name} answers again`);
    onUnit?.(unit.name, 'answers');
  }

  #plan(unit: Unit<Task>): ReturnType<typeof planProbe> {
    const { task } = unit.first;
    return planProbe(
      {
        periodMs: task.periodMs,
        timeoutMs: task.timeoutMs,
        slowestMs: task.slowestMs ?? this.#queue.slowestMs(),
        heldMs: unit.heldMs,
      },
      this.#ownShare(),
    );
  }

  #ownShare(): number {
    const silent = Math.max(1, this.#open.length);
    return probeShare(this.#queue.load(), silent) / silent;
  }
}
