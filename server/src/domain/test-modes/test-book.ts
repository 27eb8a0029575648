import { isOpenTestMode, type TestMode } from '@plantroom/contracts';
import type { AlarmEvent } from '../alarms/alarm-events.ts';

/** Test modes in memory, as the database has them: those that are open, and those that late data may still be about. */
export class TestBook {
  readonly #modes = new Map<string, TestMode>();

  /** Takes over what has been committed. */
  take(modes: Iterable<TestMode>): void {
    for (const mode of modes) this.#modes.set(mode.id, mode);
  }

  get(id: string): TestMode | undefined {
    return this.#modes.get(id);
  }

  /** Requested or running. */
  open(): TestMode[] {
    return [...this.#modes.values()].filter(isOpenTestMode);
  }

  /** Whether server time has to be told. */
  get isWaiting(): boolean {
    return this.open().length > 0;
  }

  due(nowMs: number): TestMode[] {
    return this.open().filter(({ untilMs }) => untilMs <= nowMs);
  }

  /** Whether a test of the equipment runs. */
  isInTest(equipment: string): boolean {
    return this.open().some(({ state, equipment: ids }) => state === 'running' && ids.includes(equipment));
  }

  /**
   * The test mode in which what an event tells of the equipment began, by wire time; null: it is real. What stands is part of a test only while
   * that runs, what is over also afterwards. What began before a test is none of it. What several equipment have in common is a test only when all of
   * them are in test; it is that of the first.
   */
  testOf(equipment: readonly string[], event: AlarmEvent): string | null {
    if (equipment.length === 0 || this.#modes.size === 0) return null;
    const found = equipment.map((one) => this.#testOf(one, event));
    return found.includes(null) ? null : (found[0] ?? null);
  }

  #testOf(equipment: string, event: AlarmEvent): string | null {
    if (event.type === 'raised') return this.#find(equipment, event.onsetMs, true);
    if (event.type === 'corrected')
      return event.edge.type === 'raised' ? this.#find(equipment, event.edge.onsetMs, true) : null;
    const [first] = event.type === 'historical' ? event.edges : [];
    if (first === undefined) return null;
    return this.#find(equipment, first.type === 'raised' ? first.onsetMs : first.atMs, false);
  }

  #find(equipment: string, atMs: number, runs: boolean): string | null {
    for (const { id, equipment: ids, state, startedMs, endedMs } of this.#modes.values()) {
      if (startedMs === null || atMs < startedMs || !ids.includes(equipment)) continue;
      if (runs ? state === 'running' : atMs < (endedMs ?? Number.POSITIVE_INFINITY)) return id;
    }
    return null;
  }
}
