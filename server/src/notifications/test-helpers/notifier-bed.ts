import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AlarmJournalEntry,
  type NotificationPerson,
  type NotificationPolicy,
  type NotificationRoster,
  type NotificationSettings,
  silentLogger,
  VirtualClock,
} from '@plantroom/contracts';
import { type Database, openDatabase } from '../../repositories/database.ts';
import { appendJournal } from '../../repositories/journal-repository.ts';
import { type Delivery, listDeliveries, reviveDelivery } from '../../repositories/notification-outbox-repository.ts';
import { adapterOf } from '../channels/registry.ts';
import type { AlarmFacts } from '../domain/alarm-facts.ts';
import type { ChannelConfig } from '../domain/config.ts';
import { NotificationBook } from '../notification-book.ts';
import { Notifier } from '../notifier.ts';
import { Vault } from '../vault.ts';
import { testFacts } from './messages.ts';

type Line = Pick<AlarmJournalEntry, 'alarm' | 'action' | 'stateBefore' | 'stateAfter'> & Partial<AlarmJournalEntry>;

const positions = {
  desk: { site: 'hq', position: 'desk', name: { zh: '值班室', en: 'Duty desk' } },
  plant: { site: 'hq', position: 'plant', name: { zh: '泵房', en: 'Pump room' } },
};
/** Alarms whose id begins with `hq/plant` are those of the pump room. */
const places = {
  all: () => Object.values(positions),
  placeOf: (alarm: string) => (alarm.startsWith('hq/plant') ? positions.plant : positions.desk),
};

/** The notifier on a database of its own with a virtual clock; the journal is written as the engine writes it. */
export class NotifierBed {
  readonly clock: VirtualClock;
  /** By alarm id; what is not there is an ordinary one. */
  readonly facts = new Map<string, Partial<AlarmFacts>>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'plantroom-notifier-'));
  readonly #vault = new Vault(Buffer.alloc(32, 7));
  #listeners = new Set<() => void>();
  database!: Database;
  book!: NotificationBook;
  notifier!: Notifier;

  constructor(startMs: number) {
    this.clock = new VirtualClock(startMs);
  }

  async open(): Promise<void> {
    this.database = await openDatabase(join(this.#folder, 'plantroom.sqlite'));
    this.book = new NotificationBook(this.database.db, this.#vault);
    await this.book.load();
    this.notifier = new Notifier({
      database: this.database,
      book: this.book,
      vault: this.#vault,
      factsOf: ({ alarm, occurrence, priority, atMs }) =>
        testFacts({ alarm, occurrence, priority, atMs, ...this.facts.get(alarm) }),
      standing: () => 'standing',
      places: () => places,
      onJournal: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      onFailing: () => undefined,
      adapterOf,
      random: () => 0.5,
      clock: this.clock,
      logger: silentLogger,
    });
  }

  start(): Promise<void> {
    return this.notifier.start();
  }

  /** As a process ends: what is in the database stays. */
  async stop(): Promise<void> {
    await this.notifier.stop();
    await this.database.close();
  }

  async destroy(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async channel(
    channel: Pick<ChannelConfig, 'id' | 'settings'> & Partial<ChannelConfig>,
    secrets: Record<string, string> = {},
  ): Promise<void> {
    await this.book.change(async (db) => {
      await this.book.save(db, 'channel', {
        name: channel.id,
        enabled: true,
        language: 'zh-CN',
        coalesceS: 30,
        perMinute: 20,
        ...channel,
      } as ChannelConfig);
      for (const [name, value] of Object.entries(secrets)) await this.book.saveSecret(db, channel.id, { name, value });
    });
  }

  async person(person: Pick<NotificationPerson, 'id' | 'contacts'> & Partial<NotificationPerson>): Promise<void> {
    const whole: NotificationPerson = {
      name: person.id,
      language: 'en',
      user: null,
      roles: [],
      quiet: null,
      enabled: true,
      ...person,
    };
    await this.book.change((db) => this.book.save(db, 'person', whole));
  }

  async roster(roster: NotificationRoster): Promise<void> {
    await this.book.change((db) => this.book.save(db, 'roster', roster));
  }

  async policy(policy: Pick<NotificationPolicy, 'id' | 'steps'> & Partial<NotificationPolicy>): Promise<void> {
    const whole: NotificationPolicy = {
      name: policy.id,
      enabled: true,
      match: {},
      repeat: null,
      stopOnReturn: false,
      tellReturned: false,
      ...policy,
    };
    await this.book.change((db) => this.book.save(db, 'policy', whole));
  }

  async settings(settings: NotificationSettings): Promise<void> {
    await this.book.change((db) => this.book.saveSettings(db, settings));
  }

  /** Committed together, then told, as the engine does. */
  async journal(...lines: Line[]): Promise<void> {
    const nowMs = this.clock.nowMs();
    const entries = lines.map((line) => ({
      occurrence: `${line.alarm}@1.1`,
      priority: 'high' as const,
      atMs: nowMs,
      recordedMs: nowMs,
      historical: false,
      user: null,
      comment: null,
      value: null,
      details: null,
      equipment: null,
      name: null,
      lifeSafety: false,
      ...line,
    }));
    await appendJournal(this.database.db, entries);
    for (const listener of this.#listeners) listener();
  }

  raise(alarm: string, parts: Partial<AlarmJournalEntry> = {}): Promise<void> {
    return this.journal({ alarm, action: 'activated', stateBefore: 'NORM', stateAfter: 'UNACK', ...parts });
  }

  /** As the engine says it of a flood that began then. */
  flood(action: 'flood-began' | 'flood-ended', { position, beganMs }: { position: string; beganMs: number }) {
    const first = { alarm: 'hq/a/x#H', equipment: null, atMs: beganMs };
    const counts = { alarms: 11, lifeSafety: 0, critical: 0, rate: 11, peak: 11, systems: [], equipment: [] };
    return this.journal({
      alarm: `hq/positions#flood/${position}`,
      occurrence: `hq/${position}/${beganMs}`,
      action,
      stateBefore: 'NORM',
      stateAfter: 'NORM',
      details: { flood: { position, beganMs, first, ...counts } },
    });
  }

  acknowledge(alarm: string): Promise<void> {
    return this.journal({ alarm, action: 'acknowledged', stateBefore: 'UNACK', stateAfter: 'ACKED', user: 'an' });
  }

  giveBack(alarm: string): Promise<void> {
    return this.journal({ alarm, action: 'returned', stateBefore: 'UNACK', stateAfter: 'RTNUN' });
  }

  async deliveries(): Promise<Delivery[]> {
    return (await listDeliveries(this.database.db, { limit: 500 })).items.reverse();
  }

  revive(delivery: string): Promise<Delivery | null> {
    return reviveDelivery(this.database.db, delivery, this.clock.nowMs());
  }

  /** Moves time on in steps, each until everything that it set off is done. */
  async pass(ms: number, stepMs = ms): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.clock.advance(Math.min(left, stepMs));
      await this.settled();
    }
  }

  /** Until nothing is left to do at this moment. */
  settled(): Promise<void> {
    return this.notifier.settled();
  }
}
