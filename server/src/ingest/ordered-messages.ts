import type { Clock } from '@plantroom/contracts';
import { SequenceWindow } from './sequence-window.ts';

export interface OrderedMessagesOptions<M> {
  clock: Pick<Clock, 'after'>;
  /** How long what is missing may take. */
  reorderMs: number;
  process(message: M): void;
  /** It has not come in that time; called before what waited behind it is processed. */
  lost(): void;
  /** What waited has been processed. */
  givenUp(): void;
}

/** Messages of a node in the order of their sequence numbers; what comes too soon waits for what is missing, for a while. */
export class OrderedMessages<M> {
  readonly #options: OrderedMessagesOptions<M>;
  readonly #window = new SequenceWindow<M>();
  #cancel: (() => void) | null = null;

  constructor(options: OrderedMessagesOptions<M>) {
    this.#options = options;
  }

  /** From the message behind this one on. */
  restart(seq: number): void {
    this.#window.restart(seq);
  }

  take(seq: number, message: M): void {
    const { clock, reorderMs, process, lost, givenUp } = this.#options;
    const ready = this.#window.accept(seq, message);
    for (const next of ready) process(next);
    // What is missing now is another message than before: it has the whole time.
    if (ready.length > 0 || !this.#window.waiting) this.#stopWaiting();
    if (!this.#window.waiting) return;
    this.#cancel ??= clock.after(reorderMs, () => {
      lost();
      this.release();
      givenUp();
    });
  }

  /** What waits behind a gap is processed all the same: its values carry their own times. */
  release(): void {
    this.#stopWaiting();
    for (const message of this.#window.giveUp()) this.#options.process(message);
  }

  #stopWaiting(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
