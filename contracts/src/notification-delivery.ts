import Type, { type Static } from 'typebox';
import { alarmPriorities } from './alarm-condition.ts';
import { page } from './api.ts';
import { LocalText, languages } from './local-text.ts';
import { closed, literals, Nullable, Slug, TimeMs } from './schema.ts';

const Name = Type.String({ minLength: 1, maxLength: 100 });

export const deliveryStates = ['waiting', 'sending', 'retrying', 'sent', 'dead'] as const;
export type DeliveryState = (typeof deliveryStates)[number];
export const deliveryKinds = ['alarm', 'returned', 'summary', 'flood', 'test'] as const;
export type DeliveryKind = (typeof deliveryKinds)[number];

/** One message to one address, or one alarm that waits to be put into one (`waiting`: gathered, or kept over quiet hours). */
export const NotificationDelivery = Type.Object(
  {
    id: Type.String({ description: 'also the idempotency id in the message' }),
    channel: Slug,
    address: Type.String(),
    people: Type.Array(Type.String({ description: 'person ids' })),
    kind: literals(deliveryKinds),
    state: literals(deliveryStates),
    lifeSafety: Type.Boolean(),
    /** Alarms in it, and the names of the first. */
    count: Type.Integer(),
    subjects: Type.Array(LocalText),
    alarms: Type.Array(Type.String()),
    attempts: Type.Integer(),
    createdMs: TimeMs,
    /** When it is tried (again); null: it is done. */
    nextMs: Nullable(TimeMs),
    sentMs: Nullable(TimeMs),
    /** What the receiver answered when it took it. */
    receipt: Nullable(Type.String()),
    error: Nullable(Type.String()),
  },
  closed,
);
export type NotificationDelivery = Static<typeof NotificationDelivery>;
export const DeliveryQuery = Type.Object(
  {
    state: Type.Optional(literals(deliveryStates)),
    channel: Type.Optional(Type.String()),
    after: Type.Optional(Type.String({ maxLength: 100 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'items a page; left out: 100' })),
  },
  closed,
);
export type DeliveryQuery = Static<typeof DeliveryQuery>;
export const DeliveryPage = page(NotificationDelivery);

export const ChannelTestRequest = Type.Object(
  { address: Type.String({ maxLength: 255 }), language: literals(languages) },
  closed,
);

export const notificationGaps = [
  'no-channel',
  'no-policy',
  'life-safety-untold',
  'life-safety-unanswered',
  'nobody-on-duty',
  'channel-failing',
  'channel-incomplete',
  'no-public-url',
] as const;
/** What keeps alarms from being told, most serious first. `subject`: the channel, roster or policy it is about. */
export const NotificationStatus = Type.Object(
  {
    gaps: Type.Array(
      Type.Object(
        { gap: literals(notificationGaps), subject: Nullable(Type.String()), detail: Nullable(Type.String()) },
        closed,
      ),
    ),
    /** Ladders that run. */
    openCalls: Type.Integer(),
    waiting: Type.Integer(),
    dead: Type.Integer(),
  },
  closed,
);
export type NotificationStatus = Static<typeof NotificationStatus>;

/** "Who would be told if …": an alarm as it is, or one that is thought up. */
export const PreviewRequest = Type.Object(
  {
    site: Slug,
    /** `<site>/<equipment>`; left out: none in particular. */
    equipment: Type.Optional(Type.String({ maxLength: 130 })),
    priority: literals(alarmPriorities),
    lifeSafety: Type.Boolean(),
    /** Left out: now. */
    atMs: Type.Optional(TimeMs),
  },
  closed,
);
export type PreviewRequest = Static<typeof PreviewRequest>;
export const PreviewRecipient = Type.Object(
  {
    /** Null: the channel itself, a group. */
    person: Nullable(Type.String()),
    /** Channels that the message takes; empty: the person cannot be reached. */
    routes: Type.Array(
      Type.Object(
        {
          channel: Slug,
          address: Type.String(),
          /** Kept until the end of quiet hours. */ heldUntilMs: Nullable(TimeMs),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type PreviewRecipient = Static<typeof PreviewRecipient>;
export const PreviewPolicy = Type.Object(
  {
    policy: Slug,
    name: Name,
    rungs: Type.Array(
      Type.Object({ atMs: TimeMs, repeated: Type.Boolean(), recipients: Type.Array(PreviewRecipient) }, closed),
    ),
    /** It goes on with the last rung until somebody acknowledges. */
    endless: Type.Boolean(),
  },
  closed,
);
export type PreviewPolicy = Static<typeof PreviewPolicy>;
export const PreviewResult = Type.Object({ policies: Type.Array(PreviewPolicy) }, closed);
export type PreviewResult = Static<typeof PreviewResult>;
