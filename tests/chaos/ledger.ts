import { pointsPerUnit, readValue } from './points.ts';
import type { Delivery } from './unit-account.ts';

/** What the devices gave out against what the database holds; counted in readings, one each for every point of a device. */
export interface LedgerResult {
  /** Readings that the gateway is proven to have taken. */
  produced: number;
  /** Of these, stored at one time. */
  stored: number;
  /** Of these, not stored. */
  missing: number;
  /** Readings that are stored at more than one time, produced or unsure. */
  doubled: number;
  /** Values in the database that no device gave out, or that lie at another point. */
  wrong: number;
  /** Readings of which nobody can know whether the gateway has taken them. */
  unsure: number;
  unsureStored: number;
  /** A few of each, to look for the cause. */
  examples: string[];
}

const maxExamples = 20;

export class Ledger {
  /** By device and point: count → times stored. */
  readonly #stored: Map<number, number>[][];
  readonly #times = new Map<number, number[]>();
  /** Points and times that hold a value, by device. */
  readonly #at: Set<number>[];
  readonly #examples: string[] = [];
  #wrong = 0;

  constructor(units: number) {
    this.#at = Array.from({ length: units }, () => new Set());
    this.#stored = Array.from({ length: units }, () => Array.from({ length: pointsPerUnit }, () => new Map()));
  }

  stored({ unit, point, timeMs, value }: { unit: number; point: number; timeMs: number; value: number }): void {
    const read = readValue(value);
    const counts = this.#stored[unit]?.[point];
    if (read === undefined || read.point !== point || counts === undefined) {
      this.#wrong += 1;
      this.#note(`wrong: unit ${unit + 1} point ${point + 1} holds ${value} at ${iso(timeMs)}`);
      return;
    }
    counts.set(read.count, (counts.get(read.count) ?? 0) + 1);
    const times = this.#times.get(unit) ?? [];
    times[read.count] = timeMs;
    this.#times.set(unit, times);
    const key = point * 2 ** 42 + timeMs;
    const held = this.#at[unit];
    if (held?.has(key) === true) {
      this.#wrong += 1;
      this.#note(`wrong: unit ${unit + 1} point ${point + 1} holds two values at ${iso(timeMs)}`);
    }
    held?.add(key);
  }

  /** `deliveries`: by device, what became of each count. */
  judge(deliveries: readonly ReadonlyMap<number, Delivery>[]): LedgerResult {
    const result = { produced: 0, stored: 0, missing: 0, doubled: 0, unsure: 0, unsureStored: 0 };
    deliveries.forEach((counts, unit) => {
      this.#stored[unit]?.forEach((stored, point) => {
        for (const [count, delivery] of counts) {
          const times = stored.get(count) ?? 0;
          const where = `unit ${unit + 1} point ${point + 1} count ${count}`;
          if (times > 1) {
            result.doubled += 1;
            this.#note(`doubled: ${where}, ${times} times, the last at ${iso(this.#times.get(unit)?.[count])}`);
          }
          if (delivery === 'unsure') {
            result.unsure += 1;
            if (times > 0) result.unsureStored += 1;
            continue;
          }
          result.produced += 1;
          if (times > 0) result.stored += 1;
          else {
            result.missing += 1;
            this.#note(`missing: ${where}, the one before at ${iso(this.#times.get(unit)?.[count - 1])}`);
          }
        }
        for (const count of stored.keys()) {
          if (counts.has(count)) continue;
          this.#wrong += 1;
          this.#note(`wrong: unit ${unit + 1} point ${point + 1} holds count ${count}, which was never given out`);
        }
      });
    });
    return { ...result, wrong: this.#wrong, examples: [...this.#examples] };
  }

  #note(example: string): void {
    if (this.#examples.length < maxExamples) this.#examples.push(example);
  }
}

function iso(timeMs: number | undefined): string {
  return timeMs === undefined ? 'a time unknown' : new Date(timeMs).toISOString();
}
