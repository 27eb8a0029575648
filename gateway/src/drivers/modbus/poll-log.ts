import type { Logger } from '@plantroom/contracts';
import type { ReadFailure } from '../driver.ts';
import type { BlockNews } from './block-memory.ts';
import { failureInWords } from './exceptions.ts';
import type { ModbusDevice } from './modbus-device.ts';
import type { PollBlock } from './poll-plan.ts';

/** What happens to one poll of a device, each thing said once until it changes or is over. */
export class PollLog {
  readonly #device: ModbusDevice;
  readonly #logger: Logger;
  readonly #said = new Map<PollBlock, string>();
  #isSilent = false;
  #refusesAll = false;

  constructor(device: ModbusDevice, logger: Logger) {
    this.#device = device;
    this.#logger = logger;
  }

  failed(block: PollBlock, failure: ReadFailure): void {
    // The connection's loss is told by the line itself, once for all its devices.
    if (failure.kind === 'connection') return;
    const { id, unitId: unit } = this.#device;
    if (failure.kind === 'timeout') {
      if (this.#isSilent) return;
      this.#isSilent = true;
    } else {
      const complaint = `${failure.kind}${failure.kind === 'exception' ? ` ${failure.code}` : ''}`;
      if (this.#said.get(block) === complaint) return;
      this.#said.set(block, complaint);
    }
    this.#logger.warn({ device: id, unit, failure }, `device ${id}, ${placeOf(block)}: ${failureInWords(failure)}`);
  }

  read(block: PollBlock): void {
    if (this.#said.size > 0 && this.#said.delete(block)) this.#info(`, ${placeOf(block)}: read again`);
  }

  /** It was silent, and is no longer. */
  answers(): void {
    if (this.#isSilent) this.#info(' answers again');
    this.#isSilent = false;
  }

  refusesAll(): void {
    const { id, unitId: unit } = this.#device;
    if (!this.#refusesAll)
      this.#logger.warn({ device: id, unit }, `device ${id} refuses all it is asked (exception 2)`);
    this.#refusesAll = true;
  }

  refusesNotAll(): void {
    if (this.#refusesAll) this.#info(' no longer refuses all it is asked');
    this.#refusesAll = false;
  }

  learned(block: PollBlock, news: BlockNews, instead: readonly PollBlock[] = []): void {
    if (news === undefined) return;
    const { id, unitId: unit } = this.#device;
    const points = pointsOf(block).join(', ');
    const words = {
      split: `cannot be read in one, split into ${instead.map((part) => `${part.start}+${part.count}`).join(', ')}`,
      whole: 'can be read in one again',
      unsupported: `${points} refused again and again (exception 2): the device does not have it at present, asked now and then`,
      supported: `${points} is there again`,
    }[news];
    const level = news === 'unsupported' ? 'warn' : 'info';
    this.#logger[level]({ device: id, unit }, `device ${id}, ${placeOf(block)}: ${words}`);
  }

  #info(what: string): void {
    const { id } = this.#device;
    this.#logger.info({ device: id }, `device ${id}${what}`);
  }
}

function placeOf({ table, start, count }: PollBlock): string {
  return `${table} ${start}+${count}`;
}

function pointsOf({ slots }: PollBlock): string[] {
  return [...new Set(slots.map(({ binding }) => `${binding.equipment}/${binding.point}`))];
}
