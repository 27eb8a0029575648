import type { Clock, CommandOutcome, CommandReason, CommandValue, Logger, UnmappedMetric } from '@plantroom/contracts';
import type { IngestSink, IngestStats, StoredLane } from './ingest.ts';
import type { MetricMap } from './metric-map.ts';

export interface SparkplugHostOptions {
  /** `mqtt://host:port`, `mqtts://`, `ws://` or `wss://`. */
  url: string;
  username?: string;
  password?: string;
  /** Published as STATE; gateways wait for it. `defaultHostId` unless an installation has two hosts on one broker. */
  hostId: string;
  clock: Clock;
  logger: Logger;
  sink: IngestSink;
  /** `<site>/<gateway>` known before this start; those that have not given birth 30 s after our STATE is online are offline. */
  knownGateways: readonly string[];
  /** How long a missing message may still come before its node is asked for rebirth, ms. Left out: a second. */
  reorderMs?: number;
  /** Where metrics of foreign nodes go. Left out: under the names that they have. */
  map?: MetricMap;
  /** What a gateway says of a command. Left out: nobody asks. */
  onCommandOutcome?: (gateway: string, outcome: CommandOutcome) => void;
  /** What a gateway of ours says of its outbox, an `OutboxReport` as it came. Left out: nobody asks. */
  onOutbox?: (gateway: string, text: string) => void;
  /** Whether the safety lane of a gateway of ours is behind although the gateway is heard. Left out: nobody asks. */
  onSafetyLane?: (gateway: string, isBehind: boolean) => void;
  /** The broker is there, again. Left out: nobody asks. */
  onOnline?: () => void;
  /** The broker is gone. Left out: nobody asks. */
  onLost?: () => void;
}

export interface PointCommand {
  id: string;
  /** Point id. */
  point: string;
  value: CommandValue;
}

export interface SparkplugHost {
  /** Resolves at once; connects, and connects again after every loss, in the background. */
  start(): Promise<void>;
  /** Publishes STATE offline, then disconnects. */
  stop(): Promise<void>;
  /** Anything but Sparkplug, QoS 1, by the same connection; rejects, worth trying again, while the broker is away. */
  publish(topic: string, payload: string, options: { retain: boolean }): Promise<void>;
  stats(): IngestStats;
  /** Each gateway heard of since start. */
  gateways(): GatewayIngest[];
  /** Metrics of foreign nodes that the mapping puts nowhere, up to a thousand of each node. */
  unmapped(): UnmappedMetric[];
  /** What the sink was told up to this position has been stored: the gateway may let go of it. */
  stored(gateway: string, lane: StoredLane, position: number): void;
  /** Hands a DCMD to the broker, at most once; null when it has been. Otherwise why it has not. */
  command(gateway: string, command: PointCommand): Extract<CommandReason, 'gateway-offline' | 'device-offline'> | null;
}

export interface GatewayIngest {
  /** `<site>/<gateway>` */
  id: string;
  online: boolean;
  watermarkMs: number | null;
  pointCount: number;
  readings: number;
  duplicates: number;
  sequenceGaps: number;
  rebirthsRequested: number;
  replaysRequested: number;
  /** Metrics of a foreign node that the mapping puts nowhere. */
  unmapped: number;
}
