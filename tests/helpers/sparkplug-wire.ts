/**
 * Sparkplug B payloads read by the numbers of the schema in the standard (sparkplug_b.proto, Sparkplug 3.0 §6.4.1) and with nothing of the
 * libraries that wrote them: what both sides of a shared codec get wrong alike is seen here.
 */
export interface WirePayload {
  timestamp: number | undefined;
  seq: number | undefined;
  metrics: WireMetric[];
  /** Fields that the standard does not have or that this reader has no use for, by number. */
  others: number[];
}

export interface WireMetric {
  name: string | undefined;
  alias: number | undefined;
  timestamp: number | undefined;
  datatype: number | undefined;
  isHistorical: boolean;
  isNull: boolean;
  /** Which of the value fields is there; undefined: none. */
  valueField: ValueField | undefined;
  value: number | boolean | string | undefined;
  properties: { keys: string[]; values: WireProperty[] } | undefined;
  others: number[];
}

export interface WireProperty {
  type: number | undefined;
  isNull: boolean;
  valueField: ValueField | undefined;
  value: number | boolean | string | undefined;
}

export type ValueField = 'int' | 'long' | 'float' | 'double' | 'boolean' | 'string';
const valueFields: readonly ValueField[] = ['int', 'long', 'float', 'double', 'boolean', 'string'];
/** The field that holds values of a datatype (§6.4.16), for those that a point can have. */
export const fieldOfType: Readonly<Record<number, ValueField>> = {
  1: 'int',
  2: 'int',
  3: 'int',
  4: 'long',
  5: 'int',
  6: 'int',
  7: 'int',
  8: 'long',
  9: 'float',
  10: 'double',
  11: 'boolean',
  12: 'string',
  13: 'long',
  14: 'string',
};

interface Field {
  number: number;
  /** Of a varint, or of eight or four bytes as they lie. */
  integer: bigint;
  bytes: Buffer;
}

export function readPayload(bytes: Buffer): WirePayload {
  const payload: WirePayload = { timestamp: undefined, seq: undefined, metrics: [], others: [] };
  for (const field of fields(bytes)) {
    if (field.number === 1) payload.timestamp = Number(field.integer);
    else if (field.number === 2) payload.metrics.push(readMetric(field.bytes));
    else if (field.number === 3) payload.seq = Number(field.integer);
    else payload.others.push(field.number);
  }
  return payload;
}

function readMetric(bytes: Buffer): WireMetric {
  const metric: WireMetric = {
    name: undefined,
    alias: undefined,
    timestamp: undefined,
    datatype: undefined,
    isHistorical: false,
    isNull: false,
    valueField: undefined,
    value: undefined,
    properties: undefined,
    others: [],
  };
  for (const field of fields(bytes)) {
    const { number, integer } = field;
    if (number === 1) metric.name = field.bytes.toString('utf8');
    else if (number === 2) metric.alias = Number(integer);
    else if (number === 3) metric.timestamp = Number(integer);
    else if (number === 4) metric.datatype = Number(integer);
    else if (number === 5) metric.isHistorical = integer === 1n;
    else if (number === 7) metric.isNull = integer === 1n;
    else if (number === 9) metric.properties = readProperties(field.bytes);
    else if (!takeValue(metric, field, { first: 10, type: metric.datatype })) metric.others.push(number);
  }
  return metric;
}

function readProperties(bytes: Buffer): { keys: string[]; values: WireProperty[] } {
  const set: { keys: string[]; values: WireProperty[] } = { keys: [], values: [] };
  for (const field of fields(bytes)) {
    if (field.number === 1) set.keys.push(field.bytes.toString('utf8'));
    else if (field.number === 2) set.values.push(readProperty(field.bytes));
  }
  return set;
}

function readProperty(bytes: Buffer): WireProperty {
  const property: WireProperty = { type: undefined, isNull: false, valueField: undefined, value: undefined };
  for (const field of fields(bytes)) {
    if (field.number === 1) property.type = Number(field.integer);
    else if (field.number === 2) property.isNull = field.integer === 1n;
    else takeValue(property, field, { first: 3, type: property.type });
  }
  return property;
}

/** `first`: number of the integer field; the others follow in the order of the schema. */
function takeValue(
  holder: { valueField: ValueField | undefined; value: number | boolean | string | undefined },
  { number, integer, bytes }: Field,
  { first, type }: { first: number; type: number | undefined },
): boolean {
  const field = valueFields[number - first];
  if (field === undefined) return false;
  holder.valueField = field;
  if (field === 'int') holder.value = Number(type === 3 ? BigInt.asIntN(32, integer) : integer);
  else if (field === 'long') holder.value = Number(type === 4 ? BigInt.asIntN(64, integer) : integer);
  else if (field === 'float') holder.value = bytes.readFloatLE();
  else if (field === 'double') holder.value = bytes.readDoubleLE();
  else if (field === 'boolean') holder.value = integer === 1n;
  else holder.value = bytes.toString('utf8');
  return true;
}

/** Protocol buffers, encoding: a key of number × 8 + wire type, then a varint (0), eight bytes (1), length and bytes (2) or four bytes (5). */
function* fields(bytes: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const wireType = key & 7;
    const number = key >> 3;
    if (wireType === 0) yield { number, integer: varint(), bytes: Buffer.alloc(0) };
    else {
      const length = wireType === 1 ? 8 : wireType === 5 ? 4 : wireType === 2 ? Number(varint()) : Number.NaN;
      if (Number.isNaN(length) || at + length > bytes.length) throw new Error(`wire type ${wireType} at byte ${at}`);
      yield { number, integer: 0n, bytes: bytes.subarray(at, at + length) };
      at += length;
    }
  }
}
