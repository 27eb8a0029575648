import type { ModbusTable } from '@plantroom/device-profiles';

interface Table {
  words: Uint16Array;
  /** 1 where the device has the address. */
  defined: Uint8Array;
}

/** Addresses of one table that are read together. */
export interface Stretch {
  readonly bank: RegisterBank;
  /** Of the whole table. */
  readonly words: Uint16Array;
  readonly start: number;
  readonly count: number;
  /** The device has all of them. */
  readonly isThere: boolean;
  /** The answer that they were last given out with, kept by who answers, and the bank's revision at that time. */
  answer?: { pdu: Uint8Array; revision: number };
}

/** The registers and bits that one device has. Nothing exists until it is defined. */
export class RegisterBank {
  /** Rises with every word that becomes another one. */
  revision = 0;
  readonly #tables: Partial<Record<ModbusTable, Table>> = {};

  /** Makes addresses exist, holding `word`. Defined ones keep what they hold. */
  define(table: ModbusTable, start: number, options: { count: number; word?: number }): void {
    const { words, defined } = this.#table(table);
    for (let a = start; a < Math.min(start + options.count, 65_536); a++) {
      if (defined[a] === 1) continue;
      defined[a] = 1;
      words[a] = options.word ?? 0;
    }
  }

  has(table: ModbusTable, start: number, count: number): boolean {
    const defined = this.#tables[table]?.defined;
    if (defined === undefined || start + count > 65_536) return false;
    for (let a = start; a < start + count; a++) if (defined[a] !== 1) return false;
    return true;
  }

  /** Lays words into defined addresses; of each word only the bits in `mask`, left out: all. */
  put(table: ModbusTable, start: number, value: { words: readonly number[]; mask?: readonly number[] }): void {
    const { words } = this.#table(table);
    for (let i = 0; i < value.words.length; i++) {
      const mask = value.mask?.[i] ?? 0xffff;
      this.lay(words, start + i, value.words[i] ?? 0, mask);
    }
  }

  /** Lays the low 16 bits, as far as they are in `mask`, into one word of `wordsOf`. */
  lay(words: Uint16Array, at: number, bits: number, mask: number): void {
    const before = words[at] ?? 0;
    const after = ((before & ~mask) | (bits & mask)) & 0xffff;
    if (after === before) return;
    words[at] = after;
    this.revision += 1;
  }

  /** `count` words (bits as 0/1) as they stand; they change with the bank. */
  get(table: ModbusTable, start: number, count: number): Uint16Array {
    return this.#table(table).words.subarray(start, start + count);
  }

  /** The words of all addresses, to be written by `lay`. */
  wordsOf(table: ModbusTable): Uint16Array {
    return this.#table(table).words;
  }

  /** Of addresses that are defined by now. */
  stretch(table: ModbusTable, start: number, count: number): Stretch {
    const isThere = this.has(table, start, count);
    return { bank: this, words: this.#table(table).words, start, count, isThere };
  }

  #table(name: ModbusTable): Table {
    let table = this.#tables[name];
    if (table === undefined) {
      table = { words: new Uint16Array(65_536), defined: new Uint8Array(65_536) };
      this.#tables[name] = table;
    }
    return table;
  }
}
