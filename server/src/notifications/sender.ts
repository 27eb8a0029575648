import {
  type ChannelKind,
  type Clock,
  errorMessage,
  isRetryable,
  type Language,
  type Logger,
} from '@plantroom/contracts';
import type { Database } from '../repositories/database.ts';
import {
  type Delivery,
  insertDelivery,
  insertNotices,
  noticesOf,
  recentAttempts,
  unfinishedDeliveries,
  updateDelivery,
  waitingNotices,
} from '../repositories/notification-outbox-repository.ts';
import { ChannelRates } from './channel-rates.ts';
import { ChannelTroubles } from './channel-troubles.ts';
import type { ChannelAdapter } from './channels/channel.ts';
import { type Envelope, messageOf, newDelivery } from './compose.ts';
import type { Rank } from './domain/alarm-facts.ts';
import type { ChannelConfig, NotificationConfig } from './domain/config.ts';
import { gather, type Notice, nextDueMs } from './domain/gather.ts';
import { maskSecrets } from './domain/mask-secrets.ts';
import type { MessageItem } from './domain/message.ts';
import { templateId } from './domain/message-template.ts';
import { retryAtMs } from './domain/retry.ts';

export interface SenderOptions {
  database: Database;
  config: () => NotificationConfig;
  secretsOf: (channel: string) => Record<string, string>;
  adapterOf: (kind: ChannelKind) => ChannelAdapter;
  /** Address of an acknowledge link. */
  linkAddress: (id: string) => string | null;
  /** How an alarm that was kept for a while stands now. */
  standing: (notice: Notice) => MessageItem['now'];
  /** The same message by the next contact. */
  fallback: (notice: Notice) => Promise<Notice[]>;
  /** Something has changed: look again. */
  wake: () => void;
  /** A channel has begun or ceased to fail for good. */
  onFailing: (channel: string, fails: boolean) => void;
  /** 0 to 1. */
  random: () => number;
  clock: Clock;
  logger: Logger;
}

const attemptTimeoutMs = 15_000;
const longestRateMs = 60_000;
/** Messages about life that one channel sends at the same time; of the others one after the other. */
const lifeSafetyLanes = 8;

/** The outbox's way out: gathers notices into messages, sends them at the channel's rate, tries again. Nothing leaves it before it was taken. */
export class Sender {
  readonly troubles: ChannelTroubles;
  readonly #options: SenderOptions;
  readonly #rates = new ChannelRates();
  /** Being sent now, with how to stop it. */
  readonly #inFlight = new Map<string, { channel: string; rank: Rank; abort: AbortController; done: Promise<void> }>();
  #stopping = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.troubles = new ChannelTroubles(options.clock, options.onFailing);
  }

  /** Takes up what a former run left: a message that was on its way is sent again under its id. */
  async start(): Promise<void> {
    const { database, clock, config } = this.#options;
    const nowMs = clock.nowMs();
    const attempts = await recentAttempts(database.db, nowMs - longestRateMs);
    // A clock that was set back while nobody ran makes times of the future.
    const backMs = Math.max(0, (attempts.at(-1)?.triedMs ?? 0) - nowMs);
    for (const { channel, triedMs } of attempts) {
      const place = config().channels.get(channel);
      if (place !== undefined && triedMs - backMs > nowMs - longestRateMs) this.#rates.of(place).take(triedMs - backMs);
    }
    await this.troubles.restore(database.db, config().channels.keys());
  }

  /** The clock was set back. */
  setBack(byMs: number): void {
    this.#rates.setBack(byMs);
  }

  /** What was on its way stays in the outbox. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.troubles.stop();
    const running = [...this.#inFlight.values()];
    for (const { abort } of running) abort.abort();
    await Promise.all(running.map(({ done }) => done));
  }

  get isBusy(): boolean {
    return this.#inFlight.size > 0;
  }

  /** Sends what may go now; answers when to look again, null: only when woken. */
  async dispatch(): Promise<number | null> {
    const { database, config, clock } = this.#options;
    // Before the database is asked: what ends meanwhile is still told as unfinished.
    const running = new Set(this.#inFlight.keys());
    const notices = await waitingNotices(database.db);
    const unfinished = await unfinishedDeliveries(database.db);
    const wakes: number[] = [];
    const channels = new Set([...notices, ...unfinished].map(({ channel }) => channel));
    for (const id of channels) {
      const ofChannel = notices.filter(({ channel }) => channel === id);
      const pending = unfinished.filter(({ channel, id: delivery }) => channel === id && !running.has(delivery));
      const channel = config().channels.get(id);
      if (!channel?.enabled) {
        await this.#giveUp(id, ofChannel, pending);
        continue;
      }
      const made = await this.#gather(channel, ofChannel, pending);
      const next = this.#sendDue(
        channel,
        [...pending, ...made].sort((a, b) => a.rank - b.rank || a.createdMs - b.createdMs),
      );
      const taken = new Set(made.flatMap(({ noticeIds }) => noticeIds));
      const left = ofChannel.filter((notice) => !taken.has(notice.id));
      const nowMs = clock.nowMs();
      const due = nextDueMs(left, nowMs);
      // Where the rate leaves room, what goes before them wakes us when it is through.
      const rates = this.#rates.of(channel);
      const blocked = left
        .filter(({ dueMs, rank }) => dueMs <= nowMs && rates.free(rank, nowMs) === 0)
        .map(({ rank }) => rates.nextFreeMs(rank, nowMs));
      wakes.push(...next, ...blocked, ...(due === null ? [] : [due]));
    }
    return wakes.length === 0 ? null : Math.min(...wakes);
  }

  /** One message without an alarm, sent at once and never again. */
  async test(
    channel: ChannelConfig,
    { address, language }: { address: string; language: Language },
  ): Promise<Delivery> {
    const { database, clock } = this.#options;
    const envelope = { kind: 'test' as const, address, language };
    const delivery = newDelivery(channel.id, { notices: [], nowMs: clock.nowMs(), envelope });
    // It is on its way before it can be seen in the outbox: nobody else may take it up.
    return await this.#launch(channel, delivery, (begun) => insertDelivery(database.db, begun, []));
  }

  async #gather(
    channel: ChannelConfig,
    notices: readonly Notice[],
    pending: readonly Delivery[],
  ): Promise<(Delivery & { noticeIds: string[] })[]> {
    const { database, clock, adapterOf } = this.#options;
    const nowMs = clock.nowMs();
    const rates = this.#rates.of(channel);
    const { byAddress } = adapterOf(channel.settings.kind);
    // What is tried again later takes no room now, and what is less urgent takes none from what is more.
    const before = (rank: Rank) =>
      pending.filter((each) => each.rank <= rank && (each.nextMs ?? nowMs) <= nowMs).length;
    const room = (rank: Rank) => rates.free(rank, nowMs) - before(rank);
    const gathered = gather(notices, { nowMs, byAddress, room });
    const made: (Delivery & { noticeIds: string[] })[] = [];
    for (const each of gathered) {
      const [first] = each.notices;
      if (first === undefined) continue;
      const kind: Envelope['kind'] = each.summary ?? first.kind;
      const envelope = { kind, address: byAddress ? first.address : '', language: first.language };
      const delivery = newDelivery(channel.id, { notices: each.notices, nowMs, envelope });
      await database.db.transaction().execute((db) => insertDelivery(db, delivery, each.notices));
      made.push({ ...delivery, noticeIds: each.notices.map(({ id }) => id) });
    }
    return made;
  }

  /** Answers when those that could not go yet may. */
  #sendDue(channel: ChannelConfig, deliveries: readonly Delivery[]): number[] {
    const wakes: number[] = [];
    for (const delivery of deliveries) {
      const nowMs = this.#options.clock.nowMs();
      const rates = this.#rates.of(channel);
      if (delivery.nextMs !== null && delivery.nextMs > nowMs) wakes.push(delivery.nextMs);
      else if (rates.free(delivery.rank, nowMs) === 0)
        wakes.push(Math.max(nowMs + 1, rates.nextFreeMs(delivery.rank, nowMs)));
      // A lane that is taken wakes us when it is free.
      else if (this.#hasLane(channel.id, delivery.rank)) void this.#launch(channel, delivery);
    }
    return wakes;
  }

  #hasLane(channel: string, rank: Rank): boolean {
    const running = [...this.#inFlight.values()].filter((each) => each.channel === channel);
    const ofLife = running.filter((each) => each.rank === 0).length;
    return rank === 0 ? ofLife < lifeSafetyLanes : running.length === ofLife;
  }

  #launch(
    channel: ChannelConfig,
    delivery: Delivery,
    begin = (begun: Delivery) => updateDelivery(this.#options.database.db, begun),
  ): Promise<Delivery> {
    const abort = new AbortController();
    const attempt = this.#attempt(channel, delivery, { signal: abort.signal, begin });
    const done = attempt.then(
      () => undefined,
      (error: unknown) =>
        this.#options.logger.error({ err: error, delivery: delivery.id }, 'an attempt to notify could not be recorded'),
    );
    this.#inFlight.set(delivery.id, { channel: channel.id, rank: delivery.rank, abort, done });
    void done.then(() => {
      this.#inFlight.delete(delivery.id);
      this.#options.wake();
    });
    const cancel = this.#options.clock.after(attemptTimeoutMs, () => abort.abort());
    void done.then(cancel);
    return attempt;
  }

  async #attempt(
    channel: ChannelConfig,
    before: Delivery,
    { signal, begin }: { signal: AbortSignal; begin: (begun: Delivery) => Promise<void> },
  ): Promise<Delivery> {
    const { database, clock, adapterOf, secretsOf, linkAddress, standing } = this.#options;
    const nowMs = clock.nowMs();
    this.#rates.of(channel).take(nowMs);
    const delivery: Delivery = {
      ...before,
      state: 'sending',
      attempts: before.attempts + 1,
      triedMs: nowMs,
      nextMs: nowMs,
    };
    const secrets = secretsOf(channel.id);
    const told = (text: string) => maskSecrets(text, Object.values(secrets));
    await begin(delivery);
    const notices = await noticesOf(database.db, 'delivery', delivery.id);
    try {
      const { settings } = channel;
      const key = templateId({ kind: settings.kind, language: delivery.language });
      const template = this.#options.config().templates.get(key) ?? null;
      const message = messageOf(channel, delivery, { notices, linkAddress, standing, template });
      const receipt = await adapterOf(settings.kind).send(message, {
        settings,
        secrets,
        nowMs,
        signal,
      });
      const sent: Delivery = {
        ...delivery,
        state: 'sent',
        nextMs: null,
        sentMs: clock.nowMs(),
        receipt: told(receipt),
        error: null,
      };
      await updateDelivery(database.db, sent);
      this.troubles.taken(channel.id);
      return sent;
    } catch (error) {
      // Nobody knows whether it was taken: the next run sends it again under its id.
      if (this.#stopping) return delivery;
      return await this.#failed(delivery, notices, { error, message: told(errorMessage(error)) });
    }
  }

  async #failed(
    delivery: Delivery,
    notices: readonly Notice[],
    { error, message }: { error: unknown; message: string },
  ): Promise<Delivery> {
    const { database, clock, random, logger, fallback } = this.#options;
    const nowMs = clock.nowMs();
    const { attempts, rank, id, channel } = delivery;
    const mayRetry = isRetryable(error) && delivery.kind !== 'test';
    const nextMs = mayRetry ? retryAtMs({ attempts, rank, nowMs, random: random() }) : null;
    const failed: Delivery = {
      ...delivery,
      state: nextMs === null ? 'dead' : 'retrying',
      nextMs,
      error: message,
    };
    // What is urgent does not wait until the channel has been given up.
    const next = nextMs === null || (rank < 2 && attempts === 1) ? await this.#fallbacks(notices, fallback) : [];
    await database.db.transaction().execute(async (db) => {
      await insertNotices(db, next);
      await updateDelivery(db, failed);
    });
    this.troubles.failed(channel, { message: failed.error ?? '', isTest: delivery.kind === 'test' });
    logger.warn({ delivery: id, channel, attempts, nextMs }, `a notification was not taken: ${failed.error}`);
    return failed;
  }

  /** The channel is gone or disabled: those who have another contact are told by that one. */
  async #giveUp(id: string, notices: readonly Notice[], pending: readonly Delivery[]): Promise<void> {
    const { database, clock, fallback } = this.#options;
    const error = `the channel "${id}" is disabled or gone`;
    const nowMs = clock.nowMs();
    for (const { notices: part } of gather(notices, { nowMs: Infinity, byAddress: true, room: () => Infinity })) {
      const [first] = part;
      if (first === undefined) continue;
      const next = await this.#fallbacks(part, fallback);
      const { kind, address, language } = first;
      const made = newDelivery(id, { notices: part, nowMs, envelope: { kind, address, language } });
      await database.db.transaction().execute(async (db) => {
        await insertNotices(db, next);
        await insertDelivery(db, { ...made, state: 'dead', nextMs: null, error }, part);
      });
      if (next.length > 0) this.#options.wake();
    }
    for (const delivery of pending) {
      const next = await this.#fallbacks(await noticesOf(database.db, 'delivery', delivery.id), fallback);
      await database.db.transaction().execute(async (db) => {
        await insertNotices(db, next);
        await updateDelivery(db, { ...delivery, state: 'dead', nextMs: null, error });
      });
      if (next.length > 0) this.#options.wake();
    }
  }

  async #fallbacks(notices: readonly Notice[], fallback: SenderOptions['fallback']): Promise<Notice[]> {
    const next: Notice[] = [];
    for (const notice of notices) next.push(...(await fallback(notice)));
    return next;
  }
}
