import type { Clock, Logger } from '@plantroom/contracts';
import type { IngestSink, StoredLane } from './ingest.ts';
import type { MetricMap } from './metric-map.ts';

export interface NodeCounts {
  readings: number;
  duplicates: number;
  sequenceGaps: number;
  replaysRequested: number;
}

export interface NodeSessionOptions {
  group: string;
  node: string;
  /** `<site>/<gateway>`; no other node has it. */
  id: string;
  /** How long a missing message may still come (operational-behavior-host-reordering-param), ms. */
  reorderMs: number;
  /** Of foreign metrics. Left out: none is mapped. */
  map?: MetricMap | undefined;
  /** Whether this owner, a device or the node, may have a point that is mapped to it. */
  claim(point: string, owner: string): boolean;
  clock: Clock;
  logger: Logger;
  sink: IngestSink;
  /** Asks the node for its births; the host throttles. */
  requestRebirth: (reason: string) => void;
  /** Asks a gateway of ours to send the lane again from this outbox position on. */
  requestReplay: (lane: StoredLane, from: { position: number; request: number }) => void;
  /** What the node says of a command, as it came. Left out: nobody asks. */
  onOutcome?: (text: string) => void;
  /** What the node says of its outbox, as it came. Left out: nobody asks. */
  onOutbox?: (text: string) => void;
  /** Whether its safety lane is behind although it is heard; told when that changes, and after each birth. Left out: nobody asks. */
  onSafetyLane?: (isBehind: boolean) => void;
}
