import { closed, LocalText, literals, Slug, UnitRef } from '@plantroom/contracts';
import Type, { type Static } from 'typebox';
import { byteOrders, ModbusAt, modbusTables } from './address-schema.ts';
import { DurationText } from './class-schema.ts';
import { MqttPlace, MqttSettings } from './mqtt-schema.ts';
import { ScaleBy } from './scale-schema.ts';
import { ModbusWrite, MqttWrite } from './write-schema.ts';

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
    /** Where the point is told as well, looked at in this order after the first place. Left out: nowhere else. */
    also: Type.Optional(Type.Array(MqttPlace, { minItems: 1 })),
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
      {
        from: Type.Integer({ minimum: 0, maximum: 63 }),
        count: Type.Integer({ minimum: 1, maximum: 32 }),
        /** Two's complement in these bits; left out: unsigned. */
        signed: Type.Optional(Type.Boolean()),
        /** Number parameter that chooses the bit: lowest bit = from + parameter − 1 (Modbus only). */
        plus: Type.Optional(Slug),
      },
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

/** `write` left out: the point cannot be written. A class that is read-only never allows it. */
export const ModbusPoint = Type.Object(
  {
    ...meaning,
    at: ModbusAt,
    /** Registers whose factors multiply the raw value, before scale and offset. */
    scaleBy: Type.Optional(Type.Array(ScaleBy, { minItems: 1, maxItems: 3 })),
    /** Counters: raw number at which the device begins again at 0; left out: what the unsigned type or radix holds, else never. */
    wrap: Type.Optional(Type.Union([Type.Integer({ minimum: 2 }), Type.Literal('never')])),
    write: Type.Optional(ModbusWrite),
  },
  closed,
);
export type ModbusPoint = Static<typeof ModbusPoint>;
export const MqttPoint = Type.Object({ ...meaning, at: MqttAt, write: Type.Optional(MqttWrite) }, closed);
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

/** How the device is set when it is delivered, for the person who wires it; what the sources do not give is left out. Lines are set in the gateway file. */
export const SerialDelivery = Type.Object(
  {
    baudRate: Type.Optional(Type.Integer({ minimum: 300, maximum: 921_600 })),
    parity: Type.Optional(literals(['none', 'even', 'odd'])),
    stopBits: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 })),
    /** Unit id. */
    unit: Type.Optional(Type.Integer({ minimum: 1, maximum: 254 })),
  },
  { ...closed, minProperties: 1 },
);
export type SerialDelivery = Static<typeof SerialDelivery>;

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
        serial: Type.Optional(SerialDelivery),
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
    mqtt: MqttSettings,
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
const Registers = Type.Partial(Type.Record(literals(modbusTables), Type.Record(Type.String(), Type.Array(Word))));
/** A value in the class point's unit, and the request that carries it or the words in which it is refused. */
const VectorWrite = Type.Object(
  {
    value: Expected,
    /** Modbus: the one table and address that is written. */
    registers: Type.Optional(Registers),
    /** Modbus; left out: single. */
    function: Type.Optional(literals(['single', 'multiple'])),
    /** MQTT: the one topic and its payload. */
    messages: Type.Optional(Type.Record(Type.String(), Type.String())),
    /** Part of the refusal. */
    refused: Type.Optional(Type.String({ minLength: 1 })),
  },
  closed,
);
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
          registers: Type.Optional(Registers),
          /** MQTT: topic → payload text. */
          messages: Type.Optional(Type.Record(Type.String(), Type.String())),
          /** `[role.]point` → value in the class point's unit; numbers compare with a relative tolerance of 1e-6. */
          expect: Type.Record(Type.String(), Expected),
          /** `[role.]point` → writes. */
          writes: Type.Optional(Type.Record(Type.String(), Type.Array(VectorWrite, { minItems: 1 }))),
        },
        closed,
      ),
      { minItems: 1 },
    ),
  },
  closed,
);
export type VectorFile = Static<typeof VectorFile>;
