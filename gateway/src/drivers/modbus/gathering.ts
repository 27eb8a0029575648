import type { ModbusBinding } from './modbus-device.ts';
import { type PollBlock, partsOf, wordsOf } from './poll-plan.ts';

interface Gathering {
  values: Uint16Array;
  missing: number;
  atMs: number;
}

/** Words of a block that lie side by side in the raw value as well. */
interface Run {
  /** Within the block. */
  from: number;
  length: number;
  /** Within the raw value. */
  offset: number;
}

/** What a block holds: values that are whole in it, and parts of others. Worked out once: a fire panel has thousands of slots. */
interface Contents {
  whole: { binding: ModbusBinding; from: number; length: number }[];
  parts: { binding: ModbusBinding; runs: Run[]; count: number }[];
}

const contentsOf = new WeakMap<PollBlock, Contents>();

/** Values whose words lie in several places; complete when all have come in the same run. */
export class Gatherings {
  readonly #open = new Map<ModbusBinding, Gathering>();

  /** Gives each value of a block that is complete with it. */
  take(
    block: PollBlock,
    { values, atMs }: { values: Uint16Array; atMs: number },
    give: (binding: ModbusBinding, words: Uint16Array, atMs: number) => void,
  ): void {
    const contents = contentsOf.get(block) ?? contentsIn(block);
    contentsOf.set(block, contents);
    for (const { binding, from, length } of contents.whole) give(binding, values.subarray(from, from + length), atMs);
    for (const { binding, runs, count } of contents.parts) {
      const gathering = this.#of(binding);
      for (const { from, length, offset } of runs) gathering.values.set(values.subarray(from, from + length), offset);
      gathering.missing -= count;
      gathering.atMs = Math.max(gathering.atMs, atMs);
      if (gathering.missing > 0) continue;
      this.#open.delete(binding);
      give(binding, gathering.values, gathering.atMs);
    }
  }

  /** Notes that the block does not come; answers the bindings that lie in it alone. */
  miss({ slots }: PollBlock): ModbusBinding[] {
    const alone: ModbusBinding[] = [];
    for (const { binding } of slots) {
      if (isWhole(binding)) alone.push(binding);
      else this.#of(binding);
    }
    return alone;
  }

  /** Bindings of which something is missing. */
  incomplete(): ModbusBinding[] {
    return [...this.#open.keys()];
  }

  #of(binding: ModbusBinding): Gathering {
    const known = this.#open.get(binding);
    if (known !== undefined) return known;
    const made = { values: new Uint16Array(wordsOf(binding)), missing: partsOf(binding), atMs: 0 };
    this.#open.set(binding, made);
    return made;
  }
}

function contentsIn({ slots, start }: PollBlock): Contents {
  const whole: Contents['whole'] = [];
  const parts = new Map<ModbusBinding, Contents['parts'][number]>();
  for (const { binding, start: at, length, offset } of slots) {
    const from = at - start;
    if (isWhole(binding)) {
      whole.push({ binding, from, length });
      continue;
    }
    const part = parts.get(binding) ?? { binding, runs: [], count: 0 };
    parts.set(binding, part);
    part.count += 1;
    const last = part.runs.at(-1);
    if (last !== undefined && last.from + last.length === from && last.offset + last.length === offset)
      last.length += length;
    else part.runs.push({ from, length, offset });
  }
  return { whole, parts: [...parts.values()] };
}

function isWhole({ at }: ModbusBinding): boolean {
  return at.addresses.length === 1 && at.more === undefined;
}
