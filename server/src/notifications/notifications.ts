import type {
  Alarm,
  AlarmPriority,
  Clock,
  Logger,
  NotificationChannel,
  NotificationChannelPut,
  NotificationPerson,
  NotificationPolicy,
  NotificationRoster,
  NotificationSettings,
  NotificationStatus,
  PreviewRequest,
  PreviewResult,
} from '@plantroom/contracts';
import type { ServerCatalog } from '../engine/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import { appendAudit } from '../repositories/audit-repository.ts';
import type { Database, Db } from '../repositories/database.ts';
import { callCounts } from '../repositories/notification-call-repository.ts';
import type { NotificationConfigKind } from '../repositories/notification-config-repository.ts';
import {
  type Delivery,
  deliveryCounts,
  findDelivery,
  reviveDelivery,
} from '../repositories/notification-outbox-repository.ts';
import { ChannelAlarms } from './channel-alarms.ts';
import { adapterOf } from './channels/registry.ts';
import { channelSettingsProblem } from './channels/settings-problem.ts';
import type { AlarmFacts } from './domain/alarm-facts.ts';
import {
  channelProblem,
  type FieldProblem,
  personProblem,
  policyProblem,
  rosterProblem,
  settingsProblem,
  usesOf,
} from './domain/check-config.ts';
import type { ChannelConfig } from './domain/config.ts';
import { factsSource } from './facts-source.ts';
import { MessageTemplates } from './message-templates.ts';
import { NotificationBook } from './notification-book.ts';
import { Notifier } from './notifier.ts';
import { previewOf } from './preview.ts';
import { NotificationRefusal } from './refusal.ts';
import { gapsOf } from './status.ts';
import type { Vault } from './vault.ts';

export interface NotificationsOptions {
  database: Database;
  engine: Engine;
  catalog: ServerCatalog;
  vault: Vault;
  clock: Clock;
  logger: Logger;
  /** 0 to 1; spreads repeated attempts. */
  random: () => number;
}

/** Everything that an audit needs of who changes something. */
export interface Author {
  user: string;
}

/** What others may name. */
type Named = Exclude<NotificationConfigKind, 'settings' | 'template'>;

/** The service behind `/api/notifications`: configuration with its checks and audit, and the notifier that works by it. */
export class Notifications {
  readonly book: NotificationBook;
  readonly notifier: Notifier;
  readonly templates: MessageTemplates;
  readonly #options: NotificationsOptions;
  readonly #alarms: ChannelAlarms;
  #settingsChanged = (): void => undefined;
  readonly #factsOf: ReturnType<typeof factsSource>;

  constructor(options: NotificationsOptions) {
    this.#options = options;
    const { database, engine, vault, clock, logger, random } = options;
    this.#factsOf = factsSource(options);
    this.book = new NotificationBook(database.db, vault);
    this.notifier = new Notifier({
      database,
      book: this.book,
      vault,
      factsOf: this.#factsOf,
      standing: ({ facts }) => {
        const alarm = engine.book.get(facts.alarm)?.alarm;
        if (alarm === undefined || alarm.occurrence !== facts.occurrence || alarm.state === 'NORM') return 'over';
        return alarm.flags.acked ? 'acknowledged' : 'standing';
      },
      places: () => engine.floods.places,
      onJournal: (listener) => engine.onEvent(listener),
      onFailing: () => void this.#alarms.refresh(),
      adapterOf,
      random,
      clock,
      logger,
    });
    this.templates = new MessageTemplates({
      book: this.book,
      alarms: () => [...engine.book.all()].map(({ alarm }) => alarm),
      factsOf: (alarm) => this.factsOf(alarm),
      clock,
    });
    this.#alarms = new ChannelAlarms({
      engine,
      channels: () => this.book.config.channels.values(),
      isFailing: (channel) => this.notifier.sender.troubles.isFailing(channel),
      logger,
    });
  }

  /** What a message says of an alarm as it is. */
  factsOf({ id, occurrence, priority, lifeSafety, guidance, activeMs, onsetValue }: Alarm): AlarmFacts {
    const { name } = guidance;
    return this.#factsOf({ alarm: id, occurrence, priority, lifeSafety, name, atMs: activeMs ?? 0, value: onsetValue });
  }

  async start(): Promise<void> {
    await this.book.load();
    await this.notifier.start();
    await this.#alarms.refresh();
  }

  async stop(): Promise<void> {
    await this.notifier.stop();
  }

  channelView({ id, name, enabled, language, coalesceS, perMinute, settings }: ChannelConfig): NotificationChannel {
    const { troubles } = this.notifier.sender;
    return {
      id,
      name,
      enabled,
      language,
      coalesceS,
      perMinute,
      settings,
      secretsSet: this.book.secretsSet(id),
      trouble: troubles.of(id),
      lastSentMs: troubles.lastSentMs(id),
    };
  }

  async status(): Promise<NotificationStatus> {
    const { database, clock } = this.#options;
    const [{ open }, counts] = [await callCounts(database.db), await deliveryCounts(database.db)];
    const gaps = gapsOf(this.book.config, {
      nowMs: clock.nowMs(),
      missingSecrets: (channel) => this.book.missingSecrets(channel),
      trouble: (channel) => this.notifier.sender.troubles.of(channel)?.message ?? null,
    });
    return { gaps, openCalls: open, ...counts };
  }

  async putChannel(id: string, put: NotificationChannelPut, author: Author): Promise<NotificationChannel> {
    const { secrets = {}, ...rest } = put;
    const channel: ChannelConfig = { id, ...rest };
    const problem = (): FieldProblem | null => {
      const kind = this.book.config.channels.get(id)?.settings.kind ?? put.settings.kind;
      if (kind === put.settings.kind) return channelProblem(put) ?? channelSettingsProblem(put.settings);
      const message = `the kind of a channel stays: "${kind}", not "${put.settings.kind}"; make a new one`;
      return { field: 'settings.kind', message };
    };
    await this.#change({ kind: 'channel', item: channel, problem, author }, Object.keys(secrets), async (db) => {
      for (const [name, value] of Object.entries(secrets)) await this.book.saveSecret(db, id, { name, value });
    });
    this.notifier.sender.troubles.forget(id);
    await this.#alarms.refresh();
    return this.channelView(channel);
  }

  async putPerson(person: NotificationPerson, author: Author): Promise<NotificationPerson> {
    const addressProblem = (channel: string, address: string): string | null => {
      const kind = this.book.config.channels.get(channel)?.settings.kind;
      return kind === undefined ? null : adapterOf(kind).addressProblem(address);
    };
    const problem = () => personProblem(person, this.book.config, addressProblem);
    await this.#change({ kind: 'person', item: person, problem, author });
    return person;
  }

  async putRoster(roster: NotificationRoster, author: Author): Promise<NotificationRoster> {
    const problem = () => rosterProblem(roster, this.book.config);
    await this.#change({ kind: 'roster', item: roster, problem, author });
    return roster;
  }

  async putPolicy(policy: NotificationPolicy, author: Author): Promise<NotificationPolicy> {
    const problem = () => policyProblem(policy, this.book.config);
    await this.#change({ kind: 'policy', item: policy, problem, author });
    return policy;
  }

  async putSettings(settings: NotificationSettings, author: Author): Promise<NotificationSettings> {
    refuse(settingsProblem(settings));
    await this.book.change(async (db) => {
      const before = this.book.config.settings;
      await this.book.saveSettings(db, settings);
      await this.#audit(db, author, {
        action: 'notification.settings',
        subject: 'settings',
        details: { before, after: settings },
      });
    });
    this.#settingsChanged();
    return settings;
  }

  /** Called after each change of the settings. */
  onSettings(listener: () => void): void {
    this.#settingsChanged = listener;
  }

  /** Refused while something names it. */
  async remove(kind: Named, id: string, author: Author): Promise<void> {
    await this.book.change(async (db) => {
      const before = this.#held(kind, id);
      if (before === undefined) throw new NotificationRefusal(404, 'NOT_FOUND', `no ${kind} "${id}"`);
      const uses = kind === 'policy' ? [] : usesOf(kind, id, this.book.config);
      if (uses.length > 0)
        throw new NotificationRefusal(
          409,
          'NOTIFICATION_IN_USE',
          `${kind} "${id}" is named by ${uses.join(', ')}; take it out there first`,
        );
      await this.book.remove(db, kind, id);
      await this.#audit(db, author, { action: `notification.${kind}.remove`, subject: id, details: { before } });
    });
    if (kind === 'channel') {
      this.notifier.sender.troubles.forget(id);
      await this.#alarms.refresh();
    }
    this.notifier.wake();
  }

  preview({ site, equipment, priority, lifeSafety, atMs }: PreviewRequest): PreviewResult {
    const { engine, catalog, clock } = this.#options;
    const place = equipment === undefined ? undefined : engine.plant.equipment.get(equipment);
    if (equipment !== undefined && place === undefined)
      refuse({ field: 'equipment', message: `no equipment "${equipment}"` });
    if (!engine.plant.sites.has(site))
      refuse({ field: 'site', message: `no site "${site}"; known: ${[...engine.plant.sites.keys()].join(', ')}` });
    const alarm: { priority: AlarmPriority; lifeSafety: boolean } = { priority, lifeSafety };
    const system = catalog.classes.get(place?.class ?? '')?.system ?? null;
    const facts = { ...alarm, site, equipment: equipment ?? null, class: place?.class ?? null, system };
    return { policies: previewOf(this.book.config, facts, { atMs: atMs ?? clock.nowMs() }) };
  }

  /** A dead letter once more, under its id. */
  async sendAgain(id: string, author: Author): Promise<Delivery> {
    const { database, clock } = this.#options;
    const delivery = await findDelivery(database.db, id);
    if (delivery === null) throw new NotificationRefusal(404, 'NOT_FOUND', `no delivery "${id}"`);
    const again = await database.db.transaction().execute(async (db) => {
      const revived = await reviveDelivery(db, id, clock.nowMs());
      const details = { error: delivery.error };
      if (revived !== null)
        await this.#audit(db, author, { action: 'notification.delivery.again', subject: id, details });
      return revived;
    });
    if (again === null)
      throw new NotificationRefusal(
        409,
        'DELIVERY_NOT_DEAD',
        `delivery "${id}" is ${delivery.state}; only dead letters are sent again`,
      );
    this.notifier.wake();
    return again;
  }

  async testChannel(
    id: string,
    to: { address: string; language: NotificationPerson['language'] },
    author: Author,
  ): Promise<Delivery> {
    const channel = this.book.config.channels.get(id);
    if (channel === undefined) throw new NotificationRefusal(404, 'NOT_FOUND', `no channel "${id}"`);
    const problem = adapterOf(channel.settings.kind).addressProblem(to.address);
    if (problem !== null) refuse({ field: 'address', message: problem });
    await this.#audit(this.#options.database.db, author, {
      action: 'notification.channel.test',
      subject: id,
      details: { address: to.address },
    });
    return await this.notifier.sender.test(channel, to);
  }

  async #change(
    {
      kind,
      item,
      problem,
      author,
    }: { kind: Named; item: { id: string }; problem: () => FieldProblem | null; author: Author },
    secrets: readonly string[] = [],
    also: (db: Db) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    await this.book.change(async (db) => {
      refuse(problem());
      const before = this.#held(kind, item.id) ?? null;
      await this.book.save(db, kind, item);
      await also(db);
      const details = { before, after: item, ...(secrets.length === 0 ? {} : { secrets }) };
      await this.#audit(db, author, { action: `notification.${kind}.set`, subject: item.id, details });
    });
    this.notifier.wake();
  }

  #held(kind: Named, id: string): unknown {
    const { channels, people, rosters, policies } = this.book.config;
    return { channel: channels, person: people, roster: rosters, policy: policies }[kind].get(id);
  }

  async #audit(
    db: Db,
    { user }: Author,
    { action, subject, details }: { action: string; subject: string; details: unknown },
  ): Promise<void> {
    await appendAudit(db, { atMs: this.#options.clock.nowMs(), user, action, subject, reason: null, details });
  }
}

function refuse(problem: FieldProblem | null): void {
  if (problem !== null) throw new NotificationRefusal(400, 'INVALID_REQUEST', problem.message, problem.field);
}
