import Type, { type Static } from 'typebox';
import { alarmPriorities } from './alarm-condition.ts';
import { page } from './api.ts';
import { languages } from './local-text.ts';
import { closed, literals, Nullable, Slug, TimeMs } from './schema.ts';
import { systems } from './systems.ts';

const Name = Type.String({ minLength: 1, maxLength: 100 });
/** `23:30`, local time. */
const Clock = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });
const TimeZone = Type.String({ minLength: 1, maxLength: 64, description: 'IANA time zone' });
const Slugs = Type.Array(Slug, { maxItems: 200, uniqueItems: true });
const Minutes = Type.Integer({ minimum: 1, maximum: 1440, description: 'minutes' });

export const channelKinds = ['email', 'webhook', 'wecom', 'dingtalk', 'feishu', 'http'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** When a message to a group names everybody (@all). */
export const mentionChoices = ['never', 'life-safety', 'critical'] as const;
const Robot = {
  /** For a private deployment; https, http only on loopback. Left out: the vendor's public address. */
  baseUrl: Type.Optional(Type.String({ maxLength: 500 })),
  mentionAll: literals(mentionChoices),
};
/** A word that the robot demands in each message; it is added where it is missing. */
const Keyword = Type.Optional(Type.String({ minLength: 1, maxLength: 50 }));

/** What tells that the provider has taken the message, beside HTTP 2xx. */
export const ProviderSuccess = Type.Union([
  Type.Object({ type: Type.Literal('status') }, closed),
  /** A field of the JSON answer, by a path as `result.code`; compared as text. */
  Type.Object(
    {
      type: Type.Literal('field'),
      path: Type.String({ minLength: 1, maxLength: 200 }),
      equals: Type.String({ maxLength: 200 }),
    },
    closed,
  ),
  Type.Object({ type: Type.Literal('contains'), text: Type.String({ minLength: 1, maxLength: 200 }) }, closed),
]);
export type ProviderSuccess = Static<typeof ProviderSuccess>;

export const providerContentTypes = ['application/json', 'application/x-www-form-urlencoded', 'text/plain'] as const;

export const ChannelSettings = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('email'),
      host: Type.String({ minLength: 1, maxLength: 255 }),
      port: Type.Integer({ minimum: 1, maximum: 65535 }),
      /** `tls` from the first byte (465), `starttls` demanded (587), `none` only to a server on this machine or network. */
      security: literals(['tls', 'starttls', 'none']),
      username: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
      from: Type.String({ minLength: 3, maxLength: 255 }),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('webhook'), url: Type.String({ maxLength: 2000 }) }, closed),
  Type.Object({ kind: Type.Literal('wecom'), ...Robot }, closed),
  Type.Object({ kind: Type.Literal('dingtalk'), ...Robot, keyword: Keyword }, closed),
  Type.Object({ kind: Type.Literal('feishu'), ...Robot, keyword: Keyword }, closed),
  Type.Object(
    {
      kind: Type.Literal('http'),
      method: literals(['POST', 'PUT', 'GET']),
      /** Placeholders in URL, header values and body: `{{to}} {{text}} {{title}} {{link}} {{id}} {{secret}} {{timestamp}}`. */
      url: Type.String({ minLength: 1, maxLength: 2000 }),
      headers: Type.Array(
        Type.Object(
          { name: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' }), value: Type.String({ maxLength: 1000 }) },
          closed,
        ),
        {
          maxItems: 20,
        },
      ),
      contentType: literals(providerContentTypes),
      body: Type.String({ maxLength: 10_000 }),
      success: ProviderSuccess,
      /** Bytes of UTF-8 that `{{text}}` may have. */
      maxTextBytes: Type.Integer({ minimum: 70, maximum: 10_000 }),
    },
    closed,
  ),
]);
export type ChannelSettings = Static<typeof ChannelSettings>;

/** Names of the secrets that each kind of channel has; those with `?` may be left out. */
export const channelSecrets = {
  email: ['password?'],
  webhook: ['signingKey'],
  wecom: ['key'],
  dingtalk: ['accessToken', 'signingSecret?'],
  feishu: ['token', 'signingSecret?'],
  http: ['secret?'],
} as const satisfies Record<ChannelKind, readonly string[]>;

const channelFields = {
  name: Name,
  enabled: Type.Boolean(),
  /** Of what is told to the channel itself; what goes to a person is in the person's language. */
  language: literals(languages),
  /** How long alarms that are neither critical nor about life are gathered into one message, s. */
  coalesceS: Type.Integer({ minimum: 0, maximum: 3600 }),
  /** Messages in any minute; never more than the vendor of a robot allows. */
  perMinute: Type.Integer({ minimum: 1, maximum: 600 }),
  settings: ChannelSettings,
};
const ChannelTrouble = Type.Object({ sinceMs: TimeMs, message: Type.String() }, closed);
export const NotificationChannel = Type.Object(
  {
    id: Slug,
    ...channelFields,
    /** Which secrets are set; their values are never told. */
    secretsSet: Type.Array(Type.String()),
    /** Null: the last message was taken, or none was sent yet. */
    trouble: Nullable(ChannelTrouble),
    lastSentMs: Nullable(TimeMs),
  },
  closed,
);
export type NotificationChannel = Static<typeof NotificationChannel>;
export const NotificationChannelPut = Type.Object(
  {
    ...channelFields,
    /** A secret that is left out stays, null removes it. */
    secrets: Type.Optional(Type.Record(Type.String(), Nullable(Type.String({ minLength: 1, maxLength: 2000 })))),
  },
  closed,
);
export type NotificationChannelPut = Static<typeof NotificationChannelPut>;

/** What a person is on site; a policy may call a role. */
export const dutyRoles = ['duty-engineer', 'technician', 'chief-engineer', 'safety-officer', 'manager'] as const;
export type DutyRole = (typeof dutyRoles)[number];

const personFields = {
  name: Name,
  language: literals(languages),
  /** User name in Plantroom; null: none. What the person acknowledges by a link stands under it in the journal. */
  user: Nullable(Type.String({ maxLength: 64 })),
  roles: Type.Array(literals(dutyRoles), { uniqueItems: true }),
  /** In the order in which they are tried. Robots: the mobile number (WeCom, DingTalk) or open_id (Feishu) to mention. */
  contacts: Type.Array(Type.Object({ channel: Slug, address: Type.String({ maxLength: 255 }) }, closed), {
    maxItems: 10,
  }),
  /** What is neither critical nor about life waits until `to`; null: no quiet hours. */
  quiet: Nullable(Type.Object({ from: Clock, to: Clock, timeZone: TimeZone }, closed)),
  enabled: Type.Boolean(),
};
export const NotificationPerson = Type.Object({ id: Slug, ...personFields }, closed);
export type NotificationPerson = Static<typeof NotificationPerson>;
export const NotificationPersonPut = Type.Object(personFields, closed);

export const RosterShift = Type.Object(
  {
    id: Slug,
    name: Name,
    /** ISO: 1 Monday to 7 Sunday; the day on which the shift begins. */
    weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, uniqueItems: true }),
    from: Clock,
    /** Not after `from`: it ends on the next day. */
    to: Clock,
    people: Slugs,
  },
  closed,
);
export type RosterShift = Static<typeof RosterShift>;
/** On that day (of the beginning) the shift has these people instead; empty: nobody. */
export const RosterOverride = Type.Object(
  { date: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), shift: Slug, people: Slugs },
  closed,
);
export type RosterOverride = Static<typeof RosterOverride>;
const rosterFields = {
  name: Name,
  timeZone: TimeZone,
  shifts: Type.Array(RosterShift, { maxItems: 50 }),
  overrides: Type.Array(RosterOverride, { maxItems: 1000 }),
};
export const NotificationRoster = Type.Object({ id: Slug, ...rosterFields }, closed);
export type NotificationRoster = Static<typeof NotificationRoster>;
export const NotificationRosterPut = Type.Object(rosterFields, closed);

export const RosterDuty = Type.Object(
  {
    shift: Slug,
    name: Name,
    date: Type.String(),
    fromMs: TimeMs,
    toMs: TimeMs,
    people: Slugs,
    overridden: Type.Boolean(),
  },
  closed,
);
export type RosterDuty = Static<typeof RosterDuty>;
export const RosterDutyQuery = Type.Object({ from: TimeMs, to: TimeMs }, closed);
export const RosterDuties = page(RosterDuty);

export const PolicyTarget = Type.Union([
  Type.Object({ type: Type.Literal('roster'), id: Slug }, closed),
  Type.Object({ type: Type.Literal('person'), id: Slug }, closed),
  Type.Object({ type: Type.Literal('role'), id: literals(dutyRoles) }, closed),
  /** A robot's group or a webhook. */
  Type.Object({ type: Type.Literal('channel'), id: Slug }, closed),
]);
export type PolicyTarget = Static<typeof PolicyTarget>;

/** What is left out or empty matches all. */
export const PolicyMatch = Type.Object(
  {
    sites: Type.Optional(Slugs),
    systems: Type.Optional(Type.Array(literals(systems), { uniqueItems: true })),
    classes: Type.Optional(Slugs),
    /** `<site>/<equipment>` */
    equipment: Type.Optional(Type.Array(Type.String({ maxLength: 130 }), { maxItems: 200, uniqueItems: true })),
    priorities: Type.Optional(Type.Array(literals(alarmPriorities), { uniqueItems: true })),
    /** Left out: both. */
    lifeSafety: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type PolicyMatch = Static<typeof PolicyMatch>;
const policyFields = {
  name: Name,
  enabled: Type.Boolean(),
  match: PolicyMatch,
  /** In rising order of minutes after the announcement, until somebody acknowledges. */
  steps: Type.Array(
    Type.Object(
      {
        afterMinutes: Type.Integer({ minimum: 0, maximum: 1440 }),
        targets: Type.Array(PolicyTarget, { minItems: 1, maxItems: 20 }),
      },
      closed,
    ),
    { minItems: 1, maxItems: 20 },
  ),
  /** The last step again; null: not, but alarms about life every 5 minutes. `times` null: until acknowledged. */
  repeat: Nullable(
    Type.Object({ everyMinutes: Minutes, times: Nullable(Type.Integer({ minimum: 1, maximum: 1000 })) }, closed),
  ),
  /** A return to normal ends the ladder too; never for life safety. */
  stopOnReturn: Type.Boolean(),
  /** Those who were told are told that it has returned. */
  tellReturned: Type.Boolean(),
};
export const NotificationPolicy = Type.Object({ id: Slug, ...policyFields }, closed);
export type NotificationPolicy = Static<typeof NotificationPolicy>;
export const NotificationPolicyPut = Type.Object(policyFields, closed);

export const NotificationSettings = Type.Object(
  {
    /** Where people reach this server, for links in messages; null: no links. */
    publicUrl: Nullable(Type.String({ maxLength: 500 })),
    /** How long an acknowledge link holds. */
    linkMinutes: Type.Integer({ minimum: 5, maximum: 1440 }),
    /** Alarm events to the MQTT broker. */
    mqtt: Type.Boolean(),
  },
  closed,
);
export type NotificationSettings = Static<typeof NotificationSettings>;
export const defaultNotificationSettings: NotificationSettings = { publicUrl: null, linkMinutes: 60, mqtt: false };
