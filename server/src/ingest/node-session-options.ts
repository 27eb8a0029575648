import type { Clock, Logger } from '@plantroom/contracts';
import type { IngestSink, StoredLane } from './ingest.ts';

export interface NodeCounts {
  readings: number;
  duplicates: number;
  sequenceGaps: number;
  replaysRequested: number;
}

export interface NodeSessionOptions {
  group: string;
  node: string;
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
}
