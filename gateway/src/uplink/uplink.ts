/** Joins the outbox to a receiver: peek, send, commit when the receiver says that it has stored it. */
export interface Uplink {
  /** Its cursor's name in the outbox. */
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  stats(): UplinkStats;
}

export interface UplinkStats {
  connected: boolean;
  sentReadings: number;
  failures: number;
  /** Refused by the receiver for good, logged and counted. */
  rejectedReadings: number;
  lastError: string | null;
}
