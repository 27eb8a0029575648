import { closed, LocalText, literals, Slug, UnitRef } from '@plantroom/contracts';
import Type, { type Static } from 'typebox';
import { DurationText } from './class-schema.ts';

/** Address apart from meaning: `at` says where the raw value lies, the rest says what it means. */
export const modbusTables = ['coil', 'discrete', 'input', 'holding'] as const;
export type ModbusTable = (typeof modbusTables)[number];

export const rawTypes = ['bool', 'u16', 's16', 'u32', 's32', 'u64', 's64', 'f32', 'f64', 'string'] as const;
export type RawType = (typeof rawTypes)[number];

/** Byte order on the wire, named by where the bytes of the big-endian value ABCD stand. 64-bit values take the same pattern, word by word. */
export const byteOrders = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;
export type ByteOrder = (typeof byteOrders)[number];

/** address + Σ times × (parameter − 1); a list-valued parameter gives one address per entry. */
const AddressStep = Type.Object({ of: Slug, times: Type.Integer() }, closed);

/** Several list-valued parameters in one address: every combination, the first list outermost. */
const AddressSteps = Type.Array(AddressStep, { minItems: 1 });
const PduAddress = Type.Integer({ minimum: 0, maximum: 65535 });

export const ModbusAt = Type.Object(
  {
    table: literals(modbusTables),
    /** Zero-based PDU address, as on the wire. */
    address: PduAddress,
    plus: Type.Optional(AddressSteps),
    /** Further addresses of the same table and type whose values are combined with the first ones (the modules of a zone beside its detectors). */
    also: Type.Optional(
      Type.Array(Type.Object({ address: PduAddress, plus: Type.Optional(AddressSteps) }, closed), { minItems: 1 }),
    ),
    type: literals(rawTypes),
    /** Left out: the profile's `modbus.order`. */
    order: Type.Optional(literals(byteOrders)),
    /** The words of an unsigned integer are digits in this base, highest first (a counter kept as hi × 10000 + lo); left out: 65536. */
    radix: Type.Optional(Type.Integer({ minimum: 2, maximum: 65536 })),
    /** Registers of a string. */
    length: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
    /** The number that the vendor prints, for the person holding the manual. */
    vendorAddress: Type.Optional(Type.String()),
  },
  closed,
);

export const MqttAt = Type.Object(
  {
    /** Path into the JSON payload: `water_leak`, `sensors.0.t`; `''` takes the whole payload as the value. */
    path: Type.String(),
    /** Topic template when it is not the profile's main one; `{name}` are device parameters. */
    topic: Type.Optional(Type.String()),
    type: literals(['number', 'boolean', 'string']),
    /** Payload texts or values for true and false; left out: true/false, "ON"/"OFF", 1/0. */
    true: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
    false: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  },
  closed,
);

/**
 * Steps of decode, in this order, all optional:
 * absent (raw bits, before anything else) → bits (field of the raw integer) → match (→ boolean) or map (→ canonical code) →
 * scale → offset → unit conversion.
 */
const meaning = {
  /** Role of this device that the point belongs to; left out: the only role. */
  role: Type.Optional(Slug),
  point: Slug,
  /** Raw values, at the type's width, that mean "not available". Floats: NaN and ±Inf always are. Hex or decimal. */
  absent: Type.Optional(Type.Array(Type.Union([Type.Integer(), Type.String({ pattern: '^0x[0-9a-fA-F]+$' })]))),
  /** Bit field: lowest bit and width; a width of 1 gives a boolean. */
  bits: Type.Optional(
    Type.Object(
      { from: Type.Integer({ minimum: 0, maximum: 63 }), count: Type.Integer({ minimum: 1, maximum: 32 }) },
      closed,
    ),
  ),
  /** True when (raw & mask) === value; several: any of them. */
  match: Type.Optional(
    Type.Array(Type.Object({ mask: Type.Integer(), value: Type.Integer() }, closed), { minItems: 1 }),
  ),
  /** Raw code → canonical code of the class; a raw code that is not listed is a device error. */
  map: Type.Optional(Type.Record(Type.String({ pattern: '^-?\\d+$' }), Type.Union([Type.Integer(), Type.Boolean()]))),
  /** value = raw × scale + offset, in `unit`. */
  scale: Type.Optional(Type.Number()),
  offset: Type.Optional(Type.Number()),
  /** Unit after scale and offset; decode converts to the class point's unit. Left out: the class point's unit. */
  unit: Type.Optional(UnitRef),
  /** How the values of a list-valued address become one. Absent ones are left out; all absent: bad. `first`: the list parameter's entry of the first true one, 0 if none. */
  combine: Type.Optional(literals(['any', 'all', 'count', 'first'])),
  /** Which poll period; left out: normal. */
  poll: Type.Optional(literals(['fast', 'normal', 'slow'])),
  /** Lower than the device's certainty, when this row is. */
  certainty: Type.Optional(literals(['A', 'A*', 'B', 'C', 'M'])),
};

export const ModbusPoint = Type.Object({ ...meaning, at: ModbusAt }, closed);
export type ModbusPoint = Static<typeof ModbusPoint>;
export const MqttPoint = Type.Object({ ...meaning, at: MqttAt }, closed);
export type MqttPoint = Static<typeof MqttPoint>;

/** `[1, 4, "10-20"]` */
const NumberListText = Type.Array(Type.Union([Type.Integer(), Type.String({ pattern: '^\\d+-\\d+$' })]));

/** A value that the site must give: an MQTT name, a CT ratio, the detectors of a zone. */
export const ProfileParameter = Type.Object(
  {
    name: LocalText,
    kind: literals(['string', 'number', 'number-list']),
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
    /** Left out: the parameter must be given. A list takes numbers and ranges, as in the gateway file. */
    default: Type.Optional(Type.Union([Type.String(), Type.Number(), NumberListText])),
  },
  closed,
);
export type ProfileParameter = Static<typeof ProfileParameter>;

const ProfileRole = Type.Object(
  {
    class: Slug,
    /** One device may serve several equipment in this role (the zones of a panel); left out: exactly one. */
    many: Type.Optional(Type.Boolean()),
    parameters: Type.Optional(Type.Record(Slug, ProfileParameter)),
  },
  closed,
);

const head = {
  /** `<vendor>/<model>`, as the file's path. */
  profile: Type.String({ pattern: '^[a-z0-9-]+/[a-z0-9-]+$' }),
  vendor: Type.String({ minLength: 1 }),
  model: Type.String({ minLength: 1 }),
  /** Documents and independent implementations that the map was taken from. */
  sources: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
  certainty: literals(['A', 'A*', 'B']),
  notes: Type.Optional(Type.String()),
  /** Role → class. */
  serves: Type.Record(Slug, ProfileRole),
  parameters: Type.Optional(Type.Record(Slug, ProfileParameter)),
  /** How long the device may be silent: a number of polls, or a time. */
  silence: Type.Union([
    Type.Object({ polls: Type.Integer({ minimum: 1 }) }, closed),
    Type.Object({ after: DurationText }, closed),
  ]),
};

export const PollPeriods = Type.Object({ fast: DurationText, normal: DurationText, slow: DurationText }, closed);

export const modbusFramings = ['standard', 'inovance-rtu16'] as const;
export type ModbusFraming = (typeof modbusFramings)[number];

export const ModbusProfile = Type.Object(
  {
    ...head,
    protocol: Type.Literal('modbus'),
    modbus: Type.Object(
      {
        /** Frames other than the standard's, as data. `inovance-rtu16`: the reply's byte count has 16 bits. Left out: standard. */
        framing: Type.Optional(literals(modbusFramings)),
        /** Most registers in one read; left out: 125. Bits: 16 × this. */
        maxRegisters: Type.Optional(Type.Integer({ minimum: 1, maximum: 125 })),
        /** Unused registers that a block may read over; left out: 0. */
        maxGap: Type.Optional(Type.Integer({ minimum: 0, maximum: 124 })),
        /** Blocks start and end on a multiple of this (devices that answer register pairs only); left out: 1. */
        align: Type.Optional(Type.Integer({ minimum: 1, maximum: 4 })),
        /** Ranges that no block may touch: [first, last], PDU. */
        forbidden: Type.Optional(Type.Array(Type.Tuple([Type.Integer({ minimum: 0 }), Type.Integer({ minimum: 0 })]))),
        order: Type.Optional(literals(byteOrders)),
        minRequestGapMs: Type.Optional(Type.Integer({ minimum: 0 })),
        connectDelayMs: Type.Optional(Type.Integer({ minimum: 0 })),
        timeoutMs: Type.Optional(Type.Integer({ minimum: 1 })),
        /** Some gateways do not echo the transaction id; false then accepts any, with one request in flight. Left out: true. */
        strictTransactionId: Type.Optional(Type.Boolean()),
      },
      closed,
    ),
    poll: PollPeriods,
    points: Type.Array(ModbusPoint, { minItems: 1 }),
  },
  closed,
);
export type ModbusProfile = Static<typeof ModbusProfile>;

export const MqttProfile = Type.Object(
  {
    ...head,
    protocol: Type.Literal('mqtt'),
    mqtt: Type.Object(
      {
        /** Main topic, with `{parameter}` placeholders. */
        topic: Type.String({ minLength: 1 }),
        /** Whether the device is there; payload either the plain text or JSON with that text under `path`. */
        availability: Type.Optional(
          Type.Object(
            {
              topic: Type.String({ minLength: 1 }),
              path: Type.Optional(Type.String()),
              online: Type.String(),
              offline: Type.String(),
            },
            closed,
          ),
        ),
        /** Path of the device's own time: ISO 8601 with zone, or epoch s/ms. */
        time: Type.Optional(Type.String()),
      },
      closed,
    ),
    points: Type.Array(MqttPoint, { minItems: 1 }),
  },
  closed,
);
export type MqttProfile = Static<typeof MqttProfile>;

export const DeviceProfile = Type.Union([ModbusProfile, MqttProfile]);
export type DeviceProfile = ModbusProfile | MqttProfile;

/** vectors/<vendor>/<model>.yaml: typed by hand from the source, never produced by our code. */
const Word = Type.Integer({ minimum: 0, maximum: 65535 });
const Expected = Type.Union([
  Type.Number(),
  Type.Boolean(),
  Type.String(),
  /** Not available: value null, quality bad. */
  Type.Null(),
]);
const VectorParameter = Type.Union([Type.String(), Type.Number(), Type.Array(Type.Number())]);
export const VectorFile = Type.Object(
  {
    profile: Type.String(),
    source: Type.String({ minLength: 1 }),
    vectors: Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1 }),
          /** Device parameters and role parameters that the vector assumes. */
          parameters: Type.Optional(Type.Record(Slug, VectorParameter)),
          /** Modbus: table → PDU address (hex or decimal key) → words from there on; bits as 0/1. */
          registers: Type.Optional(
            Type.Partial(Type.Record(literals(modbusTables), Type.Record(Type.String(), Type.Array(Word)))),
          ),
          /** MQTT: topic → payload text. */
          messages: Type.Optional(Type.Record(Type.String(), Type.String())),
          /** `[role.]point` → value in the class point's unit; numbers compare with a relative tolerance of 1e-6. */
          expect: Type.Record(Type.String(), Expected),
        },
        closed,
      ),
      { minItems: 1 },
    ),
  },
  closed,
);
export type VectorFile = Static<typeof VectorFile>;
