import type { PointTable } from '../pipeline/point-table.ts';

/** Joins the outbox to a receiver: peek, send, commit when the receiver says that it has stored it. */
export interface Uplink {
  /** Its cursor's name in the outbox. */
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  stats(): UplinkStats;
  /** From now on the points are those of this table. What the outbox still holds of former ones goes out all the same. */
  change(table: PointTable): void;
}

/** Of an uplink that has not begun. */
export const newUplinkStats = (): UplinkStats => ({
  connected: false,
  sentReadings: 0,
  failures: 0,
  rejectedReadings: 0,
  lastError: null,
});

export interface UplinkStats {
  connected: boolean;
  sentReadings: number;
  /** Stored ahead of a backlog, so not committed in the outbox yet. Left out: this uplink keeps to the order of the outbox. */
  aheadReadings?: number;
  failures: number;
  /** Refused by the receiver for good, logged and counted. */
  rejectedReadings: number;
  lastError: string | null;
}
