import type { ModbusTable } from '@plantroom/device-profiles';
import { exceptionCode } from '../../drivers/modbus/exceptions.ts';
import { isBitTable } from '../../drivers/modbus/request.ts';
import type { Reader } from './probe-line.ts';

export interface ReadRange {
  table: ModbusTable;
  start: number;
  count: number;
}

export interface RegisterMap {
  range: ReadRange;
  /** Address → word, of those that exist. */
  words: Map<number, number>;
  /** The longest read that was answered. */
  longest: number;
  /** The shortest read that was refused as too long, though parts of it were answered; undefined: none was. */
  tooLong: number | undefined;
  requests: number;
  /** True when the range was given up because it took too many requests. */
  cut: boolean;
}

/** A device that answers nothing would otherwise be asked for each address. */
const mostRequests = 600;
const longestRead = { bits: 2000, registers: 125 };

/** Which registers of the range exist: long reads first, halves of what is refused, down to single ones. */
export async function mapRegisters(reader: Reader, unit: number, range: ReadRange): Promise<RegisterMap> {
  const map: RegisterMap = { range, words: new Map(), longest: 0, tooLong: undefined, requests: 0, cut: false };
  let limit = isBitTable(range.table) ? longestRead.bits : longestRead.registers;
  const todo = [{ start: range.start, count: range.count }];
  let silentInARow = 0;
  for (let part = todo.shift(); part !== undefined; part = todo.shift()) {
    if (part.count > limit) {
      todo.unshift({ start: part.start, count: limit }, { start: part.start + limit, count: part.count - limit });
      continue;
    }
    if (map.requests >= mostRequests || silentInARow >= 8) {
      map.cut = true;
      break;
    }
    map.requests += 1;
    const answer = await reader.read({ unit, table: range.table, ...part });
    if (answer.ok) {
      silentInARow = 0;
      map.longest = Math.max(map.longest, part.count);
      for (const [i, word] of answer.values.entries()) map.words.set(part.start + i, word);
      continue;
    }
    const { failure } = answer;
    if (failure.kind === 'exception') {
      silentInARow = 0;
      if (failure.code === exceptionCode.illegalFunction) break;
    } else {
      silentInARow += 1;
    }
    if (part.count === 1) continue;
    // Too long rather than missing: exception 3 says so, and so does a silence that a shorter read breaks.
    const maybeTooLong = failure.kind !== 'exception' || failure.code === exceptionCode.illegalValue;
    if (maybeTooLong && part.count > 8) {
      map.tooLong = Math.min(map.tooLong ?? part.count, part.count);
      limit = Math.min(limit, halfOf(part.count));
    }
    const low = halfOf(part.count);
    todo.unshift({ start: part.start, count: low }, { start: part.start + low, count: part.count - low });
  }
  if (map.tooLong !== undefined && map.tooLong <= map.longest) map.tooLong = undefined;
  return map;
}

/** Even while it can be: devices that answer register pairs refuse the halves of a pair. */
function halfOf(count: number): number {
  const half = Math.floor(count / 2);
  return half > 1 && half % 2 === 1 ? half + 1 : Math.max(1, half);
}

/** Reads again what was found to exist: further samples of the same registers. */
export async function sampleAgain(reader: Reader, unit: number, map: RegisterMap): Promise<Map<number, number>> {
  const words = new Map<number, number>();
  for (const { start, count } of stretches([...map.words.keys()], Math.max(1, map.longest))) {
    const answer = await reader.read({ unit, table: map.range.table, start, count });
    if (answer.ok) for (const [i, word] of answer.values.entries()) words.set(start + i, word);
  }
  return words;
}

/** Neighbouring addresses together, none longer than `most`. */
export function stretches(addresses: readonly number[], most: number): { start: number; count: number }[] {
  const found: { start: number; count: number }[] = [];
  for (const address of [...addresses].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && last.start + last.count === address && last.count < most) last.count += 1;
    else found.push({ start: address, count: 1 });
  }
  return found;
}
