import type { Socket } from 'node:net';
import type { Clock } from '@plantroom/contracts';
import type { Random } from '../rig/random.ts';
import type { HopMode } from './hop.ts';

/** Of a whole connection: once it has lost bytes, both ways lose everything. */
export interface Fate {
  hasSwallowed: boolean;
}

export interface PipeOptions {
  from: Socket;
  to: Socket;
  mode: () => HopMode;
  fate: Fate;
  count: (what: 'bytes' | 'swallowedBytes', bytes: number) => void;
  clock: Clock;
  random: Random;
}

/** What waits in a pipe at most; beyond, its source is not read, as a full window of TCP would have it. */
const maxWaitingBytes = 1_000_000;

/** One direction of a connection. */
export class Pipe {
  readonly #o: PipeOptions;
  readonly #waiting: { bytes: Buffer; dueMs: number }[] = [];
  #waitingBytes = 0;
  #lastDueMs = 0;
  #cancel: (() => void) | undefined;
  #ended = false;
  #stopped = false;

  constructor(options: PipeOptions) {
    this.#o = options;
    options.from.on('data', (bytes: Buffer) => this.#take(bytes));
    options.from.on('end', () => {
      this.#ended = true;
      this.#pump();
    });
    options.to.on('drain', () => this.#pump());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#waiting.length = 0;
  }

  modeChanged(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#lastDueMs = 0;
    this.#pump();
  }

  #take(bytes: Buffer): void {
    const { mode, fate, count } = this.#o;
    if (mode().kind === 'black-hole' || fate.hasSwallowed) {
      fate.hasSwallowed = true;
      this.#waiting.length = 0;
      this.#waitingBytes = 0;
      count('swallowedBytes', bytes.length);
      return;
    }
    count('bytes', bytes.length);
    this.#lastDueMs = Math.max(this.#lastDueMs, this.#dueMs(bytes.length));
    this.#waiting.push({ bytes, dueMs: this.#lastDueMs });
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > maxWaitingBytes) this.#o.from.pause();
    this.#pump();
  }

  #dueMs(length: number): number {
    const nowMs = this.#o.clock.monotonicMs();
    const mode = this.#o.mode();
    if (mode.kind === 'delay') return nowMs + this.#o.random.within(mode.fromMs, mode.toMs);
    if (mode.kind === 'throttle') return Math.max(nowMs, this.#lastDueMs) + (length / mode.bytesPerSecond) * 1000;
    return nowMs;
  }

  #pump(): void {
    if (this.#stopped || this.#cancel !== undefined) return;
    const { to, clock, mode } = this.#o;
    const { kind } = mode();
    if (kind === 'stall' || kind === 'black-hole' || this.#o.fate.hasSwallowed) return;
    while (this.#waiting.length > 0) {
      if (to.writableNeedDrain) return;
      const [next] = this.#waiting;
      if (next === undefined) break;
      const restMs = next.dueMs - clock.monotonicMs();
      // What still waits when a fault is over goes at once.
      if (restMs > 0 && kind !== 'pass') {
        this.#cancel = clock.after(restMs, () => {
          this.#cancel = undefined;
          this.#pump();
        });
        return;
      }
      this.#waiting.shift();
      this.#waitingBytes -= next.bytes.length;
      to.write(next.bytes);
    }
    if (this.#waitingBytes < maxWaitingBytes / 2) this.#o.from.resume();
    if (this.#ended && this.#waiting.length === 0 && !this.#o.fate.hasSwallowed) to.end();
  }
}
