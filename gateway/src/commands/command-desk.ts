import {
  type Clock,
  type CommandOutcome,
  type CommandReason,
  type CommandValue,
  errorMessage,
  type Logger,
} from '@plantroom/contracts';
import { type EncodedWrite, lifeSafetyClasses, type PointBinding } from '@plantroom/device-profiles';
import type { WriteResult } from '../drivers/driver.ts';
import type { GatewayPoint, PointTable } from '../pipeline/point-table.ts';
import type { DeviceCommand } from './device-command.ts';
import { examineCommand, isRefusal, type SoundCommand } from './examine-command.ts';
import { failureWords } from './failure-words.ts';
import { type OnLive, ReadBack } from './read-back.ts';

/** What a reload of the configuration may change. */
export interface CommandRules {
  table: PointTable;
  /** Classes that may be written at all; an empty set: nothing is. */
  writableClasses: ReadonlySet<string>;
  /** How long, after what the device needs itself, the value wanted may take to be read back. Left out: 10 s. */
  verifyMs?: number;
  /** Older commands are not obeyed. Left out: 30 s. */
  maxAgeMs?: number;
}

export interface CommandDeskOptions extends CommandRules {
  /** To the driver of the device. */
  write(device: string, binding: PointBinding, request: EncodedWrite): Promise<WriteResult>;
  onLive: OnLive;
  clock: Clock;
  logger: Logger;
}

export interface CommandDeskStats {
  running: number;
  taken: number;
  refused: number;
  /** Ends by state. */
  verified: number;
  unverified: number;
  timedOut: number;
  failed: number;
}

const defaultVerifyMs = 10_000;
const defaultMaxAgeMs = 30_000;
/** Commands under way, over all points. */
const maxRunning = 64;
/** Ids whose end is remembered; those forgotten are older than any command that would still be obeyed. */
const maxKnown = 1000;
/** A line that has not written by then is told of, whatever it does later. */
const maxWriteMs = 30_000;

interface End {
  state: 'verified' | 'unverified' | 'timed-out' | 'failed';
  reason: CommandReason | null;
  message: string | null;
  readBack: CommandValue | null;
}

/**
 * The one way from a host to a device's outputs: examines, writes, waits until what is read back agrees, and says what came of it.
 * One command at a time a point; the same id again gives the same outcome, never a second write.
 */
export class CommandDesk {
  readonly #o: CommandDeskOptions;
  readonly #openedMs: number;
  #rules: CommandRules;
  /** Null: still under way. */
  readonly #known = new Map<string, CommandOutcome | null>();
  /** By point id. */
  readonly #running = new Map<string, { readBack: ReadBack; concluded: Promise<void> }>();
  readonly #listeners = new Set<(outcome: CommandOutcome) => void>();
  readonly #stats = { taken: 0, refused: 0, verified: 0, unverified: 0, timedOut: 0, failed: 0 };
  #last: CommandOutcome | undefined;
  #stopping = false;

  constructor(options: CommandDeskOptions) {
    this.#o = options;
    this.#rules = options;
    this.#openedMs = options.clock.nowMs();
  }

  /** Whether a command for this point has any prospect, so that births may say so. */
  writable({ binding }: GatewayPoint): boolean {
    return (
      binding.write !== undefined &&
      this.#rules.writableClasses.has(binding.class) &&
      !lifeSafetyClasses.has(binding.class)
    );
  }

  get anyWritable(): boolean {
    return this.#rules.table.points.some((point) => this.writable(point));
  }

  /** The last end of a command; undefined before the first. */
  get last(): CommandOutcome | undefined {
    return this.#last;
  }

  onOutcome(listener: (outcome: CommandOutcome) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  take(command: DeviceCommand): void {
    const id = command.id ?? idOf(command);
    const known = this.#known.get(id);
    if (known !== undefined) {
      this.#o.logger.info({ command: id }, 'the command is known already and not carried out again');
      if (known !== null) this.#tell(known);
      return;
    }
    const { clock } = this.#o;
    const { table, writableClasses, maxAgeMs = defaultMaxAgeMs } = this.#rules;
    const examined = examineCommand(command, {
      table,
      writableClasses,
      nowMs: clock.nowMs(),
      openedMs: this.#openedMs,
      maxAgeMs,
    });
    if (isRefusal(examined)) this.#refuse(id, examined);
    else if (this.#stopping)
      this.#refuse(id, { ...examined, reason: 'gateway-offline', message: 'the gateway is stopping' });
    else if (this.#running.has(examined.point.id))
      this.#refuse(id, {
        ...examined,
        reason: 'busy',
        message: `another command for "${examined.point.id}" is under way`,
      });
    else if (this.#running.size >= maxRunning)
      this.#refuse(id, {
        ...examined,
        reason: 'too-many',
        message: `${maxRunning} commands are under way, no more are taken`,
      });
    else this.#begin(id, examined);
  }

  stats(): CommandDeskStats {
    return { running: this.#running.size, ...this.#stats };
  }

  /**
   * Commands are examined by these from now on. What is under way goes on, unless its point can no longer be written: then it ends with what
   * has been read back so far.
   */
  change(rules: CommandRules): void {
    this.#rules = rules;
    for (const [id, { readBack }] of this.#running) {
      const point = rules.table.byId.get(id);
      if (point === undefined || !this.writable(point))
        readBack.giveUp('a reload of the configuration has taken the point out');
    }
  }

  /** What is under way ends with what has been read back so far; a write that is on the line may take its time, the drivers' stop ends it. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const running = [...this.#running.values()];
    for (const { readBack } of running) readBack.giveUp('the gateway was stopped');
    await Promise.all(running.map(({ concluded }) => concluded));
  }

  #begin(id: string, command: SoundCommand): void {
    const { point, write, value } = command;
    const { onLive, clock, logger } = this.#o;
    this.#stats.taken++;
    this.#remember(id, null);
    logger.info({ command: id, point: point.id, device: point.device, value }, 'command: writing');
    const readBack = new ReadBack({
      point: point.id,
      agrees: (heard) => write.agrees(value, heard),
      onLive,
      clock,
      countsBeforeWritten: point.binding.at.protocol === 'mqtt',
    });
    const writing = this.#write(command);
    const concluded = this.#carryOut(id, command, { readBack, writing }).then((end) => {
      readBack.end();
      this.#end(id, point, end);
    });
    this.#running.set(point.id, { readBack, concluded });
    // A write that hangs on its line keeps the point: a later one must not be overtaken by it.
    void Promise.all([writing, concluded]).then(() => this.#running.delete(point.id));
  }

  async #carryOut(
    id: string,
    { point, write }: SoundCommand,
    { readBack, writing }: { readBack: ReadBack; writing: Promise<WriteResult> },
  ): Promise<End> {
    const result = await this.#inTime(writing);
    const withinMs = write.settleMs + (this.#rules.verifyMs ?? defaultVerifyMs);
    if (result === 'late') return { state: 'timed-out', ...late, readBack: null };
    if (result.kind === 'failed') {
      const { reason, message, unsure } = failureWords(result.failure);
      // Whether it was taken, the next value tells.
      const seen = unsure ? await readBack.afterWrite(withinMs) : { agreed: false, value: null };
      if (seen.agreed) return { state: 'verified', reason: null, message: null, readBack: seen.value };
      return { state: 'failed', reason, message, readBack: seen.value };
    }
    this.#tell({
      id,
      point: point.id,
      state: 'accepted',
      reason: null,
      message: null,
      readBack: null,
      atMs: this.#o.clock.nowMs(),
      withinMs,
    });
    const { agreed, value, ended } = await readBack.afterWrite(withinMs);
    if (agreed) return { state: 'verified', reason: null, message: null, readBack: value };
    const seconds = Math.round(withinMs / 1000);
    return value === null
      ? {
          state: 'timed-out',
          reason: 'no-read-back',
          message: `the device took it, but ${ended === undefined ? `nothing was read back within ${seconds} s` : `${ended} before anything was read back`}`,
          readBack: null,
        }
      : {
          state: 'unverified',
          reason: 'read-back-differs',
          message: `the device took it, but reads ${JSON.stringify(value)} ${ended === undefined ? `after ${seconds} s` : `, and ${ended}`}`,
          readBack: value,
        };
  }

  async #write({ point, binding, request }: SoundCommand): Promise<WriteResult> {
    try {
      return await this.#o.write(point.device, binding, request);
    } catch (error) {
      return { kind: 'failed', failure: { kind: 'connection', message: errorMessage(error) } };
    }
  }

  async #inTime(writing: Promise<WriteResult>): Promise<WriteResult | 'late'> {
    let cancel = (): void => undefined;
    const tooLate = new Promise<'late'>((resolve) => {
      cancel = this.#o.clock.after(maxWriteMs, () => resolve('late'));
    });
    const result = await Promise.race([writing, tooLate]);
    cancel();
    return result;
  }

  #end(id: string, point: GatewayPoint, end: End): void {
    this.#stats[end.state === 'timed-out' ? 'timedOut' : end.state]++;
    const outcome: CommandOutcome = { id, point: point.id, ...end, atMs: this.#o.clock.nowMs() };
    const level = end.state === 'verified' ? 'info' : 'warn';
    this.#o.logger[level](
      { command: id, point: point.id, state: end.state, readBack: end.readBack },
      `command: ${end.state}${end.message === null ? '' : `: ${end.message}`}`,
    );
    this.#conclude(outcome);
  }

  #refuse(
    id: string,
    { point, reason, message }: { point: GatewayPoint | null; reason: CommandReason; message: string },
  ): void {
    this.#stats.refused++;
    this.#o.logger.warn({ command: id, point: point?.id, reason }, `command refused: ${message}`);
    this.#conclude({
      id,
      point: point?.id ?? null,
      state: 'refused',
      reason,
      message: message.slice(0, 1000),
      readBack: null,
      atMs: this.#o.clock.nowMs(),
    });
  }

  #conclude(outcome: CommandOutcome): void {
    this.#remember(outcome.id, outcome);
    this.#last = outcome;
    this.#tell(outcome);
  }

  #remember(id: string, outcome: CommandOutcome | null): void {
    this.#known.delete(id);
    this.#known.set(id, outcome);
    if (this.#known.size <= maxKnown) return;
    for (const [oldest, held] of this.#known) {
      if (held === null) continue;
      this.#known.delete(oldest);
      break;
    }
  }

  #tell(outcome: CommandOutcome): void {
    for (const listener of this.#listeners) listener(outcome);
  }
}

const late = {
  reason: 'no-answer',
  message: `the line has not written within ${maxWriteMs / 1000} s; whether it still will is not known`,
} as const;

/** A host without ids: its own time tells one command from the next. */
function idOf({ device, alias, name, sentMs }: DeviceCommand): string {
  return `${device}/${name ?? alias ?? '?'}@${sentMs ?? '?'}`.slice(0, 200);
}
