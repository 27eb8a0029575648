import { type AlarmDefinition, type Clock, errorMessage, type Logger } from '@plantroom/contracts';
import type { EquipmentClass } from '@plantroom/device-profiles';
import type { TestBook } from '../domain/test-modes/test-book.ts';
import { saveAlarms } from '../repositories/alarm-repository.ts';
import type { Database, Db } from '../repositories/database.ts';
import { appendJournal } from '../repositories/journal-repository.ts';
import { updateTestMode } from '../repositories/test-mode-repository.ts';
import type { FloodDesk } from './flood-desk.ts';
import { settleOrders } from './order-desk.ts';
import type { DevicePlace, GatewayPlace } from './plant.ts';
import type { RuleBook, RuleBookChange } from './rule-book.ts';
import type { SuppressionDesk } from './suppression-desk.ts';
import { type Outcome, UnitOfWork } from './unit-of-work.ts';

/** What has been committed, for the live stream and the metrics. */
export interface EngineEvent extends Outcome {
  gateways: GatewayPlace[];
  devices: DevicePlace[];
}

/** What a command works with. `afterCommit` runs once the transaction has been committed; its rule changes are settled next. */
export interface CommandContext {
  db: Db;
  work: UnitOfWork;
  afterCommit(call: () => RuleBookChange[]): void;
}

export interface CommitterOptions {
  database: Database;
  book: RuleBook;
  tests: TestBook;
  /** What an alarm is about, as test modes name it. */
  equipmentOf: (definition: AlarmDefinition) => readonly string[];
  classOf: (equipment: string) => EquipmentClass | undefined;
  /** Looks at each unit of work before it is written. */
  suppression: SuppressionDesk;
  /** Counts what each unit of work tells. */
  floods: FloodDesk;
  clock: Clock;
  logger: Logger;
}

export interface CommitterStats {
  commits: number;
  failures: number;
  /** Inputs that could not be processed at all; each is in the log. */
  refused: number;
  /** Why the database refused last; null once it took again. */
  failing: string | null;
}

const retryMs = 1_000;

/** Makes units of work durable, then takes them over into memory, then tells those who listen: in this order, always. */
export class Committer {
  readonly #options: CommitterOptions;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #counts = { commits: 0, failures: 0, refused: 0 };
  #failing: string | null = null;
  #giveUp = false;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stats(): CommitterStats {
    return { ...this.#counts, failing: this.#failing };
  }

  /** From now on a database that refuses is not waited for. */
  giveUp(): void {
    this.#giveUp = true;
  }

  /**
   * Builds and commits; from the start again while the database refuses, because nothing in memory has changed by then. False: it gave up
   * before the database took it.
   */
  commit(build: (work: UnitOfWork) => void): Promise<boolean> {
    return this.retrying(async () => {
      const work = this.#begin();
      try {
        build(work);
        this.#settle(work);
      } catch (error) {
        // A fault of ours would fail each time: it is told, and the line goes on.
        this.refuse(error);
        return;
      }
      if (work.dirty) await this.#options.database.db.transaction().execute((db) => this.#write(db, work));
      this.#takeOver(work);
    });
  }

  /** Runs an operator's act in one transaction; what it throws rolls everything back. */
  async execute<T>(
    run: (context: CommandContext) => Promise<T>,
  ): Promise<{ result: T; afterCommit: () => RuleBookChange[] }> {
    const work = this.#begin();
    const after: (() => RuleBookChange[])[] = [];
    const result = await this.#options.database.db.transaction().execute(async (db) => {
      const value = await run({ db, work, afterCommit: (call) => after.push(call) });
      this.#settle(work);
      await this.#write(db, work);
      return value;
    });
    this.#takeOver(work);
    return { result, afterCommit: () => after.flatMap((call) => call()) };
  }

  /** False: it gave up. */
  async retrying(act: () => Promise<unknown>): Promise<boolean> {
    for (;;) {
      try {
        await act();
        if (this.#failing !== null) this.#options.logger.info({}, 'the database takes writes again');
        this.#failing = null;
        return true;
      } catch (error) {
        this.#counts.failures++;
        if (this.#failing === null) {
          this.#options.logger.error({ err: error }, 'the database refuses; alarms wait until it takes');
        }
        this.#failing = errorMessage(error);
        if (this.#giveUp) return false;
        await new Promise<void>((resolve) => this.#options.clock.after(retryMs, resolve));
      }
    }
  }

  refuse(error: unknown): void {
    this.#counts.refused++;
    this.#options.logger.error({ err: error }, 'an input cannot be processed and is left out');
  }

  emit(event: EngineEvent): void {
    if (Object.values(event).every((items) => items.length === 0)) return;
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        // What is committed stays committed, whatever those who look on do with it.
        this.#options.logger.error({ err: error }, 'a listener of the engine failed');
      }
    }
  }

  #settle(work: UnitOfWork): void {
    this.#options.suppression.settle(work);
    this.#options.floods.settle(work);
  }

  #begin(): UnitOfWork {
    const { clock, suppression, tests, equipmentOf } = this.#options;
    const work: UnitOfWork = new UnitOfWork(
      clock.nowMs(),
      (entry) => suppression.waitOf(work, entry),
      (definition, event) => tests.testOf(equipmentOf(definition), event),
    );
    return work;
  }

  async #write(db: Db, work: UnitOfWork): Promise<void> {
    if (!work.dirty) return;
    await settleOrders(db, work, this.#options);
    await saveAlarms(db, work.stored());
    await appendJournal(db, work.journal);
    for (const mode of work.testModes.values()) await updateTestMode(db, mode);
  }

  #takeOver(work: UnitOfWork): void {
    for (const [entry, to] of work.changes) this.#options.book.commit(entry, to);
    this.#options.tests.take(work.testModes.values());
    this.#options.floods.take(work.floods);
    if (work.dirty) this.#counts.commits++;
    this.emit({ ...work.outcome(), gateways: [], devices: [] });
  }
}
