import type { Clock, NotificationChannel } from '@plantroom/contracts';
import type { Db } from '../repositories/database.ts';
import { type Delivery, lastAttempts } from '../repositories/notification-outbox-repository.ts';

/** So many attempts in a row, or so long without a message that was taken, and the channel counts as failing. */
const failingAttempts = 3;
const failingMs = 5 * 60_000;
/** After a start: so many of the last deliveries say how the channel was. */
const looked = 20;

interface Trouble {
  sinceMs: number;
  message: string;
  /** In a row, and when the first of them was; tests do not count: who sends them sees how they end. */
  attempts: number;
  firstMs: number | null;
  cancel: () => void;
}

/** Whether the last message of each channel was taken, and from when on it has to be called failing. */
export class ChannelTroubles {
  readonly #clock: Clock;
  readonly #onFailing: (channel: string, fails: boolean) => void;
  readonly #troubles = new Map<string, Trouble>();
  readonly #failing = new Set<string>();
  readonly #lastSent = new Map<string, number>();

  constructor(clock: Clock, onFailing: (channel: string, fails: boolean) => void) {
    this.#clock = clock;
    this.#onFailing = onFailing;
  }

  async restore(db: Db, channels: Iterable<string>): Promise<void> {
    for (const channel of channels) {
      const recent = await lastAttempts(db, channel, looked);
      const [last] = recent;
      const takenMs = recent.find(({ sentMs }) => sentMs !== null)?.sentMs;
      if (takenMs != null) this.#lastSent.set(channel, takenMs);
      if (last?.error == null || last.sentMs !== null) this.#set(channel, false);
      else this.#hold(channel, { message: last.error, ...failedSince(recent) });
    }
  }

  stop(): void {
    for (const { cancel } of this.#troubles.values()) cancel();
  }

  taken(channel: string): void {
    this.forget(channel);
    this.#lastSent.set(channel, this.#clock.nowMs());
  }

  failed(channel: string, { message, isTest }: { message: string; isTest: boolean }): void {
    const nowMs = this.#clock.nowMs();
    const { sinceMs = nowMs, attempts = 0, firstMs = null } = this.#troubles.get(channel) ?? {};
    const counted = isTest ? { attempts, firstMs } : { attempts: attempts + 1, firstMs: firstMs ?? nowMs };
    this.#hold(channel, { sinceMs, message, ...counted });
  }

  /** What was is of no account any more: the channel is another one now. */
  forget(channel: string): void {
    this.#troubles.get(channel)?.cancel();
    this.#troubles.delete(channel);
    this.#set(channel, false);
  }

  of(channel: string): NotificationChannel['trouble'] {
    const trouble = this.#troubles.get(channel);
    return trouble === undefined ? null : { sinceMs: trouble.sinceMs, message: trouble.message };
  }

  isFailing(channel: string): boolean {
    return this.#failing.has(channel);
  }

  lastSentMs(channel: string): number | null {
    return this.#lastSent.get(channel) ?? null;
  }

  #hold(channel: string, trouble: Omit<Trouble, 'cancel'>): void {
    this.#troubles.get(channel)?.cancel();
    const { attempts, firstMs } = trouble;
    const leftMs = firstMs === null ? null : firstMs + failingMs - this.#clock.nowMs();
    const isNow = attempts >= failingAttempts || (leftMs !== null && leftMs <= 0);
    const cancel =
      isNow || leftMs === null ? () => undefined : this.#clock.after(leftMs, () => this.#set(channel, true));
    this.#troubles.set(channel, { ...trouble, cancel });
    this.#set(channel, isNow || this.#failing.has(channel));
  }

  #set(channel: string, fails: boolean): void {
    if (fails === this.#failing.has(channel)) return;
    if (fails) this.#failing.add(channel);
    else this.#failing.delete(channel);
    this.#onFailing(channel, fails);
  }
}

/** Of deliveries, newest first, those since the last one that was taken. */
function failedSince(recent: readonly Delivery[]): Pick<Trouble, 'sinceMs' | 'attempts' | 'firstMs'> {
  const taken = recent.findIndex(({ sentMs }) => sentMs !== null);
  const failed = taken < 0 ? recent : recent.slice(0, taken);
  const counted = failed.filter(({ kind }) => kind !== 'test');
  const timeOf = (delivery: Delivery | undefined) => delivery?.triedMs ?? delivery?.createdMs ?? null;
  return {
    sinceMs: timeOf(failed.at(-1)) ?? 0,
    attempts: counted.reduce((sum, { attempts }) => sum + attempts, 0),
    firstMs: timeOf(counted.at(-1)),
  };
}
