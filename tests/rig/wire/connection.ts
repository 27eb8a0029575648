import type { Socket } from 'node:net';
import type { Clock } from '@plantroom/contracts';
import type { Step } from '../faults/exchange.ts';

export interface ConnectionOptions {
  socket: Socket;
  clock: Clock;
  onBytes(bytes: Buffer, connection: Connection): void;
  /** A step that is due later than this after its time is left out, and the rest of its exchange with it, ms. */
  latestMs: number;
  /** These bytes are on their way. */
  onSent(step: Step, atMs: number): void;
  onClosed(connection: Connection): void;
}

interface Saying {
  steps: Step[];
  sinceMs: number;
  cancel?: () => void;
}

/** One client: says step by step what its exchanges have planned, and never one frame inside another. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #sayings = new Set<Saying>();
  /** Whoever is in the middle of a frame. */
  #speaking: Saying | undefined;
  readonly #waiting: (() => void)[] = [];
  /** Half-open: what comes is swallowed, nothing is said. */
  dead = false;
  previousId = 0;
  rest: Buffer = Buffer.alloc(0);

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { socket } = options;
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => options.onBytes(bytes, this));
    socket.on('close', () => {
      for (const { cancel } of this.#sayings) cancel?.();
      this.#sayings.clear();
      options.onClosed(this);
    });
  }

  say(steps: readonly Step[]): void {
    const saying: Saying = {
      steps: [...steps].sort((a, b) => a.afterMs - b.afterMs),
      sinceMs: this.#options.clock.monotonicMs(),
    };
    this.#sayings.add(saying);
    this.#next(saying, 0);
  }

  end(how: 'fin' | 'reset'): void {
    const { socket } = this.#options;
    if (how === 'fin') socket.end();
    else socket.resetAndDestroy();
  }

  get open(): boolean {
    return !this.#options.socket.destroyed;
  }

  #next(saying: Saying, passedMs: number): void {
    const step = saying.steps.shift();
    if (step === undefined) {
      this.#sayings.delete(saying);
      return;
    }
    const delayMs = Math.max(0, step.afterMs - passedMs);
    saying.cancel = this.#options.clock.after(delayMs, () => this.#do(step, saying));
  }

  #do(step: Step, saying: Saying): void {
    if (this.#speaking !== undefined && this.#speaking !== saying) {
      this.#waiting.push(() => this.#do(step, saying));
      return;
    }
    const { socket, clock, onSent, latestMs } = this.#options;
    const tooLate = clock.monotonicMs() - saying.sinceMs > step.afterMs + latestMs;
    this.#speaking = step.more === true && !tooLate ? saying : undefined;
    if (socket.destroyed || this.dead || tooLate) {
      this.#sayings.delete(saying);
      this.#speakNext();
      return;
    }
    if (step.bytes !== undefined && socket.writable) {
      onSent(step, clock.nowMs());
      socket.write(step.bytes);
    }
    if (step.end !== undefined) this.end(step.end);
    this.#next(saying, step.afterMs);
    this.#speakNext();
  }

  #speakNext(): void {
    if (this.#speaking === undefined) for (const waiting of this.#waiting.splice(0)) waiting();
  }
}
