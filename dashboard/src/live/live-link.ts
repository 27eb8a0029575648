import type { LiveDelta, LiveSnapshot, LiveSubscription } from '@plantroom/contracts';
import type { LiveStore } from './live-store.ts';

/** What the link needs of a socket; socket.io's client gives it. */
export interface LiveWire {
  connected(): boolean;
  subscribe(subscription: LiveSubscription, answer: (snapshot: LiveSnapshot) => void): void;
}

/** Keeps the order of one connection: a snapshot first, then deltas without a gap; on a gap it asks for a snapshot again. */
export class LiveLink {
  readonly #store: LiveStore;
  readonly #wire: LiveWire;
  readonly #now: () => number;
  #scope: LiveSubscription['scope'] = { kind: 'none' };
  /** Counts subscriptions; the answer to an older one is dropped. */
  #asked = 0;
  /** Null while a snapshot is awaited: deltas before it belong to the former subscription. */
  #seq: number | null = null;

  constructor(options: { store: LiveStore; wire: LiveWire; now: () => number }) {
    this.#store = options.store;
    this.#wire = options.wire;
    this.#now = options.now;
  }

  setScope(scope: LiveSubscription['scope']): void {
    if (JSON.stringify(scope) === JSON.stringify(this.#scope)) return;
    this.#scope = scope;
    this.#subscribe();
  }

  connected(): void {
    this.#subscribe();
  }

  disconnected(): void {
    this.#asked += 1;
    this.#seq = null;
    this.#store.setMeta({ state: 'down', latencyMs: null });
  }

  delta(delta: LiveDelta): void {
    if (this.#seq === null) return;
    if (delta.seq !== this.#seq + 1) {
      this.#store.setMeta({ gaps: this.#store.meta().gaps + 1 });
      this.#subscribe();
      return;
    }
    this.#seq = delta.seq;
    this.#store.applyDelta(delta);
  }

  #subscribe(): void {
    if (!this.#wire.connected()) return;
    this.#seq = null;
    this.#asked += 1;
    const mine = this.#asked;
    const sentMs = this.#now();
    this.#wire.subscribe({ scope: this.#scope }, (snapshot) => {
      if (mine !== this.#asked) return;
      this.#seq = snapshot.seq;
      // Half the round trip is the best guess at when the server looked at its clock.
      this.#store.setMeta({ clockOffsetMs: Math.round(snapshot.serverTimeMs - (sentMs + this.#now()) / 2) });
      this.#store.applySnapshot(snapshot);
    });
  }
}
