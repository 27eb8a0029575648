import {
  type ChannelKind,
  type ChannelSettings,
  defaultNotificationSettings,
  type Language,
  type MessageTemplate,
  type NotificationPerson,
  type NotificationPolicy,
  type NotificationRoster,
  type NotificationSettings,
} from '@plantroom/contracts';

/** A channel without its secrets. */
export interface ChannelConfig {
  id: string;
  name: string;
  enabled: boolean;
  /** Of what goes to the channel itself: a group has no language of its own. */
  language: Language;
  coalesceS: number;
  perMinute: number;
  settings: ChannelSettings;
}

export interface NotificationConfig {
  settings: NotificationSettings;
  channels: ReadonlyMap<string, ChannelConfig>;
  people: ReadonlyMap<string, NotificationPerson>;
  rosters: ReadonlyMap<string, NotificationRoster>;
  policies: ReadonlyMap<string, NotificationPolicy>;
  /** Those that the site has changed, by `<kind>/<language>`. */
  templates: ReadonlyMap<string, MessageTemplate>;
}

export const emptyConfig: NotificationConfig = {
  settings: defaultNotificationSettings,
  channels: new Map(),
  people: new Map(),
  rosters: new Map(),
  policies: new Map(),
  templates: new Map(),
};

/** What the vendors of robots allow in a minute and a second; other kinds: what the channel says. */
export const vendorLimits: Partial<Record<ChannelKind, { perMinute: number; perSecond?: number }>> = {
  wecom: { perMinute: 20 },
  dingtalk: { perMinute: 20 },
  feishu: { perMinute: 100, perSecond: 5 },
};
