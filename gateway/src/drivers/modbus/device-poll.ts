import type { Clock, Logger } from '@plantroom/contracts';
import type { PollOutcome, PollTask } from '../../polling/scheduler.ts';
import type { DriverSink, ReadFailure } from '../driver.ts';
import { exceptionCode, exceptionMeaning, saysUnitIsSilent } from './exceptions.ts';
import type { ModbusClient, ReadResult } from './modbus-client.ts';
import type { ModbusBinding, ModbusDevice } from './modbus-device.ts';
import { type PollBlock, type PollClass, planPoll, splitBlock } from './poll-plan.ts';

export interface DevicePollOptions {
  device: ModbusDevice;
  poll: PollClass;
  clock: Clock;
  logger: Logger;
}

/** A binding whose values lie in several places; given on when all have come. */
interface Gathering {
  values: Uint16Array;
  missing: number;
  atMs: number;
}

/** What one run of a poll has come to so far. */
interface Run {
  sink: DriverSink;
  gatherings: Map<ModbusBinding, Gathering>;
  answered: boolean;
  silent: boolean;
  lastFailure: ReadFailure | undefined;
}

/** One poll class of one device: the blocks to read, and what was learned of them. */
export class DevicePoll implements PollTask {
  readonly key: string;
  readonly unit: string;
  readonly periodMs: number;
  readonly #options: DevicePollOptions;
  #blocks: PollBlock[];
  #first = 0;
  #complaint: string | undefined;

  constructor(options: DevicePollOptions) {
    const { device, poll } = options;
    this.key = `${device.id}/${poll}`;
    this.unit = String(device.unitId);
    this.periodMs = device.pollMs[poll];
    this.#options = options;
    this.#blocks = planPoll(device, poll).blocks;
  }

  get device(): ModbusDevice {
    return this.#options.device;
  }

  get blocks(): readonly PollBlock[] {
    return this.#blocks;
  }

  /** Reads every block once, gives what came to the sink, and ends with `settled`. */
  async run(client: ModbusClient, sink: DriverSink): Promise<PollOutcome> {
    const { device, clock } = this.#options;
    const run: Run = { sink, gatherings: new Map(), answered: false, silent: false, lastFailure: undefined };
    const order = [...this.#blocks.slice(this.#first), ...this.#blocks.slice(0, this.#first)];
    for (let block = order.shift(); block !== undefined; block = order.shift()) {
      const result = await this.#read(client, block);
      if (result.ok) {
        run.answered = true;
        this.#deliver(block, result, run);
        continue;
      }
      const { failure } = result;
      const halves = this.#split(block, failure);
      if (halves !== undefined) {
        run.answered = true;
        order.unshift(...halves);
        continue;
      }
      this.#note(failure, block);
      this.#fail(block, failure, { run, atMs: result.atMs });
      if (result.waited) this.#first = (this.#blocks.indexOf(block) + 1) % this.#blocks.length;
      const gone = result.waited || (failure.kind === 'exception' && saysUnitIsSilent(failure.code));
      if (gone) run.silent = true;
      else if (failure.kind !== 'connection') run.answered = true;
      // A unit that has said nothing yet is not asked for the rest: each block would cost the line another time-out.
      if ((gone && !run.answered) || failure.kind === 'connection') {
        for (const rest of order.splice(0)) this.#fail(rest, failure, { run, atMs: result.atMs });
      }
    }
    this.#finishGatherings(run);
    if (run.answered && !run.silent && run.lastFailure === undefined) this.#note(undefined);
    sink.settled(device.id, clock.nowMs());
    if (run.answered) return 'answered';
    return run.silent ? 'silent' : 'unsent';
  }

  #read(client: ModbusClient, block: PollBlock): Promise<ReadResult> {
    const { unitId, profile } = this.#options.device;
    return client.read({
      unit: unitId,
      table: block.table,
      start: block.start,
      count: block.count,
      framing: profile.modbus.framing ?? 'standard',
      strictTransactionId: profile.modbus.strictTransactionId ?? true,
    });
  }

  #deliver(block: PollBlock, { values, atMs }: { values: Uint16Array; atMs: number }, run: Run): void {
    const device = this.#options.device.id;
    for (const { binding, start, length, part } of block.slots) {
      const from = start - block.start;
      const words = values.subarray(from, from + length);
      if (binding.at.addresses.length === 1) {
        run.sink.raw(device, binding, words, atMs);
        continue;
      }
      const gathering = gatheringOf(run, binding);
      gathering.values.set(words, part * length);
      gathering.missing -= 1;
      gathering.atMs = atMs;
    }
  }

  /** Exception 2: some register of the block does not exist. The parts take the block's place for good. */
  #split(block: PollBlock, failure: ReadFailure): PollBlock[] | undefined {
    if (failure.kind !== 'exception' || failure.code !== exceptionCode.illegalAddress) return undefined;
    const { device, logger } = this.#options;
    const parts = splitBlock(block, device.profile);
    if (parts.length < 2) return undefined;
    const at = this.#blocks.indexOf(block);
    this.#blocks = this.#blocks.toSpliced(at, 1, ...parts);
    this.#first = 0;
    const ranges = parts.map((part) => `${part.start}+${part.count}`).join(', ');
    logger.info(
      { device: device.id, table: block.table, start: block.start, count: block.count },
      `device ${device.id} refuses to read ${block.table} ${block.start}+${block.count} in one: split into ${ranges}`,
    );
    return parts;
  }

  #fail(block: PollBlock, failure: ReadFailure, { run, atMs }: { run: Run; atMs: number }): void {
    run.lastFailure = failure;
    const bindings: ModbusBinding[] = [];
    for (const { binding } of block.slots) {
      if (binding.at.addresses.length === 1) bindings.push(binding);
      else gatheringOf(run, binding);
    }
    if (bindings.length > 0) run.sink.failed(this.#options.device.id, bindings, failure, atMs);
  }

  #finishGatherings({ gatherings, sink, lastFailure }: Run): void {
    const { device, clock } = this.#options;
    const incomplete: ModbusBinding[] = [];
    for (const [binding, { values, missing, atMs }] of gatherings) {
      if (missing === 0) sink.raw(device.id, binding, values, atMs);
      else incomplete.push(binding);
    }
    if (incomplete.length > 0) sink.failed(device.id, incomplete, lastFailure ?? { kind: 'timeout' }, clock.nowMs());
  }

  /** Says a failure once, until it changes or is over. */
  #note(failure: ReadFailure | undefined, block?: PollBlock): void {
    const { device, logger } = this.#options;
    // The connection's loss is told by the line itself, once for all its devices.
    if (failure?.kind === 'connection') return;
    const complaint = failure && `${failure.kind}${failure.kind === 'exception' ? ` ${failure.code}` : ''}`;
    if (complaint === this.#complaint) return;
    this.#complaint = complaint;
    if (failure === undefined || block === undefined) {
      logger.info({ device: device.id }, `device ${device.id} answers again`);
      return;
    }
    const place = `${block.table} ${block.start}+${block.count}`;
    logger.warn(
      { device: device.id, unit: device.unitId, failure },
      `device ${device.id}, ${place}: ${inWords(failure)}`,
    );
  }
}

function gatheringOf(run: Run, binding: ModbusBinding): Gathering {
  const known = run.gatherings.get(binding);
  if (known !== undefined) return known;
  const { addresses, length } = binding.at;
  const made = { values: new Uint16Array(addresses.length * length), missing: addresses.length, atMs: 0 };
  run.gatherings.set(binding, made);
  return made;
}

function inWords(failure: ReadFailure): string {
  switch (failure.kind) {
    case 'timeout':
      return 'no answer';
    case 'exception':
      return `exception ${failure.code}, ${exceptionMeaning(failure.code)}`;
    case 'connection':
    case 'malformed':
      return failure.message;
  }
}
