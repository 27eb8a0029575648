import { nodeMetrics } from '@plantroom/contracts';
import { ByteWriter } from '../../outbox/byte-writer.ts';
import type { NodeProgress } from './metrics.ts';

/** Field numbers of sparkplug_b.proto, as in `data-payload.ts`. */
const payloadTags = { timestamp: 0x08, metric: 0x12, seq: 0x18 };
const metricTags = { name: 0x0a, timestamp: 0x18, datatype: 0x20, isNull: 0x38, long: 0x58 };
/** Data types of §6.4.16. */
const types = { uint64: 8, dateTime: 13 };

function named(name: string): Uint8Array {
  const writer = new ByteWriter(64);
  writer.byte(metricTags.name);
  writer.text(name);
  return writer.written().slice();
}

const watermark = named(nodeMetrics.watermark);
const ahead = named(nodeMetrics.aheadOf('live'));
const lanes = (['safety', 'live'] as const).map((lane) => ({
  lane,
  position: named(nodeMetrics.positionOf(lane)),
  count: named(nodeMetrics.countOf(lane)),
  replayed: named(nodeMetrics.replayedOf(lane)),
}));

/** NDATA with the metrics of `progressMetrics` and nothing else, byte by byte: a gateway sends it more often than most of its data. */
export class ProgressPayload {
  readonly #writer = new ByteWriter(512);

  /** A copy: what a connection holds back must not change under it. */
  encode(progress: NodeProgress, { timestampMs, seq }: { timestampMs: number; seq: number }): Buffer {
    const writer = this.#writer;
    writer.clear();
    writer.byte(payloadTags.timestamp);
    writer.varint(timestampMs);
    this.#metric(watermark, { type: types.dateTime, value: progress.watermarkMs, timestampMs });
    for (const { lane, position, count, replayed } of lanes) {
      this.#metric(position, { type: types.uint64, value: progress.positions[lane], timestampMs });
      this.#metric(count, { type: types.uint64, value: progress.counts[lane], timestampMs });
      this.#metric(replayed, { type: types.uint64, value: progress.replayed[lane], timestampMs });
    }
    this.#metric(ahead, { type: types.uint64, value: progress.ahead, timestampMs });
    writer.byte(payloadTags.seq);
    writer.varint(seq);
    return writer.copy();
  }

  #metric(name: Uint8Array, of: { type: number; value: number | undefined; timestampMs: number }): void {
    const writer = this.#writer;
    writer.byte(payloadTags.metric);
    const from = writer.openLength();
    writer.bytes(name);
    writer.byte(metricTags.timestamp);
    writer.varint(of.timestampMs);
    writer.byte(metricTags.datatype);
    writer.byte(of.type);
    if (of.value === undefined) {
      writer.byte(metricTags.isNull);
      writer.byte(1);
    } else {
      writer.byte(metricTags.long);
      writer.varint(of.value);
    }
    writer.closeLength(from);
  }
}
