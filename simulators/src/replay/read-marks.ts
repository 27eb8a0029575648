import type { ModbusProfile, ModbusTable } from '@plantroom/device-profiles';
import { registersOf } from '../wire/encode/words.ts';

/** Marks which registers of a device have been read since the marks were wiped. */
export class ReadMarks {
  readonly #wanted = new Set<string>();
  readonly #unread = new Set<string>();

  constructor(profile: ModbusProfile) {
    for (const { at } of profile.points)
      for (let i = 0; i < registersOf(at.type, at.length); i++) this.#wanted.add(`${at.table}/${at.address + i}`);
    this.wipe();
  }

  wipe(): void {
    for (const key of this.#wanted) this.#unread.add(key);
  }

  /** True when nothing is left unread. */
  mark(table: ModbusTable, start: number, count: number): boolean {
    for (let address = start; address < start + count; address++) this.#unread.delete(`${table}/${address}`);
    return this.#unread.size === 0;
  }
}
