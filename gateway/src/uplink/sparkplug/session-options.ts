import type { Clock, CommandOutcome } from '@plantroom/contracts';
import type { CommandDesk } from '../../commands/command-desk.ts';
import type { Outbox } from '../../outbox/outbox.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { PointTable } from '../../pipeline/point-table.ts';
import type { Positions } from './former-points.ts';

export interface SessionOptions {
  uplink: string;
  group: string;
  node: string;
  bdSeq: number;
  table: PointTable;
  pipeline: Pick<Pipeline, 'watermarkMs' | 'last' | 'deviceState'>;
  outbox: Outbox;
  /** Left out: nothing can be written. */
  commands?: Pick<CommandDesk, 'writable' | 'last'> | undefined;
  clock: Clock;
  /** Resolves when the packet has been handed to the connection; rejects when there is none. */
  publish(topic: string, payload: Uint8Array): Promise<void>;
  onSent(readings: number): void;
}

/** Where a session begins. */
export interface SessionStart {
  /** Left out: it is not known yet. */
  hostConfirms?: boolean | undefined;
  /** Ends of commands that the host has not been told. */
  outcomes: readonly CommandOutcome[];
  /** What an earlier session of the connection has sent. Left out: what is committed. */
  sent?: Positions;
}
