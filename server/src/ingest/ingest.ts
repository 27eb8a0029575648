import type { Lane, PointWriteRange, Quality, QualityReason, Reading, UnitName } from '@plantroom/contracts';

/** What gateways of ours store and count; what goes out late is a matter of its times. */
export type StoredLane = Exclude<Lane, 'backlog'>;

/** What a birth says about a point. Foreign nodes may leave out everything but the name. */
export interface BornPoint {
  /** Point id. */
  point: string;
  class: string | null;
  profile: string | null;
  /** The gateway's line to the device; left out: it does not say. */
  connection?: string;
  unit: UnitName | null;
  lane: StoredLane;
  silenceMs: number | null;
  /** True: the gateway computes it from other points; left out: the device delivers it. */
  derived?: boolean;
  /** Left out: it cannot be written. */
  write?: PointWriteRange;
}

/** Joins the wire to the core: everything the server learns from gateways, in the order in which it is to be processed. */
export interface IngestSink {
  gatewayOnline(gateway: string, atMs: number): void;
  /** NDEATH: all its points are stale. */
  gatewayOffline(gateway: string, atMs: number): void;
  deviceOnline(gateway: string, device: string, points: readonly BornPoint[], atMs: number): void;
  deviceOffline(gateway: string, device: string, atMs: number): void;
  /** New readings only: what was seen before by (point, wire time) has been dropped. `historical` ones are late data. */
  readings(gateway: string, readings: readonly Reading[], historical: boolean): void;
  /** Points whose source is gone: same value, new quality, stamped by the host. */
  degraded(gateway: string, points: readonly string[], quality: Quality, reason: QualityReason, atMs: number): void;
  /** Everything of this gateway up to this wire time has arrived. */
  watermark(gateway: string, wireTimeMs: number): void;
  /** Everything that this gateway of ours has sent of the lane before this outbox position has been told; it keeps it until it is stored. */
  complete(gateway: string, lane: StoredLane, position: number): void;
}

export interface IngestStats {
  connected: boolean;
  messages: number;
  readings: number;
  duplicates: number;
  malformed: number;
  sequenceGaps: number;
  rebirthsRequested: number;
  /** Stretches that gateways were asked to send again, because something of them had not come. */
  replaysRequested: number;
  /** Metrics of foreign nodes that the mapping puts nowhere. */
  unmapped: number;
}
