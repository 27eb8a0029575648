import type { ModbusRequest } from './request.ts';

export type Reply =
  /** To a plain write: no bytes, the echo was right. */
  | { kind: 'data'; bytes: Uint8Array }
  | { kind: 'exception'; code: number }
  /** An answer to this request that cannot be right. */
  | { kind: 'malformed'; message: string }
  /** The answer to the request that was given up: the line is in step again. */
  | { kind: 'late' }
  /** The byte stream cannot be brought back into step: the connection must go. */
  | { kind: 'desync'; message: string };

/**
 * Joins the client to the bytes: one exchange at a time, fed with whatever the line delivers (whole, split, several at once, damaged).
 *
 * Why not a library: neither jsmodbus nor modbus-serial matches a reply by transaction id, unit, function and length together, comes
 * back into step after a time-out (a late reply becomes the answer to the next request), or can carry the 16-bit byte count of the
 * NICE3000+. Those are the faults that show wrong values as good ones, so the frames are ours.
 */
export interface Framing {
  /** The frame to send. Forgets what came before. */
  begin(request: ModbusRequest): Uint8Array;
  receive(chunk: Uint8Array): Reply | undefined;
  /** No reply is waited for any longer; one that still comes is `late`. */
  abandon(): void;
  /** A new connection. */
  reset(): void;
  /** Whether a late reply could pass for the answer to the next request to this unit, so that it must not be asked for a while. */
  needsQuiet(request: ModbusRequest): boolean;
  /** What came in this exchange and was no answer to it; undefined when nothing came. */
  complaint(): string | undefined;
  /** Frames and bytes that belonged to no request in flight. */
  stray(): number;
}
