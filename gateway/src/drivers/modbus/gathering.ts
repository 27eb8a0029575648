import type { ModbusBinding } from './modbus-device.ts';
import { type PollBlock, partsOf, wordsOf } from './poll-plan.ts';

interface Gathering {
  values: Uint16Array;
  missing: number;
  atMs: number;
}

/** Values whose words lie in several places; complete when all have come in the same run. */
export class Gatherings {
  readonly #open = new Map<ModbusBinding, Gathering>();

  /** Gives each value of a block that is complete with it. */
  take(
    { slots, start }: PollBlock,
    { values, atMs }: { values: Uint16Array; atMs: number },
    give: (binding: ModbusBinding, words: Uint16Array, atMs: number) => void,
  ): void {
    for (const slot of slots) {
      const words = values.subarray(slot.start - start, slot.start - start + slot.length);
      if (isWhole(slot.binding)) {
        give(slot.binding, words, atMs);
        continue;
      }
      const gathering = this.#of(slot.binding);
      gathering.values.set(words, slot.offset);
      gathering.missing -= 1;
      gathering.atMs = Math.max(gathering.atMs, atMs);
      if (gathering.missing > 0) continue;
      this.#open.delete(slot.binding);
      give(slot.binding, gathering.values, gathering.atMs);
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

function isWhole({ at }: ModbusBinding): boolean {
  return at.addresses.length === 1 && at.more === undefined;
}
