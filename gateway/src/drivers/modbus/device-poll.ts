import type { Clock, Logger } from '@plantroom/contracts';
import type { PollTask } from '../../polling/poll-queue.ts';
import type { PollHow, PollResult } from '../../polling/scheduler.ts';
import type { DriverSink, ReadFailure } from '../driver.ts';
import { BlockMemory } from './block-memory.ts';
import { exceptionCode, saysLater, saysUnitIsSilent } from './exceptions.ts';
import type { ExchangeStats } from './exchange-stats.ts';
import { Gatherings } from './gathering.ts';
import type { DeviceTiming } from './line-settings.ts';
import type { ExchangeResult, ModbusClient } from './modbus-client.ts';
import type { ModbusDevice } from './modbus-device.ts';
import { PollLog } from './poll-log.ts';
import { type PollBlock, type PollClass, planPoll, shorterReads } from './poll-plan.ts';
import { readRequest } from './read-request.ts';
import { Refusals, type RefusedInRun } from './refusals.ts';
import type { ReadRequest } from './request.ts';

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
  answered: boolean;
  /** Something came that was no refusal. */
  read: boolean;
  silent: boolean;
  /** Something was not asked, because the answer to another request could pass for its own. */
  heldBack: boolean;
  /** Nothing more is asked: no connection, or a unit that has said nothing. */
  over: boolean;
  refused: RefusedInRun;
  lastFailure: ReadFailure | undefined;
  startedMs: number;
  /** Blocks for which the device asked to come back later, and how often it did. */
  later: PollBlock[];
  times: number;
}

interface Asking {
  client: ModbusClient;
  run: Run;
  how: PollHow;
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
  readonly #gatherings = new Gatherings();
  readonly #requests = new WeakMap<PollBlock, ReadRequest>();
  readonly #refusals: Refusals;
  readonly #isEmpty: boolean;
  readonly #log: PollLog;
  /**
   * The block that a run begins with: one that did not answer, once more, because on a line without ids an answer that comes after everything
   * else is over would be taken for that of another block of this size; if it is silent twice, the one behind it; else the first.
   */
  #first: PollBlock | undefined;
  /** The block that was silent, until it answers or has been asked once more. */
  #silentOnce: PollBlock | undefined;
  /** Read with what may have been its earlier answer: not asked again until that is clear, or the others would wait for ever. */
  #unclear: PollBlock | undefined;
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
    this.#refusals = new Refusals(this.#memory, options.stats);
    this.#log = new PollLog(device, options.logger);
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
    if (!how.again && this.#waiting !== undefined) this.#conclude(this.#waiting);
    const run = (how.again ? this.#waiting : undefined) ?? this.#begin(sink, nowMs);
    this.#waiting = undefined;
    run.answered = false;
    run.over = false;
    let order = run.later.length > 0 ? run.later.splice(0) : this.#order(nowMs, how);
    const [first] = order;
    if (first !== undefined && !this.#isClear(first, { client, run, how }))
      order = await this.#inStep(order, { client, run, how });
    for (; order.length > 0; order = this.#instead(run)) await this.#ask(order, { client, run, how });
    const againMs = this.#againMs(run);
    if (againMs === undefined) this.#end(run);
    else this.#waiting = run;
    sink.settled(device.id, clock.nowMs());
    if (run.answered) return againMs === undefined ? { outcome: 'answered' } : { outcome: 'answered', againMs };
    return { outcome: run.silent ? 'silent' : 'unsent' };
  }

  #begin(sink: DriverSink, nowMs: number): Run {
    this.#gatherings.begin();
    return {
      sink,
      answered: false,
      read: false,
      silent: false,
      heldBack: false,
      over: false,
      refused: this.#refusals.begin(),
      lastFailure: undefined,
      startedMs: nowMs,
      later: [],
      times: 0,
    };
  }

  #isClear(block: PollBlock, { client, run, how }: Asking): boolean {
    return client.confusion(this.#requestFor(block, { run, how })) === 'none';
  }

  /**
   * A late answer could pass for that of the first request: begins with a read whose answer nothing else can be: another block
   * that is due, or the beginning of one. Answers what is left to ask.
   */
  async #inStep(order: PollBlock[], asking: Asking): Promise<PollBlock[]> {
    const { device } = this.#options;
    const { client, run, how } = asking;
    const isClear = (block: PollBlock): boolean => this.#isClear(block, asking);
    const clear = order.find(isClear);
    if (clear !== undefined) return [clear, ...order.filter((block) => block !== clear)];
    for (const block of order) {
      const short = shorterReads(block, device.profile).find(isClear);
      if (short === undefined) continue;
      const result = await client.read(this.#requestFor(short, { run, how }));
      this.#options.stats.record(result);
      if (result.ok) run.read = true;
      // Silence is that of the block: nothing else of the unit is asked then.
      if (!result.ok && isSilence(result))
        this.#missed(block, result, { run, order: order.filter((other) => other !== block) });
      else run.answered = true;
      return run.over ? [] : order;
    }
    return order;
  }

  async #ask(order: PollBlock[], { client, run, how }: Asking): Promise<void> {
    const { clock } = this.#options;
    let unclear: PollBlock | undefined;
    for (let block = order.shift(); block !== undefined; block = order.shift()) {
      const request = this.#requestFor(block, { run, how });
      const confusion = client.confusion(request);
      // It would be held back until nothing late can come any more, and the whole line with it.
      if (confusion === 'another' || (confusion === 'itself' && block === this.#unclear)) {
        run.heldBack = true;
        this.#fail(block, { kind: 'timeout' }, { run, atMs: clock.nowMs() });
        continue;
      }
      const result = await client.read(request);
      this.#options.stats.record(result);
      if (result.ok && confusion === 'itself') unclear = block;
      if (result.ok) {
        request.before = result.values;
        this.#deliver(block, result, run);
      } else this.#missed(block, result, { run, order });
    }
    if (unclear !== undefined && run.heldBack) this.#unclear = unclear;
  }

  #requestFor(block: PollBlock, { run, how }: Pick<Asking, 'run' | 'how'>): ReadRequest {
    const { device, timing } = this.#options;
    // A probe is short until something has come.
    const timeoutMs = run.answered ? undefined : how.probeMs;
    if (timeoutMs !== undefined) return readRequest(device, block, { ...timing, timeoutMs });
    const known = this.#requests.get(block);
    if (known !== undefined) return known;
    const request = readRequest(device, block, timing);
    this.#requests.set(block, request);
    return request;
  }

  /** What to ask in the place of what was refused. */
  #instead(run: Run): PollBlock[] {
    const { clock } = this.#options;
    const nowMs = clock.monotonicMs();
    if (run.over || run.refused.pending.length === 0) {
      this.#failRefused(run.refused.pending.splice(0), run);
      return [];
    }
    const { order, leaves } = this.#refusals.instead(run.refused, { read: run.read, nowMs });
    this.#failRefused(leaves, run);
    return order;
  }

  #failRefused(blocks: readonly PollBlock[], run: Run): void {
    const failure: ReadFailure = { kind: 'exception', code: exceptionCode.illegalAddress };
    for (const block of blocks) this.#fail(block, failure, { run, atMs: this.#options.clock.nowMs() });
  }

  #order(nowMs: number, how: PollHow): PollBlock[] {
    let due = this.#memory.due(nowMs);
    // The smallest block costs the line least, and its answer says as much.
    const first = this.#first;
    // A unit of which nothing is due says whether it is there all the same.
    if (how.probeMs !== undefined && due.length === 0) due = this.#memory.whole();
    if (how.probeMs !== undefined)
      return due.sort((a, b) => a.count - b.count || Number(b === first) - Number(a === first));
    const from = first === undefined ? -1 : due.indexOf(first);
    return from <= 0 ? due : [...due.slice(from), ...due.slice(0, from)];
  }

  #deliver(block: PollBlock, result: { values: Uint16Array; atMs: number }, run: Run): void {
    const { device } = this.#options;
    run.answered = true;
    run.read = true;
    if (block === this.#silentOnce) this.#silentOnce = undefined;
    if (block === this.#unclear) this.#unclear = undefined;
    this.#log.learned(block, this.#memory.answered(block));
    this.#log.read(block);
    this.#gatherings.take(block, result, (binding, words, atMs) => run.sink.raw(device.id, binding, words, atMs));
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
      run.refused.pending.push(block);
      return;
    }
    this.#memory.otherwise(block);
    if (code !== undefined && saysLater(code) && run.times < mostTimesLater) {
      run.answered = true;
      run.later.push(block);
      return;
    }
    this.#log.failed(block, failure);
    this.#fail(block, failure, { run, atMs });
    const gone = isSilence(result) && failure.kind !== 'connection';
    if (waited) {
      const again = block === this.#silentOnce;
      this.#first = again ? order[0] : block;
      this.#silentOnce = again ? undefined : block;
    }
    if (gone) run.silent = true;
    // It may have cost the connection, which is everybody's: a unit of which only that comes is asked as rarely as a silent one.
    else if (spoilsTheLine(result)) run.silent = true;
    else if (failure.kind !== 'connection') run.answered = true;
    // A unit that has said nothing yet is not asked for the rest: each block would cost the line another time-out.
    if ((gone && !run.answered) || failure.kind === 'connection') {
      run.over = true;
      for (const rest of order.splice(0)) {
        this.#memory.otherwise(rest);
        this.#fail(rest, failure, { run, atMs });
      }
    }
  }

  #fail(block: PollBlock, failure: ReadFailure, { run, atMs }: { run: Run; atMs: number }): void {
    run.lastFailure = failure;
    const bindings = this.#gatherings.miss(block);
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
      this.#log.failed(block, failure);
      this.#fail(block, failure, { run, atMs: clock.nowMs() });
    }
    return undefined;
  }

  #end(run: Run): void {
    const { device, clock } = this.#options;
    const { sink, lastFailure, answered, silent } = run;
    const incomplete = this.#gatherings.incomplete();
    if (incomplete.length > 0) sink.failed(device.id, incomplete, lastFailure ?? { kind: 'timeout' }, clock.nowMs());
    this.#conclude(run);
    if (answered && !silent) this.#log.answers();
  }

  /** What the refusals of a run were about. */
  #conclude({ refused, read }: Run): void {
    const nowMs = this.#options.clock.monotonicMs();
    const { everything, news } = this.#refusals.conclude(refused, { read, nowMs });
    for (const { block, news: about, parts } of news) this.#log.learned(block, about, parts);
    if (everything) this.#log.refusesAll();
    else if (read) this.#log.refusesNotAll();
  }
}

/** The unit has said nothing, or could not be asked. */
function isSilence({ failure, waited }: ExchangeResult & { ok: false }): boolean {
  return waited || failure.kind === 'connection' || (failure.kind === 'exception' && saysUnitIsSilent(failure.code));
}

/** Nonsense, or a connection that ended in the middle of the exchange. */
function spoilsTheLine({ failure, waited, sent }: ExchangeResult & { ok: false }): boolean {
  return (failure.kind === 'malformed' && !waited) || (failure.kind === 'connection' && sent);
}
