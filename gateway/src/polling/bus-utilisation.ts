import type { ModbusFraming } from '@plantroom/device-profiles';

/** What carries the frames. */
export type BusLine =
  | {
      kind: 'serial';
      baud: number;
      /** Bits of one character with start, parity and stop bits; left out: 11. */
      characterBits?: number;
      /** Time the slave takes before it answers, ms. */
      turnaroundMs: number;
      /** There and back between us and the serial side (a converter, a gateway, a DTU), ms; left out: 0, the port is our own. */
      networkMs?: number;
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
  /** What `durationMs` is made of. */
  parts: ExchangeParts;
}

export interface ExchangeParts {
  /** Characters on the wire. */
  framesMs: number;
  /** Silence that sets frames apart. */
  silenceMs: number;
  /** Until the slave begins to answer. */
  turnaroundMs: number;
  networkMs: number;
}

/** Start, eight data, parity or second stop, stop (Modbus over serial line 1.02, §2.5.1). */
const standardCharacterBits = 11;

export function characterMs({
  baud,
  characterBits = standardCharacterBits,
}: Extract<BusLine, { kind: 'serial' }>): number {
  return (characterBits * 1000) / baud;
}

/** One read as it costs on this line. */
export function predictExchange(read: ReadShape, line: BusLine): Exchange {
  const dataBytes = read.bits ? Math.ceil(read.count / 8) : read.count * 2;
  if (line.kind === 'tcp') {
    const parts = { framesMs: 0, silenceMs: 0, turnaroundMs: 0, networkMs: line.roundTripMs };
    return { requestBytes: 12, responseBytes: 9 + dataBytes, durationMs: line.roundTripMs, parts };
  }
  const requestBytes = 8;
  const responseBytes = (read.framing === 'inovance-rtu16' ? 6 : 5) + dataBytes;
  const oneMs = characterMs(line);
  const parts = {
    framesMs: (requestBytes + responseBytes) * oneMs,
    // Frames are set apart by 3.5 characters; above 19200 baud by a fixed 1.75 ms (same document, §2.5.1.1).
    silenceMs: 2 * (line.baud > 19200 ? 1.75 : 3.5 * oneMs),
    turnaroundMs: line.turnaroundMs,
    networkMs: line.networkMs ?? 0,
  };
  const durationMs = parts.framesMs + parts.silenceMs + parts.turnaroundMs + parts.networkMs;
  return { requestBytes, responseBytes, durationMs, parts };
}

export interface PlannedRead extends ReadShape {
  periodMs: number;
  /** Kept free after it, ms. */
  gapMs: number;
}

export interface LineLoad {
  requestsPerSecond: number;
  bytesPerSecond: number;
  /** Share of the time in which the line is busy; above 1 the plan cannot be kept. */
  utilisation: number;
  /** One round of everything, ms. */
  cycleMs: number;
}

export function predictLoad(reads: readonly PlannedRead[], line: BusLine): LineLoad {
  const load: LineLoad = { requestsPerSecond: 0, bytesPerSecond: 0, utilisation: 0, cycleMs: 0 };
  for (const read of reads) {
    const exchange = predictExchange(read, line);
    const busyMs = exchange.durationMs + read.gapMs;
    load.requestsPerSecond += 1000 / read.periodMs;
    load.bytesPerSecond += ((exchange.requestBytes + exchange.responseBytes) * 1000) / read.periodMs;
    load.utilisation += busyMs / read.periodMs;
    load.cycleMs += busyMs;
  }
  return load;
}

/**
 * How often things are really asked, ms: the shortest period that the line keeps. Within its means that is 0: every period is kept.
 * Beyond, what is asked for more often than the answer comes round once in that time, the rest keeps its own period, because the scheduler
 * takes what has been due longest and makes up for a missed round once.
 */
export function sustainedPeriodMs(reads: readonly { busyMs: number; periodMs: number }[]): number {
  const loadAt = (floorMs: number): number =>
    reads.reduce((sum, { busyMs, periodMs }) => sum + busyMs / Math.max(periodMs, floorMs), 0);
  if (loadAt(0) <= 1) return 0;
  let low = 0;
  let high = reads.reduce((sum, { busyMs }) => sum + busyMs, 0);
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (loadAt(middle) > 1) low = middle;
    else high = middle;
  }
  return high;
}
