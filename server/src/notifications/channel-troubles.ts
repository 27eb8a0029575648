import type { Clock, NotificationChannel } from '@plantroom/contracts';
import type { Db } from '../repositories/database.ts';
import { lastAttempt } from '../repositories/notification-outbox-repository.ts';

/** Whether the last message of each channel was taken. */
export class ChannelTroubles {
  readonly #clock: Clock;
  readonly #troubles = new Map<string, NonNullable<NotificationChannel['trouble']>>();
  readonly #lastSent = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async restore(db: Db, channels: Iterable<string>): Promise<void> {
    for (const channel of channels) {
      const last = await lastAttempt(db, channel);
      if (last === null) continue;
      if (last.sentMs !== null) this.#lastSent.set(channel, last.sentMs);
      else if (last.error !== null)
        this.#troubles.set(channel, { sinceMs: last.triedMs ?? last.createdMs, message: last.error });
    }
  }

  taken(channel: string): void {
    this.#troubles.delete(channel);
    this.#lastSent.set(channel, this.#clock.nowMs());
  }

  failed(channel: string, message: string): void {
    const sinceMs = this.#troubles.get(channel)?.sinceMs ?? this.#clock.nowMs();
    this.#troubles.set(channel, { sinceMs, message });
  }

  forget(channel: string): void {
    this.#troubles.delete(channel);
  }

  of(channel: string): NotificationChannel['trouble'] {
    return this.#troubles.get(channel) ?? null;
  }

  lastSentMs(channel: string): number | null {
    return this.#lastSent.get(channel) ?? null;
  }
}
