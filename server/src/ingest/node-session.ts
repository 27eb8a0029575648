import { nodeMetrics, type Reading, type SparkplugTopic } from '@plantroom/contracts';
import { Acknowledgement, reportedLanes } from './acknowledgement.ts';
import { bornMetrics, ownerSlug, speaksOurNames } from './born-metrics.ts';
import { HeldLate } from './held-late.ts';
import type { StoredLane } from './ingest.ts';
import { LaneWatch } from './lane-watch.ts';
import { metricReading } from './metric-reading.ts';
import { bdSeqIn, NodeControls } from './node-controls.ts';
import { type DeviceEntry, NodePoints, type Output } from './node-points.ts';
import type { NodeCounts, NodeSessionOptions } from './node-session-options.ts';
import { NodeSilence } from './node-silence.ts';
import { NodeWatermark } from './node-watermark.ts';
import { OrderedMessages } from './ordered-messages.ts';
import { slugOf } from './slug.ts';
import { metricAlias, metricTimeMs, type WireMetric, type WirePayload } from './sparkplug-codec.ts';
import { UnmappedMetrics } from './unmapped-metrics.ts';

interface NodeMessage {
  topic: SparkplugTopic;
  payload: WirePayload;
}

/** Devices that a node knew before its birth and has not born again by then are gone. */
const rebornMs = 30_000;
/** The node's own metrics are kept like those of a device. No device has this name. */
const ofNode = '';

/** What the host knows of one edge node, and the rules of Sparkplug for what it sends (Sparkplug 3.0, chapter 5). */
export class NodeSession {
  /** `<site>/<gateway>` */
  readonly id: string;
  readonly counts: NodeCounts = { readings: 0, duplicates: 0, sequenceGaps: 0, replaysRequested: 0 };
  readonly #options: NodeSessionOptions;
  readonly #site: string;
  readonly #points = new NodePoints();
  readonly #messages: OrderedMessages<NodeMessage>;
  #born = false;
  #online = false;
  readonly #controls = new NodeControls();
  readonly #silence: NodeSilence;
  readonly #unmapped: UnmappedMetrics;
  readonly #watermark: NodeWatermark;
  readonly #held = new HeldLate((readings) => this.#give(readings, true));
  readonly #acknowledgement: Acknowledgement;
  readonly #safetyLane: LaneWatch;
  #cancelReborn: (() => void) | null = null;

  constructor(options: NodeSessionOptions) {
    this.#options = options;
    this.#site = slugOf(options.group);
    this.id = options.id;
    this.#messages = new OrderedMessages({
      clock: options.clock,
      reorderMs: options.reorderMs,
      process: (message) => this.#process(message),
      lost: () => void this.counts.sequenceGaps++,
      givenUp: () => options.requestRebirth('messages are missing'),
    });
    this.#silence = new NodeSilence(options.clock);
    this.#unmapped = new UnmappedMetrics(options.id, options.logger);
    this.#watermark = new NodeWatermark(options.clock, (wireTimeMs) => options.sink.watermark(this.id, wireTimeMs));
    this.#safetyLane = new LaneWatch(options.clock, (isBehind) => options.onSafetyLane?.(isBehind));
    this.#acknowledgement = new Acknowledgement({
      clock: options.clock,
      agreed: (lane) => {
        if (lane === 'safety') this.#safetyLane.vouched();
      },
      whole: (lane, stretch) => {
        this.#points.seal(lane, stretch);
        this.#held.release(lane);
      },
      joined: () => this.#points.join(),
      unclear: () => this.#points.tear(),
      complete: (lane, position) => {
        this.#held.release(lane);
        options.sink.complete(this.id, lane, position);
      },
      missing: (lane, from, request) => this.#askAgain(lane, from, request),
    });
  }

  /** Whether the owner of this slug, a device or the node itself, is there. */
  hasDevice(slug: string): boolean {
    return [...this.#points.devices.values()].some((device) => device.slug === slug && device.online);
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

  get unmapped(): UnmappedMetrics {
    return this.#unmapped;
  }

  get pointCount(): number {
    return this.#points.count;
  }

  /** Whether it is a gateway of ours that obeys commands; foreign nodes do not say what came of one. */
  get takesCommands(): boolean {
    return this.#born && this.#controls.takesCommands;
  }

  /** The metric that sets this point; undefined when it cannot be set now. */
  output(point: string): Output | undefined {
    return this.takesCommands ? this.#points.output(point) : undefined;
  }

  handle(topic: SparkplugTopic, payload: WirePayload): void {
    const message = { topic, payload };
    this.#silence.heard();
    this.#safetyLane.heard();
    if (topic.type === 'NBIRTH') this.#nodeBirth(payload);
    else if (topic.type === 'NDEATH') this.#nodeDeath(payload);
    else if (!this.#born) this.#options.requestRebirth('data before birth');
    else if (payload.seq === undefined) this.#process(message);
    else this.#messages.take(payload.seq, message);
  }

  /** The host's own connection was lost: births must come anew before anything can be understood. The sink keeps its state. */
  forget(): void {
    this.#messages.release();
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
    if (!this.#born) return;
    this.#watermark.tick();
    const { clock, logger, sink, requestRebirth } = this.#options;
    const late = this.#points.overdue(clock.monotonicMs());
    if (late.length > 0) sink.degraded(this.id, late, 'bad', 'comm-lost', clock.nowMs());
    this.#safetyLane.tick();
    const due = this.#silence.due({ isReporting: this.#points.isVouchedFor });
    if (due === 'ask') requestRebirth('silent for long');
    if (due !== 'gone') return;
    logger.warn({ gateway: this.id }, 'the node is silent and does not answer; it counts as gone');
    this.goOffline();
  }

  #process({ topic, payload }: NodeMessage): void {
    if (topic.type === 'NDATA') this.#data(payload);
    else if (topic.device === undefined) return;
    else if (topic.type === 'DBIRTH') this.#giveBirth(topic.device, payload);
    else if (topic.type === 'DDATA') this.#deviceData(topic.device, payload);
    else if (topic.type === 'DDEATH') this.#deviceDeath(topic.device, payload);
  }

  #nodeBirth(payload: WirePayload): void {
    const { clock, sink } = this.#options;
    this.#messages.release();
    this.forget();
    this.#messages.restart(payload.seq ?? 0);
    this.#born = true;
    const watermark = this.#controls.born(payload.metrics);
    this.#watermark.born({ isSent: watermark !== undefined });
    const lanes = reportedLanes(payload.metrics);
    this.#points.isVouchedFor = lanes.length > 0;
    this.#safetyLane.born({ isReported: lanes.includes('safety') });
    if (!this.#online) {
      this.#online = true;
      sink.gatewayOnline(this.id, clock.nowMs());
    }
    this.#giveBirth(null, payload);
    const isWhole = this.#acknowledgement.born(payload.metrics);
    if (watermark !== undefined && isWhole) this.#takeWatermark(watermark);
    for (const metric of payload.metrics) this.#takeText(metric);
    this.#watermark.heard(payload.timestampMs);
    this.#cancelReborn = clock.after(rebornMs, () => this.#endMissingDevices());
  }

  #nodeDeath(payload: WirePayload): void {
    const told = bdSeqIn(payload.metrics);
    // A death of another life of the node may come long after the node is back. One that does not say of which life is believed.
    if (!this.#online || (told !== undefined && told !== this.#controls.bdSeq)) return;
    this.goOffline();
  }

  /** `device`: null for the node's own metrics. */
  #giveBirth(device: string | null, payload: WirePayload): void {
    const { sink, clock, group, node, map, claim } = this.#options;
    const isOurs = this.#points.isVouchedFor || speaksOurNames(payload.metrics);
    const [, nodeSlug = ''] = this.id.split('/');
    const place = this.#points.device(device ?? ofNode, ownerSlug({ node: nodeSlug, device, isOurs }));
    const { slug } = place;
    const metrics = bornMetrics(
      { site: this.#site, group, node, device, slug, isOurs, map, claim: (point) => claim(point, slug) },
      payload.metrics,
    );
    if (device === null && metrics.length === 0) return;
    const entries = this.#points.bear(place, metrics, clock.monotonicMs());
    if (!isOurs) this.#unmapped.born(device, metrics);
    const nowMs = clock.nowMs();
    const birthMs = payload.timestampMs ?? nowMs;
    const readings: Reading[] = [];
    metrics.forEach(({ metric }, i) => {
      const entry = entries[i];
      const wireTimeMs = metricTimeMs(metric) ?? birthMs;
      const arrival = entry?.times.arriveByBirth(wireTimeMs);
      if (arrival === 'duplicate') this.counts.duplicates++;
      if (entry === undefined || arrival !== 'new') return;
      readings.push(metricReading(metric, entry, { wireTimeMs, ingestTimeMs: nowMs }));
    });
    sink.deviceOnline(
      this.id,
      slug,
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
  #data(payload: WirePayload, device = this.#points.devices.get(ofNode)): void {
    const nowMs = this.#options.clock.nowMs();
    const heardMs = this.#options.clock.monotonicMs();
    const live: Reading[] = [];
    let watermark: WireMetric | undefined;
    let ofSafety = 0;
    let ofLive = 0;
    for (const metric of payload.metrics) {
      const entry = this.#points.find(metric, device);
      if (entry === undefined) {
        if (this.#controls.isWatermark(metric)) watermark = metric;
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
      entry.heardMs = heardMs;
      const reading = metricReading(metric, entry, { wireTimeMs, ingestTimeMs: nowMs });
      if (arrival === 'late' || metric.isHistorical === true) this.#held.hold(entry.lane, reading);
      else live.push(reading);
      if (arrival === 'new') entry.times.degraded = false;
    }
    if (!this.#points.isVouchedFor) this.#held.releaseAll();
    this.#give(live, false);
    this.#acknowledgement.arrived('safety', ofSafety);
    this.#acknowledgement.arrived('live', ofLive);
    // What has not arrived lies before it.
    if (watermark !== undefined && this.#acknowledgement.told(payload.metrics)) this.#takeWatermark(watermark);
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
    if (this.#takeText(metric) || this.#controls.has(metric)) return;
    const alias = metricAlias(metric);
    this.#options.requestRebirth(
      alias === undefined ? `unknown metric "${metric.name ?? ''}"` : `unknown alias ${alias}`,
    );
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

  #takeWatermark(metric: WireMetric): void {
    const wireTimeMs = NodeControls.timeIn(metric);
    if (wireTimeMs !== undefined) this.#watermark.told(wireTimeMs);
  }

  /** What a gateway of ours tells as text; false: something else. */
  #takeText(metric: WireMetric): boolean {
    const text = NodeControls.textIn(metric);
    if (text === undefined) return false;
    if (metric.name === nodeMetrics.outbox) this.#options.onOutbox?.(text);
    else this.#options.onOutcome?.(text);
    return true;
  }
}
