import { nodeMetrics, type Reading, type SparkplugTopic } from '@plantroom/contracts';
import { Acknowledgement, isReporting } from './acknowledgement.ts';
import { type BornMetric, bornMetrics, isControlMetric } from './born-metrics.ts';
import { HeldLate } from './held-late.ts';
import type { StoredLane } from './ingest.ts';
import { metricReading } from './metric-reading.ts';
import { type DeviceEntry, NodePoints, type Output } from './node-points.ts';
import type { NodeCounts, NodeSessionOptions } from './node-session-options.ts';
import { NodeWatermark } from './node-watermark.ts';
import { SequenceWindow } from './sequence-window.ts';
import { slugOf } from './slug.ts';
import {
  dataType,
  metricAlias,
  metricNumber,
  metricTimeMs,
  scalarValue,
  type WireMetric,
  type WirePayload,
} from './sparkplug-codec.ts';

interface NodeMessage {
  topic: SparkplugTopic;
  payload: WirePayload;
}

/** A missing message may still come within this; then its node is asked for rebirth. Delays only what comes behind the gap. */
const reorderMs = 1_000;
/** Devices that a node knew before its birth and has not born again by then are gone. */
const rebornMs = 30_000;

/** What the host knows of one edge node, and the rules of Sparkplug for what it sends (Sparkplug 3.0, chapter 5). */
export class NodeSession {
  /** `<site>/<gateway>` */
  readonly id: string;
  readonly counts: NodeCounts = { readings: 0, duplicates: 0, sequenceGaps: 0, replaysRequested: 0 };
  readonly #options: NodeSessionOptions;
  readonly #site: string;
  readonly #points = new NodePoints();
  readonly #window = new SequenceWindow<NodeMessage>();
  #born = false;
  #online = false;
  #bdSeq: number | undefined;
  #watermarkAlias: number | undefined;
  readonly #controlAliases = new Set<number>();
  readonly #watermark: NodeWatermark;
  readonly #held = new HeldLate((readings) => this.#give(readings, true));
  readonly #acknowledgement: Acknowledgement;
  #takesCommands = false;
  #cancelReorder: (() => void) | null = null;
  #cancelReborn: (() => void) | null = null;

  constructor(options: NodeSessionOptions) {
    this.#options = options;
    this.#site = slugOf(options.group);
    this.id = `${this.#site}/${slugOf(options.node)}`;
    this.#watermark = new NodeWatermark(options.clock, (wireTimeMs) => options.sink.watermark(this.id, wireTimeMs));
    this.#acknowledgement = new Acknowledgement({
      clock: options.clock,
      whole: (lane, stretch) => {
        this.#points.seal(lane, stretch);
        this.#held.release(lane);
      },
      joined: () => this.#points.join(),
      unclear: () => this.#points.tear(),
      complete: (lane, position) => options.sink.complete(this.id, lane, position),
      missing: (lane, from, request) => this.#askAgain(lane, from, request),
    });
  }

  /** Its births since the host's connection are known. */
  get born(): boolean {
    return this.#born;
  }

  /** As last told to the sink. */
  get online(): boolean {
    return this.#online;
  }

  get watermarkMs(): number | null {
    return this.#watermark.wireTimeMs;
  }

  get pointCount(): number {
    return this.#points.count;
  }

  /** Whether it is a gateway of ours that obeys commands; foreign nodes do not say what came of one. */
  get takesCommands(): boolean {
    return this.#born && this.#takesCommands;
  }

  /** The metric that sets this point; undefined when it cannot be set now. */
  output(point: string): Output | undefined {
    return this.takesCommands ? this.#points.output(point) : undefined;
  }

  handle(topic: SparkplugTopic, payload: WirePayload): void {
    const message = { topic, payload };
    if (topic.type === 'NBIRTH') this.#nodeBirth(payload);
    else if (topic.type === 'NDEATH') this.#nodeDeath(payload);
    else if (!this.#born) this.#options.requestRebirth('data before birth');
    else if (payload.seq === undefined) this.#process(message);
    else this.#inOrder(payload.seq, message);
  }

  /** The host's own connection was lost: births must come anew before anything can be understood. The sink keeps its state. */
  forget(): void {
    this.#releaseHeld();
    this.#cancelReborn?.();
    this.#cancelReborn = null;
    this.#born = false;
    this.#points.forgetBirths();
  }

  /** The node is gone: by its death certificate, or because it did not come back. */
  goOffline(): void {
    this.forget();
    this.#held.releaseAll();
    this.#online = false;
    const atMs = this.#options.clock.nowMs();
    this.#options.sink.gatewayOffline(this.id, atMs);
    const points = [...this.#points.devices.values()].flatMap((device) => this.#points.degrade(device));
    // Stamped by the host (operational-behavior-edge-node-termination-host-action-ndeath-*). Uncertain, not bad: the equipment has not
    // failed, and what the gateway keeps reading meanwhile arrives later.
    if (points.length > 0) this.#options.sink.degraded(this.id, points, 'uncertain', 'stale', atMs);
  }

  /** Call each second. */
  tick(): void {
    if (this.#born) this.#watermark.tick();
  }

  #inOrder(seq: number, message: NodeMessage): void {
    for (const ready of this.#window.accept(seq, message)) this.#process(ready);
    if (!this.#window.waiting) {
      this.#cancelReorder?.();
      this.#cancelReorder = null;
    } else {
      this.#cancelReorder ??= this.#options.clock.after(reorderMs, () => {
        this.counts.sequenceGaps++;
        this.#releaseHeld();
        this.#options.requestRebirth('messages are missing');
      });
    }
  }

  /** What waited behind a gap is processed all the same: its values carry their own times. */
  #releaseHeld(): void {
    this.#cancelReorder?.();
    this.#cancelReorder = null;
    for (const message of this.#window.giveUp()) this.#process(message);
  }

  #process({ topic, payload }: NodeMessage): void {
    if (topic.type === 'NDATA') this.#data(payload);
    else if (topic.device === undefined) return;
    else if (topic.type === 'DBIRTH') this.#deviceBirth(topic.device, payload);
    else if (topic.type === 'DDATA') this.#deviceData(topic.device, payload);
    else if (topic.type === 'DDEATH') this.#deviceDeath(topic.device, payload);
  }

  #nodeBirth(payload: WirePayload): void {
    const { clock, sink, node } = this.#options;
    this.#releaseHeld();
    this.forget();
    this.#window.restart(payload.seq ?? 0);
    this.#born = true;
    const bdSeq = payload.metrics.find((m) => m.name === nodeMetrics.bdSeq);
    this.#bdSeq = bdSeq === undefined ? undefined : metricNumber(bdSeq);
    const watermark = payload.metrics.find((m) => m.name === nodeMetrics.watermark);
    this.#watermark.born({ isSent: watermark !== undefined });
    this.#points.isVouchedFor = isReporting(payload.metrics);
    const outcome = payload.metrics.find((m) => m.name === nodeMetrics.commandOutcome);
    this.#takesCommands = outcome !== undefined;
    this.#controlAliases.clear();
    for (const metric of payload.metrics) {
      const alias = metricAlias(metric);
      if (alias !== undefined && isControlMetric(metric.name ?? '')) this.#controlAliases.add(alias);
    }
    this.#watermarkAlias = watermark === undefined ? undefined : metricAlias(watermark);
    if (!this.#online) {
      this.#online = true;
      sink.gatewayOnline(this.id, clock.nowMs());
    }
    const ofNode = bornMetrics(this.#site, node, payload.metrics);
    if (ofNode.length > 0) this.#giveBirth(node, ofNode, payload);
    if (watermark !== undefined) this.#takeWatermark(watermark);
    this.#acknowledgement.born(payload.metrics);
    if (outcome !== undefined) this.#takeOutcome(outcome);
    const outbox = payload.metrics.find((m) => m.name === nodeMetrics.outbox);
    if (outbox !== undefined) this.#takeOutbox(outbox);
    this.#watermark.heard(payload.timestampMs);
    this.#cancelReborn = clock.after(rebornMs, () => this.#endMissingDevices());
  }

  #nodeDeath(payload: WirePayload): void {
    const bdSeq = payload.metrics.find((m) => m.name === nodeMetrics.bdSeq);
    const told = bdSeq === undefined ? undefined : metricNumber(bdSeq);
    // A death of another life of the node: it may come long after the node is back.
    if (!this.#online || told !== this.#bdSeq) return;
    this.goOffline();
  }

  #deviceBirth(device: string, payload: WirePayload): void {
    this.#giveBirth(device, bornMetrics(this.#site, device, payload.metrics), payload);
  }

  #giveBirth(name: string, metrics: readonly BornMetric[], payload: WirePayload): void {
    const { sink, clock } = this.#options;
    const entries = this.#points.bear(name, metrics);
    const nowMs = clock.nowMs();
    const birthMs = payload.timestampMs ?? nowMs;
    const readings: Reading[] = [];
    metrics.forEach(({ metric, dataType }, i) => {
      const entry = entries[i];
      const wireTimeMs = metricTimeMs(metric) ?? birthMs;
      const arrival = entry?.times.arriveByBirth(wireTimeMs);
      if (arrival === 'duplicate') this.counts.duplicates++;
      if (entry === undefined || arrival !== 'new') return;
      readings.push(metricReading(metric, { point: entry.point, dataType, wireTimeMs, ingestTimeMs: nowMs }));
    });
    sink.deviceOnline(
      this.id,
      slugOf(name),
      metrics.map(({ born }) => born),
      birthMs,
    );
    this.#give(readings, false);
    this.#watermark.heard(payload.timestampMs);
  }

  #deviceData(name: string, payload: WirePayload): void {
    const device = this.#points.devices.get(name);
    if (device === undefined || !device.reborn) {
      this.#options.requestRebirth(`data of device "${name}" before its birth`);
      return;
    }
    this.#data(payload, device);
  }

  /** Hot path. */
  #data(payload: WirePayload, device = this.#points.devices.get(this.#options.node)): void {
    const nowMs = this.#options.clock.nowMs();
    const live: Reading[] = [];
    const late: Reading[] = [];
    let watermark: WireMetric | undefined;
    let ofSafety = 0;
    let ofLive = 0;
    for (const metric of payload.metrics) {
      const entry = this.#points.find(metric, device);
      if (entry === undefined) {
        if (this.#isWatermark(metric)) watermark = metric;
        else this.#unknownMetric(metric);
        continue;
      }
      if (entry.lane === 'safety') ofSafety += 1;
      else ofLive += 1;
      const wireTimeMs = metricTimeMs(metric) ?? payload.timestampMs ?? nowMs;
      const arrival = this.#points.arrive(entry, wireTimeMs);
      if (arrival === 'duplicate') {
        this.counts.duplicates++;
        continue;
      }
      const reading = metricReading(metric, {
        point: entry.point,
        dataType: entry.dataType,
        wireTimeMs,
        ingestTimeMs: nowMs,
      });
      const isLate = arrival === 'late' || metric.isHistorical === true;
      if (!isLate) live.push(reading);
      else if (this.#points.isVouchedFor) this.#held.hold(entry.lane, reading);
      else late.push(reading);
      if (arrival === 'new') entry.times.degraded = false;
    }
    this.#give(late, true);
    this.#give(live, false);
    this.#acknowledgement.arrived('safety', ofSafety);
    this.#acknowledgement.arrived('live', ofLive);
    if (watermark !== undefined) {
      this.#takeWatermark(watermark);
      this.#acknowledgement.told(payload.metrics);
    }
    this.#watermark.heard(payload.timestampMs);
  }

  #askAgain(lane: StoredLane, from: number, request: number): void {
    const { logger, requestReplay } = this.#options;
    this.#points.tear();
    this.counts.replaysRequested++;
    logger.warn({ gateway: this.id, lane, from }, 'readings have not arrived; they are asked for again');
    requestReplay(lane, { position: from, request });
  }

  #give(readings: Reading[], historical: boolean): void {
    if (readings.length === 0) return;
    this.counts.readings += readings.length;
    this.#options.sink.readings(this.id, readings, historical);
  }

  #unknownMetric(metric: WireMetric): void {
    const alias = metricAlias(metric);
    const name = metric.name ?? '';
    if (alias === undefined && name === nodeMetrics.commandOutcome) {
      this.#takeOutcome(metric);
      return;
    }
    if (alias === undefined && name === nodeMetrics.outbox) {
      this.#takeOutbox(metric);
      return;
    }
    // Positions and counts of our own gateways come by name; they belong to the acknowledgement.
    if (alias === undefined && isControlMetric(name)) return;
    if (alias !== undefined && this.#controlAliases.has(alias)) return;
    this.#options.requestRebirth(alias === undefined ? `unknown metric "${name}"` : `unknown alias ${alias}`);
  }

  #deviceDeath(name: string, payload: WirePayload): void {
    const device = this.#points.devices.get(name);
    if (device?.online) this.#endDevice(device, payload.timestampMs ?? this.#options.clock.nowMs());
  }

  #endMissingDevices(): void {
    for (const [name, device] of this.#points.devices) {
      if (!device.online || device.reborn) continue;
      this.#options.logger.warn({ gateway: this.id, device: name }, 'device was not born again with its gateway');
      this.#endDevice(device, this.#options.clock.nowMs());
    }
  }

  #endDevice(device: DeviceEntry, atMs: number): void {
    const points = this.#points.degrade(device);
    this.#options.sink.deviceOffline(this.id, device.slug, atMs);
    if (points.length > 0) this.#options.sink.degraded(this.id, points, 'bad', 'comm-lost', atMs);
  }

  #isWatermark(metric: WireMetric): boolean {
    const alias = metricAlias(metric);
    return alias === undefined ? metric.name === nodeMetrics.watermark : alias === this.#watermarkAlias;
  }

  #takeWatermark(metric: WireMetric): void {
    const wireTimeMs = metricNumber(metric, dataType.dateTime);
    if (wireTimeMs !== undefined) this.#watermark.told(wireTimeMs);
  }

  #takeOutcome(metric: WireMetric): void {
    const text = scalarValue(metric, dataType.string);
    if (typeof text === 'string') this.#options.onOutcome?.(text);
  }

  #takeOutbox(metric: WireMetric): void {
    const text = scalarValue(metric, dataType.string);
    if (typeof text === 'string') this.#options.onOutbox?.(text);
  }
}
