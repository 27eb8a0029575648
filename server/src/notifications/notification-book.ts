import {
  channelSecrets,
  defaultNotificationSettings,
  type MessageTemplate,
  type NotificationPerson,
  type NotificationPolicy,
  type NotificationRoster,
  type NotificationSettings,
} from '@plantroom/contracts';
import type { Db } from '../repositories/database.ts';
import {
  deleteNotificationConfig,
  deleteSecrets,
  loadNotificationConfig,
  loadSecrets,
  type NotificationConfigKind,
  saveNotificationConfig,
  saveSecret,
} from '../repositories/notification-config-repository.ts';
import { type ChannelConfig, emptyConfig, type NotificationConfig } from './domain/config.ts';
import type { Vault } from './vault.ts';

/** Channels, people, rosters and policies in memory, as the database has them; secrets of channels only sealed. */
export class NotificationBook {
  readonly #db: Db;
  readonly #vault: Vault;
  #sealed: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map();
  #changing: Promise<unknown> = Promise.resolve();
  #config: NotificationConfig = emptyConfig;

  constructor(db: Db, vault: Vault) {
    this.#db = db;
    this.#vault = vault;
  }

  get config(): NotificationConfig {
    return this.#config;
  }

  async load(): Promise<void> {
    // All of it is read before any of it is taken over: messages are sent meanwhile.
    const rows = await loadNotificationConfig(this.#db);
    const sealed = new Map<string, Map<string, string>>();
    for (const secret of await loadSecrets(this.#db)) {
      const ofChannel = sealed.get(secret.channel) ?? new Map<string, string>();
      sealed.set(secret.channel, ofChannel.set(secret.name, secret.sealed));
    }
    const of = <T>(kind: NotificationConfigKind): Map<string, T> =>
      new Map(rows.filter((row) => row.kind === kind).map(({ id, body }) => [id, body as T]));
    this.#config = {
      settings: { ...defaultNotificationSettings, ...of<NotificationSettings>('settings').get('settings') },
      channels: of<ChannelConfig>('channel'),
      people: of<NotificationPerson>('person'),
      rosters: of<NotificationRoster>('roster'),
      policies: of<NotificationPolicy>('policy'),
      templates: of<MessageTemplate>('template'),
    };
    this.#sealed = sealed;
  }

  /** Checks and writes in one transaction, then takes over; one after the other, so that each is checked against what the last one left. */
  change(act: (db: Db) => Promise<void>): Promise<void> {
    const change = this.#changing.then(async () => {
      await this.#db.transaction().execute(act);
      await this.load();
    });
    this.#changing = change.catch(() => undefined);
    return change;
  }

  async save(db: Db, kind: NotificationConfigKind, item: { id: string }): Promise<void> {
    await saveNotificationConfig(db, kind, { id: item.id, body: item });
  }

  async saveSettings(db: Db, settings: NotificationSettings): Promise<void> {
    await saveNotificationConfig(db, 'settings', { id: 'settings', body: settings });
  }

  async remove(db: Db, kind: NotificationConfigKind, id: string): Promise<void> {
    await deleteNotificationConfig(db, kind, id);
    if (kind === 'channel') await deleteSecrets(db, id);
  }

  /** Null removes it. */
  async saveSecret(db: Db, channel: string, { name, value }: { name: string; value: string | null }): Promise<void> {
    if (value === null) await deleteSecrets(db, channel, name);
    else await saveSecret(db, { channel, name, sealed: this.#vault.seal(value, placeOf(channel, name)) });
  }

  secretsSet(channel: string): string[] {
    return [...this.#secretsOf(channel).keys()].sort();
  }

  /** In the clear, for sending only; one that cannot be opened is missing. */
  secrets(channel: string): Record<string, string> {
    const open = [...this.#secretsOf(channel)].flatMap(([name, sealed]) => {
      const value = this.#vault.open(sealed, placeOf(channel, name));
      return value === null ? [] : [[name, value] as const];
    });
    return Object.fromEntries(open);
  }

  /** Secrets without which the channel cannot send: not set, or sealed with another installation's key. */
  missingSecrets({ id, settings }: ChannelConfig): string[] {
    const held = this.secrets(id);
    return channelSecrets[settings.kind].filter((name) => !name.endsWith('?') && held[name] === undefined);
  }

  #secretsOf(channel: string): ReadonlyMap<string, string> {
    return this.#sealed.get(channel) ?? new Map();
  }
}

const placeOf = (channel: string, name: string): string => `${channel}/${name}`;
