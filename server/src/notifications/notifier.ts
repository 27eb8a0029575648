import { type ChannelKind, type Clock, errorMessage, type JournalRow, type Logger } from '@plantroom/contracts';
import type { FloodPlaces } from '../engine/flood-desk.ts';
import type { Database } from '../repositories/database.ts';
import { newestTime, pruneNotifications, setBack } from '../repositories/notification-upkeep-repository.ts';
import { CallDesk } from './call-desk.ts';
import type { ChannelAdapter } from './channels/channel.ts';
import type { AlarmFacts } from './domain/alarm-facts.ts';
import type { Notice } from './domain/gather.ts';
import type { MessageItem } from './domain/message.ts';
import { FloodWatch } from './flood-watch.ts';
import { Links } from './links.ts';
import { fallbackOf } from './notice-maker.ts';
import type { NotificationBook } from './notification-book.ts';
import { Sender } from './sender.ts';
import type { Vault } from './vault.ts';

export interface NotifierOptions {
  database: Database;
  book: NotificationBook;
  vault: Vault;
  factsOf: (entry: JournalRow) => AlarmFacts;
  standing: (notice: Notice) => MessageItem['now'];
  /** Who watches what; null: it is not known. */
  places: () => Pick<FloodPlaces, 'all' | 'placeOf'> | null;
  /** Tells when the journal has grown. */
  onJournal: (listener: () => void) => () => void;
  /** A channel has begun or ceased to fail. */
  onFailing: (channel: string, fails: boolean) => void;
  adapterOf: (kind: ChannelKind) => ChannelAdapter;
  random: () => number;
  clock: Clock;
  logger: Logger;
}

const retryMs = 1_000;
/** Less is how clocks are kept right. */
const leastStepMs = 1_000;
const dayMs = 86_400_000;
const keptMs = 400 * dayMs;

/** Joins the alarm journal to the channels: follows it, climbs ladders, sends. One worker, so nothing is decided twice. */
export class Notifier {
  readonly calls: CallDesk;
  readonly sender: Sender;
  readonly links: Links;
  readonly #options: NotifierOptions;
  readonly #floods: FloodWatch;
  #woken = false;
  #wakeUp: (() => void) | null = null;
  #idle: (() => void)[] = [];
  #stopping = false;
  #working: Promise<void> = Promise.resolve();
  #stopListening = (): void => undefined;
  #failing: string | null = null;
  #prunedMs = 0;
  /** How far the clock on the wall was ahead of the one that never steps; null: this run has not looked yet. */
  #aheadMs: number | null = null;

  constructor(options: NotifierOptions) {
    this.#options = options;
    const { database, book, clock, logger } = options;
    this.links = new Links(options.vault);
    this.#floods = new FloodWatch(options.places);
    this.calls = new CallDesk({
      database,
      config: () => book.config,
      factsOf: options.factsOf,
      links: this.links,
      floods: this.#floods,
      clock,
      logger,
    });
    this.sender = new Sender({
      database,
      config: () => book.config,
      secretsOf: (channel) => book.secrets(channel),
      adapterOf: options.adapterOf,
      linkAddress: (id) => {
        const { publicUrl } = book.config.settings;
        return publicUrl === null ? null : this.links.address(publicUrl, id);
      },
      standing: options.standing,
      fallback: (notice) => this.#fallback(notice),
      wake: () => this.wake(),
      onFailing: options.onFailing,
      random: options.random,
      clock,
      logger,
    });
  }

  async start(): Promise<void> {
    await this.sender.start();
    await this.calls.start();
    this.#stopListening = this.#options.onJournal(() => this.wake());
    this.#working = this.#work();
  }

  async stop(): Promise<void> {
    this.#stopListening();
    this.#stopping = true;
    this.wake();
    await this.#working;
    await this.sender.stop();
  }

  /** Why it cannot work, null when it can. */
  get failing(): string | null {
    return this.#failing;
  }

  /** Resolves when all that can be done now is done, and no message is on its way. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.wake();
    });
  }

  wake(): void {
    this.#woken = true;
    this.#wakeUp?.();
  }

  async #work(): Promise<void> {
    while (!this.#stopping) {
      this.#woken = false;
      await this.#sleep(await this.#pass());
    }
  }

  /** Answers when the next is due. */
  async #pass(): Promise<number | null> {
    const { clock, logger } = this.#options;
    try {
      await this.#mindClock();
      // Each stretch of the journal is sent before the next is read: a fire behind a thousand alarms waits for none of them. Steps that fall
      // due meanwhile do not wait either.
      while (!this.#stopping && (await this.calls.follow())) {
        await this.calls.climbDue();
        await this.sender.dispatch();
      }
      const climbMs = await this.calls.climbDue();
      const sendMs = await this.sender.dispatch();
      await this.#prune();
      if (this.#failing !== null) logger.info({}, 'notifications go on');
      this.#failing = null;
      const times = [climbMs, sendMs].filter((time) => time !== null);
      return times.length === 0 ? null : Math.min(...times);
    } catch (error) {
      if (this.#failing === null) logger.error({ err: error }, 'notifications are held up; trying again each second');
      this.#failing = errorMessage(error);
      return clock.nowMs() + retryMs;
    }
  }

  /** What is to happen after so long happens after so long, though the clock on the wall was set back meanwhile, or before this run began. */
  async #mindClock(): Promise<void> {
    const { database, clock } = this.#options;
    const nowMs = clock.nowMs();
    const aheadMs = nowMs - clock.monotonicMs();
    const backMs = this.#aheadMs === null ? (await newestTime(database.db)) - nowMs : this.#aheadMs - aheadMs;
    if (backMs > leastStepMs) {
      await database.db.transaction().execute((db) => setBack(db, backMs));
      if (this.#aheadMs !== null) this.sender.setBack(backMs);
      this.#options.logger.warn({ backMs }, 'the clock was set back; times that notifications wait for go with it');
    }
    this.#aheadMs = aheadMs;
  }

  /** Until woken, or that time. */
  async #sleep(untilMs: number | null): Promise<void> {
    if (this.#woken || this.#stopping) return;
    const { clock } = this.#options;
    if (!this.sender.isBusy) for (const resolve of this.#idle.splice(0)) resolve();
    await new Promise<void>((resolve) => {
      const cancel =
        untilMs === null ? () => undefined : clock.after(Math.max(1, untilMs - clock.nowMs()), () => this.wake());
      this.#wakeUp = () => {
        cancel();
        resolve();
      };
    });
    this.#wakeUp = null;
  }

  async #fallback(notice: Notice): Promise<Notice[]> {
    const { database, book, clock } = this.#options;
    const { facts, call, id } = notice;
    // A life-safety link is only worth making while somebody has to answer; the notice itself says so by having been about an open call.
    const asked = {
      id: call,
      policy: '',
      facts,
      rung: 0,
      openedMs: clock.nowMs(),
      nextMs: null,
      endedMs: notice.kind === 'alarm' ? null : 0,
      endedBy: null,
    };
    return await fallbackOf(
      { db: database.db, config: book.config, links: this.links, floods: this.#floods, nowMs: clock.nowMs() },
      { ...notice, id },
      asked,
    );
  }

  async #prune(): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#prunedMs < dayMs) return;
    this.#prunedMs = nowMs;
    await pruneNotifications(this.#options.database.db, nowMs - keptMs);
  }
}
