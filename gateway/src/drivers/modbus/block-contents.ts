import type { ModbusBinding } from './modbus-device.ts';
import type { PollBlock } from './poll-plan.ts';

/** Words of a block that lie side by side in the raw value as well. */
export interface Run {
  /** Within the block. */
  from: number;
  length: number;
  /** Within the raw value. */
  offset: number;
}

/** A value that is whole in a block, and its words as they were given last. */
interface Whole extends Run {
  binding: ModbusBinding;
  words: number[] | undefined;
}

/** A value whose words lie in several places, and how far it has come in the present run. */
export interface Scattered {
  binding: ModbusBinding;
  places: number;
  /** As it was last when it was complete. */
  given: Uint16Array | undefined;
  /** As it comes to be; undefined: nothing has come yet that was not so before. */
  words: Uint16Array | undefined;
  /** The run that it belongs to, and how many of its places have not come in it. */
  run: number;
  missing: number;
  atMs: number;
}

interface Part {
  scattered: Scattered;
  runs: Run[];
  /** Places. */
  count: number;
  /** What was given, when the block's last answer said the same. */
  agreesWith: Uint16Array | undefined;
}

/** What a block holds: values that are whole in it, and parts of others. Worked out once: a fire panel has thousands of slots. */
export interface BlockContents {
  whole: Whole[];
  parts: Part[];
  /** Its last answer. */
  last: Uint16Array | undefined;
}

export function contentsIn(
  { slots, start }: PollBlock,
  scatteredOf: (binding: ModbusBinding) => Scattered,
): BlockContents {
  const whole: Whole[] = [];
  const parts = new Map<ModbusBinding, Part>();
  for (const { binding, start: at, length, offset } of slots) {
    const from = at - start;
    if (isWhole(binding)) {
      whole.push({ binding, from, length, offset: 0, words: undefined });
      continue;
    }
    const part = parts.get(binding) ?? { scattered: scatteredOf(binding), runs: [], count: 0, agreesWith: undefined };
    parts.set(binding, part);
    part.count += 1;
    const last = part.runs.at(-1);
    if (last !== undefined && last.from + last.length === from && last.offset + last.length === offset)
      last.length += length;
    else part.runs.push({ from, length, offset });
  }
  return { whole, parts: [...parts.values()], last: undefined };
}

/** The words of the block are those of the value. */
export function isRun(block: Uint16Array, value: ArrayLike<number>, { from, length, offset }: Run): boolean {
  for (let i = 0; i < length; i++) if (block[from + i] !== value[offset + i]) return false;
  return true;
}

/** A plain array, as long as it has to be: a view of so few words takes more memory than they do, and longer to make. */
export function wordsOfRun(block: Uint16Array, { from, length }: Run): number[] {
  const words = new Array<number>(length);
  for (let i = 0; i < length; i++) words[i] = block[from + i] ?? 0;
  return words;
}

export function areRuns(block: Uint16Array, value: Uint16Array, runs: readonly Run[]): boolean {
  for (const run of runs) if (!isRun(block, value, run)) return false;
  return true;
}

export function isSameAnswer(one: Uint16Array, other: Uint16Array): boolean {
  if (one === other) return true;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

export function copyRun(block: Uint16Array, value: Uint16Array, { from, length, offset }: Run): void {
  for (let i = 0; i < length; i++) value[offset + i] = block[from + i] ?? 0;
}

function isWhole({ at }: ModbusBinding): boolean {
  return at.addresses.length === 1 && at.more === undefined;
}
