import { metricProperties, type Reading, sparkplugQuality } from '@plantroom/contracts';
import { ByteWriter } from '../../outbox/byte-writer.ts';
import type { GatewayPoint } from '../../pipeline/point-table.ts';

/**
 * DDATA written byte by byte. A hundred thousand metrics leave in a second; the library makes an object of each, with a tree of objects below
 * it, before it writes the first byte. Field numbers are those of sparkplug_b.proto (Sparkplug 3.0, §6.4.1); all but the strings are
 * below 16, so a tag is one byte: number × 8 + wire type (0 varint, 1 eight bytes, 2 length and bytes).
 */
const payloadTags = { timestamp: 0x08, metric: 0x12, seq: 0x18 };
const metricTags = {
  alias: 0x10,
  timestamp: 0x18,
  datatype: 0x20,
  isHistorical: 0x28,
  isNull: 0x38,
  properties: 0x4a,
  int: 0x50,
  double: 0x69,
  boolean: 0x70,
  string: 0x7a,
};
const setTags = { key: 0x0a, value: 0x12 };
const propertyTags = { type: 0x08, int: 0x18, long: 0x20, string: 0x42 };
/** Data types of §6.4.16. */
const types = { int32: 3, uint64: 8, double: 10, boolean: 11, string: 12 };
const typeOfKind = {
  number: types.double,
  counter: types.double,
  enum: types.int32,
  boolean: types.boolean,
  string: types.string,
} as const;

export interface MetricForm {
  historical: boolean;
  /** Quality, reason and device time go with the value. */
  properties: boolean;
}

/** One message at a time: `begin`, `add` for each reading, `end`. */
export class DataPayload {
  readonly #writer = new ByteWriter(32_768);
  begin(timestampMs: number): void {
    this.#writer.clear();
    this.#writer.byte(payloadTags.timestamp);
    this.#writer.varint(timestampMs);
  }

  add(point: GatewayPoint, reading: Reading, { historical, properties }: MetricForm): void {
    const writer = this.#writer;
    const { value } = reading;
    const type = typeOfKind[point.binding.kind];
    writer.byte(payloadTags.metric);
    const from = writer.openLength();
    writer.byte(metricTags.alias);
    writer.varint(point.alias);
    writer.byte(metricTags.timestamp);
    writer.varint(reading.wireTimeMs);
    writer.byte(metricTags.datatype);
    writer.byte(type);
    if (historical) flag(writer, metricTags.isHistorical);
    if (properties) writeProperties(writer, reading);
    if (value === null) flag(writer, metricTags.isNull);
    else if (type === types.double) {
      writer.byte(metricTags.double);
      writer.float64(Number(value));
    } else if (type === types.boolean) {
      writer.byte(metricTags.boolean);
      writer.byte(value ? 1 : 0);
    } else if (type === types.int32) {
      writer.byte(metricTags.int);
      // int_value is uint32: negative codes travel as two's complement (§6.4.16).
      writer.varint(Number(value) >>> 0);
    } else {
      writer.byte(metricTags.string);
      writer.text(String(value));
    }
    writer.closeLength(from);
  }

  /** A copy: what a connection holds back must not change under it. */
  end(seq: number): Buffer {
    this.#writer.byte(payloadTags.seq);
    this.#writer.varint(seq);
    return this.#writer.copy();
  }
}

function flag(writer: ByteWriter, tag: number): void {
  writer.byte(tag);
  writer.byte(1);
}

function writeProperties(writer: ByteWriter, { quality, reason, deviceTimeMs }: Reading): void {
  writer.byte(metricTags.properties);
  const from = writer.openLength();
  key(writer, metricProperties.quality);
  if (reason !== undefined) key(writer, metricProperties.reason);
  if (deviceTimeMs !== undefined) key(writer, metricProperties.deviceTimeMs);
  property(writer, types.int32, () => {
    writer.byte(propertyTags.int);
    writer.varint(sparkplugQuality[quality]);
  });
  if (reason !== undefined)
    property(writer, types.string, () => {
      writer.byte(propertyTags.string);
      writer.text(reason);
    });
  if (deviceTimeMs !== undefined)
    property(writer, types.uint64, () => {
      writer.byte(propertyTags.long);
      writer.varint(deviceTimeMs);
    });
  writer.closeLength(from);
}

function key(writer: ByteWriter, name: string): void {
  writer.byte(setTags.key);
  writer.text(name);
}

function property(writer: ByteWriter, type: number, write: () => void): void {
  writer.byte(setTags.value);
  const from = writer.openLength();
  writer.byte(propertyTags.type);
  writer.byte(type);
  write();
  writer.closeLength(from);
}
