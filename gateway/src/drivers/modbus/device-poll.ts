import type { Clock, Logger } from '@plantroom/contracts';
import type { PollHow, PollResult, PollTask } from '../../polling/scheduler.ts';
import type { DriverSink, ReadFailure } from '../driver.ts';
import { BlockMemory, type BlockNews } from './block-memory.ts';
import { exceptionCode, failureInWords, saysLater, saysUnitIsSilent } from './exceptions.ts';
import type { ExchangeStats } from './exchange-stats.ts';
import { Gatherings } from './gathering.ts';
import type { DeviceTiming } from './line-settings.ts';
import type { ExchangeResult, ModbusClient } from './modbus-client.ts';
import type { ModbusBinding, ModbusDevice } from './modbus-device.ts';
import { type PollBlock, type PollClass, planPoll } from './poll-plan.ts';
import { readRequest } from './read-request.ts';

export interface DevicePollOptions {
  device: ModbusDevice;
  poll: PollClass;
  timing: DeviceTiming;
  /** Of the device, shared by its polls. */
  stats: ExchangeStats;
  clock: Clock;
  logger: Logger;
}

/** What one run of a poll has come to so far. */
interface Run {
  sink: DriverSink;
  gatherings: Gatherings;
  answered: boolean;
  silent: boolean;
  lastFailure: ReadFailure | undefined;
  startedMs: number;
  /** Blocks for which the device asked to come back later, and how often it did. */
  later: PollBlock[];
  times: number;
}

/** A busy device is asked again within the period, ever more slowly, and so often at most. */
const firstLaterMs = 250;
const mostTimesLater = 3;
const shareOfPeriod = 0.8;

/** One poll class of one device: the blocks to read, and what was learned of them. */
export class DevicePoll implements PollTask {
  readonly key: string;
  readonly unit: string;
  readonly periodMs: number;
  readonly #options: DevicePollOptions;
  readonly #memory: BlockMemory;
  readonly #isEmpty: boolean;
  /** What was said of a block, so that it is said once. */
  readonly #said = new Map<PollBlock, string>();
  #silenceSaid = false;
  /**
   * The block that a run begins with: one that did not answer, once more, because on a line without ids an answer that comes after everything
   * else is over would be taken for that of another block of this size; if it is silent twice, the one behind it; else the first.
   */
  #first: PollBlock | undefined;
  /** The block that was silent, until it answers or has been asked once more. */
  #silentOnce: PollBlock | undefined;
  /** A run that waits for a busy device. */
  #waiting: Run | undefined;

  constructor(options: DevicePollOptions) {
    const { device, poll } = options;
    this.key = `${device.id}/${poll}`;
    this.unit = String(device.unitId);
    this.periodMs = device.pollMs[poll];
    this.#options = options;
    const { blocks } = planPoll(device, poll);
    this.#isEmpty = blocks.length === 0;
    this.#memory = new BlockMemory(blocks, device.profile);
  }

  get device(): ModbusDevice {
    return this.#options.device;
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  get timeoutMs(): number {
    return this.#options.timing.timeoutMs;
  }

  get slowestMs(): number | undefined {
    return this.#options.stats.slowestMs;
  }

  /** Reads every block once, gives what came to the sink, and ends with `settled`. */
  async run(client: ModbusClient, sink: DriverSink, how: PollHow): Promise<PollResult> {
    const { device, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const run = (how.again ? this.#waiting : undefined) ?? newRun(sink, nowMs);
    this.#waiting = undefined;
    const order = run.later.length > 0 ? run.later.splice(0) : this.#order(nowMs, how);
    run.answered = false;
    for (let block = order.shift(); block !== undefined; block = order.shift()) {
      const asked = block;
      // A probe is short until something has come.
      const timeoutMs = run.answered ? undefined : how.probeMs;
      const result = await client.read(
        readRequest(device, asked, { ...this.#options.timing, ...(timeoutMs === undefined ? {} : { timeoutMs }) }),
      );
      this.#options.stats.record(result);
      if (result.ok) this.#deliver(asked, result, run);
      else this.#missed(asked, result, { run, order });
    }
    const againMs = this.#againMs(run);
    if (againMs === undefined) this.#end(run);
    else this.#waiting = run;
    sink.settled(device.id, clock.nowMs());
    if (run.answered) return againMs === undefined ? { outcome: 'answered' } : { outcome: 'answered', againMs };
    return { outcome: run.silent ? 'silent' : 'unsent' };
  }

  #order(nowMs: number, how: PollHow): PollBlock[] {
    const due = this.#memory.due(nowMs);
    // The smallest block costs the line least, and its answer says as much.
    const first = this.#first;
    if (how.probeMs !== undefined)
      return due.sort((a, b) => a.count - b.count || Number(b === first) - Number(a === first));
    const from = first === undefined ? -1 : due.indexOf(first);
    return from <= 0 ? due : [...due.slice(from), ...due.slice(0, from)];
  }

  #deliver(block: PollBlock, result: { values: Uint16Array; atMs: number }, run: Run): void {
    const { device } = this.#options;
    run.answered = true;
    if (block === this.#silentOnce) this.#silentOnce = undefined;
    this.#tell(this.#memory.answered(block), block);
    this.#forgetSaid(block);
    run.gatherings.take(block, result, (binding, words, atMs) => run.sink.raw(device.id, binding, words, atMs));
  }

  #missed(
    block: PollBlock,
    result: ExchangeResult & { ok: false },
    { run, order }: { run: Run; order: PollBlock[] },
  ): void {
    const { failure, atMs, waited } = result;
    const code = failure.kind === 'exception' ? failure.code : undefined;
    if (code === exceptionCode.illegalAddress) {
      run.answered = true;
      const { instead, news } = this.#memory.refused(block, this.#options.clock.monotonicMs());
      this.#tell(news, block, instead);
      order.unshift(...instead);
      if (instead.length > 0) return;
      if (!this.#memory.isUnsupported(block)) this.#say(block, failure);
      this.#fail(block, failure, { run, atMs });
      return;
    }
    this.#memory.otherwise(block);
    if (code !== undefined && saysLater(code) && run.times < mostTimesLater) {
      run.answered = true;
      run.later.push(block);
      return;
    }
    this.#say(block, failure);
    this.#fail(block, failure, { run, atMs });
    const gone = waited || (code !== undefined && saysUnitIsSilent(code));
    if (waited) {
      const again = block === this.#silentOnce;
      this.#first = again ? order[0] : block;
      this.#silentOnce = again ? undefined : block;
    }
    if (gone) run.silent = true;
    else if (failure.kind !== 'connection') run.answered = true;
    // A unit that has said nothing yet is not asked for the rest: each block would cost the line another time-out.
    if ((gone && !run.answered) || failure.kind === 'connection') {
      for (const rest of order.splice(0)) this.#fail(rest, failure, { run, atMs });
    }
  }

  #fail(block: PollBlock, failure: ReadFailure, { run, atMs }: { run: Run; atMs: number }): void {
    run.lastFailure = failure;
    const bindings = run.gatherings.miss(block);
    if (bindings.length > 0) run.sink.failed(this.#options.device.id, bindings, failure, atMs);
  }

  /** When to ask a busy device again; undefined when nothing waits, or the period is over. */
  #againMs(run: Run): number | undefined {
    if (run.later.length === 0) return undefined;
    const { clock } = this.#options;
    const againMs = firstLaterMs * 2 ** run.times;
    run.times += 1;
    const overMs = run.startedMs + this.periodMs * shareOfPeriod;
    if (clock.monotonicMs() + againMs <= overMs) return againMs;
    for (const block of run.later.splice(0)) {
      const failure: ReadFailure = { kind: 'exception', code: exceptionCode.busy };
      this.#say(block, failure);
      this.#fail(block, failure, { run, atMs: clock.nowMs() });
    }
    return undefined;
  }

  #end({ gatherings, sink, lastFailure, answered, silent }: Run): void {
    const { device, clock, logger } = this.#options;
    const incomplete = gatherings.incomplete();
    if (incomplete.length > 0) sink.failed(device.id, incomplete, lastFailure ?? { kind: 'timeout' }, clock.nowMs());
    if (!this.#silenceSaid || !answered || silent) return;
    this.#silenceSaid = false;
    logger.info({ device: device.id }, `device ${device.id} answers again`);
  }

  /** Says a failure once, until it changes or is over. */
  #say(block: PollBlock, failure: ReadFailure): void {
    // The connection's loss is told by the line itself, once for all its devices.
    if (failure.kind === 'connection') return;
    const { device, logger } = this.#options;
    if (failure.kind === 'timeout') {
      if (this.#silenceSaid) return;
      this.#silenceSaid = true;
    } else {
      const complaint = `${failure.kind}${failure.kind === 'exception' ? ` ${failure.code}` : ''}`;
      if (this.#said.get(block) === complaint) return;
      this.#said.set(block, complaint);
    }
    logger.warn(
      { device: device.id, unit: device.unitId, failure },
      `device ${device.id}, ${placeOf(block)}: ${failureInWords(failure)}`,
    );
  }

  #forgetSaid(block: PollBlock): void {
    if (this.#said.size === 0 || !this.#said.delete(block)) return;
    const { device, logger } = this.#options;
    logger.info({ device: device.id }, `device ${device.id}, ${placeOf(block)}: read again`);
  }

  #tell(news: BlockNews, block: PollBlock, instead: readonly PollBlock[] = []): void {
    if (news === undefined) return;
    const { device, logger } = this.#options;
    const points = pointsOf(block).join(', ');
    const words = {
      split: `cannot be read in one, split into ${instead.map((part) => `${part.start}+${part.count}`).join(', ')}`,
      whole: 'can be read in one again',
      unsupported: `${points} refused again and again (exception 2): the device does not have it at present, asked every 5 minutes`,
      supported: `${points} is there again`,
    }[news];
    const level = news === 'unsupported' ? 'warn' : 'info';
    logger[level]({ device: device.id, unit: device.unitId }, `device ${device.id}, ${placeOf(block)}: ${words}`);
  }
}

function newRun(sink: DriverSink, startedMs: number): Run {
  return {
    sink,
    gatherings: new Gatherings(),
    answered: false,
    silent: false,
    lastFailure: undefined,
    startedMs,
    later: [],
    times: 0,
  };
}

function placeOf({ table, start, count }: PollBlock): string {
  return `${table} ${start}+${count}`;
}

function pointsOf({ slots }: PollBlock): string[] {
  return [...new Set(slots.map(({ binding }: { binding: ModbusBinding }) => `${binding.equipment}/${binding.point}`))];
}
