import { type Alarm, type Clock, errorMessage, type JournalRow, type Logger } from '@plantroom/contracts';
import type { Database } from '../repositories/database.ts';
import { journalAfter, lastJournalSeq } from '../repositories/journal-repository.ts';
import { dropCursor, moveCursor, readCursor } from '../repositories/notification-call-repository.ts';

export interface AlarmPublisherOptions {
  database: Database;
  isOn: () => boolean;
  alarmOf: (id: string) => Alarm | undefined;
  standing: () => readonly Alarm[];
  /** Tells when the journal has grown. */
  onJournal: (listener: () => void) => () => void;
  /** QoS 1; resolves when the broker has taken it. */
  publish: (topic: string, payload: string, how: { retain: boolean }) => Promise<void>;
  clock: Clock;
  logger: Logger;
}

const cursorName = 'mqtt';
const batch = 100;
const retryMs = 1_000;

/**
 * Alarm events to the MQTT broker (docs/notifications.md): each line of the journal once at least, in order, and beside it each alarm that is
 * not normal as a retained message. A broker that is away gets later what was journalled meanwhile.
 */
export class AlarmPublisher {
  readonly #options: AlarmPublisherOptions;
  #stopListening = (): void => undefined;
  #cancelRetry = (): void => undefined;
  #working: Promise<void> | null = null;
  #woken = false;
  /** The broker may have forgotten what it was to retain. */
  #stale = true;
  #stopping = false;
  #told = false;

  constructor(options: AlarmPublisherOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopListening = this.#options.onJournal(() => this.wake());
    this.wake();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#stopListening();
    this.#cancelRetry();
    await this.#working;
  }

  /** The broker is there, again. */
  refresh(): void {
    this.#stale = true;
    this.wake();
  }

  wake(): void {
    this.#woken = true;
    if (this.#working !== null || this.#stopping) return;
    this.#cancelRetry();
    this.#working = this.#work().finally(() => {
      this.#working = null;
      if (this.#woken) this.wake();
    });
  }

  async #work(): Promise<void> {
    const { clock, logger } = this.#options;
    this.#woken = false;
    try {
      await this.#pass();
      this.#told = false;
    } catch (error) {
      if (!this.#told) logger.warn({}, `alarm events wait for the MQTT broker: ${errorMessage(error)}`);
      this.#told = true;
      if (!this.#stopping) this.#cancelRetry = clock.after(retryMs, () => this.wake());
    }
  }

  async #pass(): Promise<void> {
    const { database, isOn, standing, publish } = this.#options;
    const { db } = database;
    let cursor = await readCursor(db, cursorName);
    if (!isOn()) {
      if (cursor === null) return;
      for (const alarm of standing()) await publish(stateTopic(alarm.id), '', { retain: true });
      // What has become normal while the broker was away is retained there still.
      for (let rows = await journalAfter(db, cursor, batch); rows.length > 0; ) {
        for (const id of alarmsOf(rows)) await publish(stateTopic(id), '', { retain: true });
        rows = await journalAfter(db, rows.at(-1)?.seq ?? 0, batch);
      }
      await dropCursor(db, cursorName);
      return;
    }
    if (cursor === null) {
      // What happened before it was turned on is nobody's news.
      cursor = await lastJournalSeq(db);
      await moveCursor(db, cursorName, cursor);
      this.#stale = true;
    }
    if (this.#stale) {
      this.#stale = false;
      try {
        for (const alarm of standing()) await publish(stateTopic(alarm.id), JSON.stringify(alarm), { retain: true });
      } catch (error) {
        this.#stale = true;
        throw error;
      }
    }
    for (;;) {
      const rows = await journalAfter(db, cursor, batch);
      const last = rows.at(-1);
      if (last === undefined || this.#stopping) return;
      for (const row of rows) await publish(eventTopic(row.alarm), JSON.stringify(row), { retain: false });
      for (const id of alarmsOf(rows)) await publish(stateTopic(id), this.#stateOf(id), { retain: true });
      cursor = last.seq;
      await moveCursor(db, cursorName, cursor);
    }
  }

  /** Empty, which a broker takes for "forget it": the alarm is normal. */
  #stateOf(id: string): string {
    const alarm = this.#options.alarmOf(id);
    return alarm === undefined || alarm.state === 'NORM' ? '' : JSON.stringify(alarm);
  }
}

const alarmsOf = (rows: readonly JournalRow[]): Set<string> => new Set(rows.map(({ alarm }) => alarm));
/** An alarm's id as levels of a topic: `#` may not stand in one. */
const levels = (alarm: string): string => alarm.replaceAll('#', '/');
const stateTopic = (alarm: string): string => `plantroom/alarms/${levels(alarm)}`;
const eventTopic = (alarm: string): string => `plantroom/alarm-events/${levels(alarm)}`;
