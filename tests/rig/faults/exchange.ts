import type { Random } from '../random.ts';
import type { Fill } from '../registers.ts';
import type { Ledger } from '../truth/ledger.ts';
import type { RigDevice, Serving, Turn } from '../truth/serving.ts';
import { type FrameHead, frameOf, type RigRequest, registersPayload, type Wire } from '../wire/frames.ts';

/** What a line does after a request has come; `afterMs` counts from its arrival. */
export interface Step {
  afterMs: number;
  bytes?: Buffer;
  /** What is complete with these bytes. */
  servings?: readonly Serving[];
  /** The frame goes on in the next step; nothing else is written in between, as a device finishes what it has begun to say. */
  more?: boolean;
  /** `fin` after the bytes, or `reset`. */
  end?: 'fin' | 'reset';
}

export interface Frame {
  bytes: Buffer;
  servings: readonly Serving[];
}

export interface ExchangeOptions {
  wire: Wire;
  /** What the gateway waits for an answer. */
  timeoutMs: number;
  request: RigRequest;
  device: RigDevice;
  /** Another device of the line; the device itself where there is none. */
  neighbour: RigDevice;
  /** Of the request before this one on the connection. */
  previousId: number;
  fault: string;
  /** How many requests this fault has met before. */
  turn: number;
  /** Of the line. */
  lineTurn: Turn;
  /** Kept from one request of this fault to the next. */
  memory: { held?: Frame };
  ledger: Ledger;
  random: Random;
  atMs: number;
}

/** One request and all that can be said in reply to it. */
export class Exchange {
  readonly options: ExchangeOptions;

  constructor(options: ExchangeOptions) {
    this.options = options;
  }

  get random(): Random {
    return this.options.random;
  }

  /** How many requests this fault has met before. */
  get turn(): number {
    return this.options.turn;
  }

  /** What a device of this kind takes to answer, ms. */
  turnAroundMs(): number {
    return this.random.within(5, 10);
  }

  /** Sure to come after the gateway has given up, ms. */
  lateMs(): number {
    return Math.round(this.options.timeoutMs * (1.2 + 0.6 * this.random.next()));
  }

  /** A reply with registers; everything about it can be made wrong, and then it must not be stored. */
  reply(
    how: {
      /** Left out: never. */
      mayStore?: Serving['mayStore'];
      from?: RigDevice;
      head?: Partial<FrameHead>;
      /** Other registers than the asked ones. */
      count?: number;
      countError?: number;
      fill?: Fill;
    } = {},
  ): Frame {
    const { wire, request, device, fault, lineTurn, ledger, atMs } = this.options;
    const from = how.from ?? device;
    const read = { code: request.code, start: request.start, count: request.count };
    const mayStore = how.mayStore ?? 'never';
    const about = {
      mayStore,
      fault,
      turn: lineTurn,
      requestedAtMs: atMs,
      ...(how.fill === undefined ? {} : { fill: how.fill }),
    };
    const served = ledger.serve(from, read, about);
    const head = { transactionId: request.transactionId, unit: from.unit, code: request.code, ...how.head };
    if (served === undefined)
      return { bytes: frameOf(wire, { ...head, code: head.code | 0x80 }, exception(2)), servings: [] };
    const words = how.count === undefined ? served.words : resized(served.words, how.count);
    return { bytes: frameOf(wire, head, registersPayload(words, how.countError)), servings: [served.serving] };
  }

  /** The answer of a healthy device. */
  right(): Frame {
    return this.reply({ mayStore: 'yes' });
  }

  refusal(code: number): Frame {
    const { wire, request, device } = this.options;
    const head = { transactionId: request.transactionId, unit: device.unit, code: request.code | 0x80 };
    return { bytes: frameOf(wire, head, exception(code)), servings: [] };
  }
}

export function step(afterMs: number, frame: Frame): Step {
  return { afterMs, bytes: frame.bytes, servings: frame.servings };
}

/** One segment that carries several. */
export function merged(...frames: readonly Frame[]): Frame {
  return { bytes: Buffer.concat(frames.map((f) => f.bytes)), servings: frames.flatMap((f) => f.servings) };
}

function exception(code: number): Buffer {
  return Buffer.from([code]);
}

function resized(words: Uint16Array, count: number): Uint16Array {
  const other = new Uint16Array(count);
  other.set(words.subarray(0, count));
  return other;
}
