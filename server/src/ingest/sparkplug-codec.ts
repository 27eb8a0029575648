import { type CommandValue, metricProperties, PlantroomError } from '@plantroom/contracts';
import proto from 'sparkplug-payload/lib/sparkplugPayloadProto.js';

// The package's own decodePayload looks only at the datatype inside the metric, which data messages may leave out
// (tck-id-payloads-name-birth-data-requirement: datatype is required in births only), and reads UInt32 above 2³¹ as negative.
// Its generated protobuf classes are used directly instead.
const { Payload } = proto.org.eclipse.tahu.protobuf;
type RawPayload = ReturnType<typeof Payload.decode>;
export type WireMetric = RawPayload['metrics'][number];
type Long = { low: number; high: number };

export interface WirePayload {
  /** UTC ms; undefined when absent. */
  timestampMs: number | undefined;
  /** 0-255; undefined when absent. */
  seq: number | undefined;
  metrics: readonly WireMetric[];
}

/** tahu's data types, by their numbers on the wire (Sparkplug 3.0, 6.4.16). */
export const dataType = {
  int8: 1,
  int16: 2,
  int32: 3,
  int64: 4,
  uint8: 5,
  uint16: 6,
  uint32: 7,
  uint64: 8,
  float: 9,
  double: 10,
  boolean: 11,
  string: 12,
  dateTime: 13,
  text: 14,
  uuid: 15,
} as const;

const compressedMark = 'SPBV1.0_COMPRESSED';

/** Throws PAYLOAD_INVALID when the bytes are no Sparkplug B payload. */
export function decodePayload(bytes: Uint8Array): WirePayload {
  let payload: RawPayload;
  try {
    payload = Payload.decode(bytes);
  } catch (error) {
    throw new PlantroomError('PAYLOAD_INVALID', `${bytes.length} bytes are no Sparkplug B payload`, { cause: error });
  }
  if (payload.uuid === compressedMark) {
    throw new PlantroomError(
      'PAYLOAD_INVALID',
      `payload is compressed (${compressedMark}), which Sparkplug 3.0 has not`,
    );
  }
  return {
    timestampMs: longOf(payload, 'timestamp'),
    seq: longOf(payload, 'seq'),
    metrics: payload.metrics,
  };
}

/** A command of one Boolean metric, named as in the birth. */
export function encodeCommand(name: string, timestampMs: number): Buffer {
  const metric = { name, timestamp: timestampMs, datatype: dataType.boolean, booleanValue: true };
  return Buffer.from(Payload.encode(Payload.create({ timestamp: timestampMs, metrics: [metric] })).finish());
}

/** A node command that names an outbox position of a lane, told in properties as our gateways read them. */
export function encodePosition(
  name: string,
  { lane, position, request }: { lane: string; position: number; request?: number },
  { timestampMs, hostId }: { timestampMs: number; hostId: string },
): Buffer {
  const properties = [
    [metricProperties.lane, { type: dataType.string, stringValue: lane }],
    [metricProperties.host, { type: dataType.string, stringValue: hostId }],
    ...(request === undefined
      ? []
      : [[metricProperties.request, { type: dataType.uint64, longValue: request }] as const]),
  ] as const;
  const metric = {
    name,
    timestamp: timestampMs,
    datatype: dataType.uint64,
    longValue: position,
    properties: { keys: properties.map(([key]) => key), values: properties.map(([, value]) => value) },
  };
  return Buffer.from(Payload.encode(Payload.create({ timestamp: timestampMs, metrics: [metric] })).finish());
}

/** A DCMD of one metric, by its alias where the birth gave one, else by its name (payloads-alias-data-cmd-requirement). No seq. */
export function encodeDeviceCommand(
  output: { name: string; alias: number | undefined; dataType: number },
  value: CommandValue,
  { timestampMs, id, point }: { timestampMs: number; id: string; point: string },
): Buffer {
  const text = (stringValue: string) => ({ type: dataType.string, stringValue });
  const metric = {
    ...(output.alias === undefined ? { name: output.name } : { alias: output.alias }),
    timestamp: timestampMs,
    datatype: output.dataType,
    ...valueField(output.dataType, value),
    properties: {
      keys: [metricProperties.commandId, metricProperties.commandPoint],
      values: [text(id), text(point)],
    },
  };
  return Buffer.from(Payload.encode(Payload.create({ timestamp: timestampMs, metrics: [metric] })).finish());
}

function valueField(type: number, value: CommandValue): Record<string, number | boolean | string> {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { booleanValue: value };
  if (type === dataType.double) return { doubleValue: value };
  if (type === dataType.float) return { floatValue: value };
  const long = type === dataType.int64 || type === dataType.uint64 || type === dataType.dateTime;
  return long ? { longValue: value } : { intValue: value >>> 0 };
}

export function unsigned(value: number | Long): number {
  return typeof value === 'number' ? value : (value.high >>> 0) * 4_294_967_296 + (value.low >>> 0);
}

function signed(value: number | Long): number {
  return typeof value === 'number' ? value : (value.high | 0) * 4_294_967_296 + (value.low >>> 0);
}

function longOf(payload: RawPayload, key: 'timestamp' | 'seq'): number | undefined {
  const value = Object.hasOwn(payload, key) ? payload[key] : undefined;
  return value === undefined || value === null ? undefined : unsigned(value);
}

export function metricAlias(metric: WireMetric): number | undefined {
  const { alias } = metric;
  return Object.hasOwn(metric, 'alias') && alias !== undefined && alias !== null ? unsigned(alias) : undefined;
}

export function metricTimeMs(metric: WireMetric): number | undefined {
  const { timestamp } = metric;
  return Object.hasOwn(metric, 'timestamp') && timestamp !== undefined && timestamp !== null
    ? unsigned(timestamp)
    : undefined;
}

/** A value of these types can be a point; data sets, templates, files and arrays cannot. */
export function isScalarType(type: number): boolean {
  return type >= dataType.int8 && type <= dataType.uuid;
}

/** What a property or metric says; undefined when the value is absent, null when it says so or cannot be read as its type. */
export function scalarValue(holder: WireMetric | Property, type: number): number | boolean | string | null | undefined {
  if (holder.isNull === true) return null;
  switch (type) {
    case dataType.int8:
    case dataType.int16:
    case dataType.int32:
    case dataType.uint8:
    case dataType.uint16:
      return Object.hasOwn(holder, 'intValue') ? intOf(holder.intValue ?? 0, type) : undefined;
    case dataType.uint32:
      // The specification stores it as long; some encoders use int.
      if (Object.hasOwn(holder, 'intValue')) return (holder.intValue ?? 0) >>> 0;
      return Object.hasOwn(holder, 'longValue') ? unsigned(holder.longValue ?? 0) % 4_294_967_296 : undefined;
    case dataType.int64:
      return Object.hasOwn(holder, 'longValue') ? signed(holder.longValue ?? 0) : undefined;
    case dataType.uint64:
    case dataType.dateTime:
      return Object.hasOwn(holder, 'longValue') ? unsigned(holder.longValue ?? 0) : undefined;
    case dataType.float:
      return Object.hasOwn(holder, 'floatValue') ? finite(holder.floatValue ?? 0) : undefined;
    case dataType.double:
      return Object.hasOwn(holder, 'doubleValue') ? finite(holder.doubleValue ?? 0) : undefined;
    case dataType.boolean:
      return Object.hasOwn(holder, 'booleanValue') ? (holder.booleanValue ?? false) : undefined;
    case dataType.string:
    case dataType.text:
    case dataType.uuid:
      return Object.hasOwn(holder, 'stringValue') ? (holder.stringValue ?? '') : undefined;
    default:
      return undefined;
  }
}

/** A whole number of a node metric; undefined when it is none. Data messages may leave the type out. */
export function metricNumber(metric: WireMetric, typeWhenAbsent: number = dataType.int64): number | undefined {
  const value = scalarValue(metric, metric.datatype || typeWhenAbsent);
  return typeof value === 'number' ? value : undefined;
}

type Property = NonNullable<NonNullable<WireMetric['properties']>['values']>[number];

/** The named property of a metric; undefined when it has none of that name. */
export function propertyOf(metric: WireMetric, name: string): number | boolean | string | undefined {
  const { properties } = metric;
  if (properties === undefined || properties === null) return undefined;
  const index = properties.keys?.indexOf(name) ?? -1;
  const property = index < 0 ? undefined : properties.values?.[index];
  if (property === undefined) return undefined;
  return scalarValue(property, property.type ?? 0) ?? undefined;
}

/** The wire carries 8- and 16-bit integers in 32 bits, sign-extended by some encoders and not by others. */
function intOf(raw: number, type: number): number {
  if (type === dataType.int8) return (raw << 24) >> 24;
  if (type === dataType.int16) return (raw << 16) >> 16;
  return type === dataType.int32 ? raw | 0 : raw >>> 0;
}

/** NaN and infinity are no measurements. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
