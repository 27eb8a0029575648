import { hotTableName } from './days.ts';
import type { Segment } from './segment.ts';
import { Shared } from './shared.ts';

/** A table of the hot file with samples of one day, in order of writing. */
export class HotTable extends Shared {
  readonly day: number;
  readonly number: number;

  constructor(day: number, number: number) {
    super();
    this.day = day;
    this.number = number;
  }

  get name(): string {
    return hotTableName(this.day, this.number);
  }
}

/** Where the samples of a day are. Of two with the same point and time the one in the later table counts; the segment comes before all. */
export interface DayView {
  readonly day: number;
  readonly segment: Segment | null;
  readonly hot: readonly HotTable[];
}

export interface Lease {
  /** Oldest first. */
  readonly days: readonly DayView[];
  release(): void;
}

/** Which tables and which file each day has at the moment. */
export class DayMap {
  readonly #days = new Map<number, DayView>();
  readonly #closed = new Set<HotTable>();

  clear(): void {
    this.#days.clear();
    this.#closed.clear();
  }

  get size(): number {
    return this.#days.size;
  }

  all(): DayView[] {
    return [...this.#days.values()].sort((a, b) => a.day - b.day);
  }

  get(day: number): DayView {
    return this.#days.get(day) ?? { day, segment: null, hot: [] };
  }

  /** The table that samples of the day go to; a new one, not yet in the map, when there is none or the last is closed. */
  writable(day: number): HotTable {
    const last = this.get(day).hot.at(-1);
    if (last !== undefined && !this.#closed.has(last)) return last;
    return new HotTable(day, (last?.number ?? 0) + 1);
  }

  has(table: HotTable): boolean {
    return this.get(table.day).hot.includes(table);
  }

  addTable(table: HotTable): void {
    const view = this.get(table.day);
    const hot = [...view.hot, table].sort((a, b) => a.number - b.number);
    this.#days.set(table.day, { ...view, hot });
  }

  addSegment(segment: Segment): void {
    this.#days.set(segment.day, { ...this.get(segment.day), segment });
  }

  /** From now on nothing is written to the tables that the day has. */
  closeTables(day: number): DayView {
    const view = this.get(day);
    for (const table of view.hot) this.#closed.add(table);
    return view;
  }

  /** The segment, or nothing, takes the place of all that a former view had. */
  replace(former: DayView, segment: Segment | null): void {
    const hot = this.get(former.day).hot.filter((table) => !former.hot.includes(table));
    for (const table of former.hot) this.#closed.delete(table);
    if (segment === null && hot.length === 0) this.#days.delete(former.day);
    else this.#days.set(former.day, { day: former.day, segment, hot });
  }

  /** What the days from first to last are made of, kept from being put away until released. */
  lease(first: number, last: number): Lease {
    const days = this.all().filter(({ day }) => day >= first && day <= last);
    const parts: Shared[] = days.flatMap(({ segment, hot }) => (segment === null ? [...hot] : [segment, ...hot]));
    for (const part of parts) part.use();
    return {
      days,
      release: () => {
        for (const part of parts.splice(0)) part.release();
      },
    };
  }
}
