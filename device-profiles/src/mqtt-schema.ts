import { closed, literals } from '@plantroom/contracts';
import Type, { type Static } from 'typebox';

/** Payload either the plain word or JSON with that word under `path`. */
export const Presence = Type.Object(
  {
    /** Template as `mqtt.topic`. */
    topic: Type.String({ minLength: 1 }),
    path: Type.Optional(Type.String()),
    online: Type.String(),
    offline: Type.String(),
  },
  closed,
);
export type Presence = Static<typeof Presence>;

/** Where a device tells its own time. */
const StampedBy = Type.Object(
  {
    path: Type.String({ minLength: 1 }),
    /**
     * Zone of a text that names none: an IANA name or a fixed offset (`+08:00`), usually a device parameter in braces.
     * Empty or left out: unknown, and such a text is no time.
     */
    zone: Type.Optional(Type.String()),
  },
  closed,
);

/** What makes two messages the same event, and which of two is the older one. Paths into the payload. */
const EventIdentity = Type.Object(
  {
    /** The same for every copy of one event (ChirpStack: deduplicationId). */
    id: Type.Optional(Type.String({ minLength: 1 })),
    /** Rises from event to event (LoRaWAN: fCnt). */
    counter: Type.Optional(Type.String({ minLength: 1 })),
    /** Changes when the counter begins anew by right (LoRaWAN: devAddr). */
    session: Type.Optional(Type.String({ minLength: 1 })),
  },
  closed,
);
export type EventIdentity = Static<typeof EventIdentity>;

const Byte = Type.Integer({ minimum: 0, maximum: 255 });
export const tlvTypes = ['u8', 's8', 'u16', 's16', 'u32', 's32'] as const;
export type TlvType = (typeof tlvTypes)[number];

const TlvValue = Type.Object(
  {
    channel: Byte,
    type: Byte,
    /** Key of the value in the decoded object, as the vendor's own codec names it. */
    name: Type.String({ minLength: 1 }),
    /** Width and sign; always little-endian. */
    read: literals(tlvTypes),
    /** Left out: 1. */
    scale: Type.Optional(Type.Number()),
    /** Raw values, unsigned at the type's width, that mean "not available". */
    absent: Type.Optional(Type.Array(Type.Integer({ minimum: 0 }))),
    /** Raw value → what the vendor's codec says; a raw value that is not listed is not available. */
    map: Type.Optional(Type.Record(Type.String({ pattern: '^\\d+$' }), Type.Union([Type.String(), Type.Boolean()]))),
  },
  closed,
);
export type TlvValue = Static<typeof TlvValue>;

/** Known, but no present value: versions, settings, records of the past. */
const TlvSkip = Type.Object({ channel: Byte, type: Byte, skip: Type.Integer({ minimum: 1, maximum: 255 }) }, closed);
export type TlvSkip = Static<typeof TlvSkip>;

/** Binary payload inside the JSON, for where the network server has no codec of its own: channel, type, then data little-endian. */
export const TlvCodec = Type.Object(
  {
    kind: Type.Literal('tlv'),
    /** Path of the base64 text. */
    data: Type.String({ minLength: 1 }),
    /** Key of the payload that holds the decoded object; where the message brings it, the bytes are not looked at. */
    into: Type.String({ minLength: 1 }),
    /** LoRaWAN port of telemetry; left out: any. */
    port: Type.Optional(Type.Object({ path: Type.String({ minLength: 1 }), value: Type.Integer() }, closed)),
    channels: Type.Array(Type.Union([TlvValue, TlvSkip]), { minItems: 1 }),
  },
  closed,
);
export type TlvCodec = Static<typeof TlvCodec>;

/** What a network server says about a device in words: it goes to the log, never to a point. */
const Notice = Type.Object(
  {
    /** Template as `mqtt.topic`. */
    topic: Type.String({ minLength: 1 }),
    /** What has happened, before code and text, where the message does not say it. Left out: the message does. */
    what: Type.Optional(Type.String({ minLength: 1 })),
    /** Paths of short code and text; either may be missing in a message. */
    code: Type.Optional(Type.String()),
    text: Type.Optional(Type.String()),
  },
  closed,
);
export type Notice = Static<typeof Notice>;

/** One more place where a point is told, with the same type and meaning. */
export const MqttPlace = Type.Object(
  {
    /** Template; left out: the topic of the point. */
    topic: Type.Optional(Type.String({ minLength: 1 })),
    path: Type.String(),
    /** Path → value: a message that says any of these does not tell the point (ChirpStack: batteryLevelUnavailable). */
    unless: Type.Optional(
      Type.Record(Type.String({ minLength: 1 }), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
    ),
  },
  closed,
);
export type MqttPlace = Static<typeof MqttPlace>;

export const MqttSettings = Type.Object(
  {
    /** Main topic, with `{parameter}` placeholders. */
    topic: Type.String({ minLength: 1 }),
    /**
     * Names of the model as announcements have it (zigbee2mqtt, Shelly, Home Assistant; a ChirpStack device profile may carry it), for the
     * command `discover`. Left out: it goes by the values alone.
     */
    models: Type.Optional(Type.Array(Type.String({ minLength: 2 }), { minItems: 1 })),
    /** Whether the device is there. Several: it is gone while any of them says so (the device itself, the bridge before it). */
    availability: Type.Optional(Type.Union([Presence, Type.Array(Presence, { minItems: 1 })])),
    /** Path of the device's own time: ISO 8601 with zone, or epoch s/ms; with `zone` also a text without one. */
    time: Type.Optional(Type.Union([Type.String(), StampedBy])),
    /** Left out: every message is a new event. */
    event: Type.Optional(EventIdentity),
    codec: Type.Optional(TlvCodec),
    notices: Type.Optional(Type.Union([Notice, Type.Array(Notice, { minItems: 1 })])),
  },
  closed,
);
export type MqttSettings = Static<typeof MqttSettings>;

export function presencesOf({ availability }: MqttSettings): readonly Presence[] {
  if (availability === undefined) return [];
  return Array.isArray(availability) ? availability : [availability];
}

export function noticesOf({ notices }: MqttSettings): readonly Notice[] {
  if (notices === undefined) return [];
  return Array.isArray(notices) ? notices : [notices];
}

export function deviceTimeOf({ time }: MqttSettings): { path: string; zone?: string } | undefined {
  return typeof time === 'string' ? { path: time } : time;
}
