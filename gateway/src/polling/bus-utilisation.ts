import type { ModbusFraming } from '@plantroom/device-profiles';

/** What carries the frames. */
export type BusLine =
  | {
      kind: 'serial';
      baud: number;
      /** Time the slave takes before it answers, ms. */
      turnaroundMs: number;
    }
  | { kind: 'tcp'; roundTripMs: number };

export interface ReadShape {
  bits: boolean;
  /** Registers, or bits. */
  count: number;
  framing: ModbusFraming;
}

export interface Exchange {
  requestBytes: number;
  responseBytes: number;
  /** From the first byte of the request until the line is free for the next one, the request gap not included. */
  durationMs: number;
}

/** A character is 11 bits: start, eight data, parity or second stop, stop (Modbus over serial line 1.02, §2.5.1). */
const bitsPerCharacter = 11;

/** One read as it costs on this line. */
export function predictExchange(read: ReadShape, line: BusLine): Exchange {
  const dataBytes = read.bits ? Math.ceil(read.count / 8) : read.count * 2;
  if (line.kind === 'tcp') {
    return { requestBytes: 12, responseBytes: 9 + dataBytes, durationMs: line.roundTripMs };
  }
  const requestBytes = 8;
  const responseBytes = (read.framing === 'inovance-rtu16' ? 6 : 5) + dataBytes;
  const characterMs = (bitsPerCharacter * 1000) / line.baud;
  // Frames are set apart by 3.5 characters; above 19200 baud by a fixed 1.75 ms (same document, §2.5.1.1).
  const silenceMs = line.baud > 19200 ? 1.75 : 3.5 * characterMs;
  return {
    requestBytes,
    responseBytes,
    durationMs: (requestBytes + responseBytes) * characterMs + 2 * silenceMs + line.turnaroundMs,
  };
}

export interface PlannedRead extends ReadShape {
  periodMs: number;
}

export interface LineLoad {
  requestsPerSecond: number;
  bytesPerSecond: number;
  /** Share of the time in which the line is busy; above 1 the plan cannot be kept. */
  utilisation: number;
  /** One round of everything, ms. */
  cycleMs: number;
}

export function predictLoad(reads: readonly PlannedRead[], line: BusLine, requestGapMs: number): LineLoad {
  const load: LineLoad = { requestsPerSecond: 0, bytesPerSecond: 0, utilisation: 0, cycleMs: 0 };
  for (const read of reads) {
    const exchange = predictExchange(read, line);
    const busyMs = exchange.durationMs + requestGapMs;
    load.requestsPerSecond += 1000 / read.periodMs;
    load.bytesPerSecond += ((exchange.requestBytes + exchange.responseBytes) * 1000) / read.periodMs;
    load.utilisation += busyMs / read.periodMs;
    load.cycleMs += busyMs;
  }
  return load;
}
