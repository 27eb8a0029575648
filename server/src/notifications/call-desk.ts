import { type Clock, type JournalRow, type Logger, priorityNumber } from '@plantroom/contracts';
import type { Database, Db } from '../repositories/database.ts';
import { journalAfter, returnedBefore } from '../repositories/journal-repository.ts';
import {
  callCounts,
  callsOfOccurrence,
  dueCalls,
  moveCursor,
  type NotificationCall,
  openCallsOf,
  readCursor,
  saveCall,
} from '../repositories/notification-call-repository.ts';
import { insertNotices, noticesOf } from '../repositories/notification-outbox-repository.ts';
import type { AlarmFacts } from './domain/alarm-facts.ts';
import type { NotificationConfig } from './domain/config.ts';
import type { Notice } from './domain/gather.ts';
import { type Called, meaningOf } from './domain/journal-meaning.ts';
import { climb } from './domain/ladder.ts';
import { summaryDueMs } from './domain/notice-flood.ts';
import { policiesFor } from './domain/policy-match.ts';
import type { FloodWatch } from './flood-watch.ts';
import type { Links } from './links.ts';
import { noticesOfRung, reachesSomebody } from './notice-maker.ts';

export interface CallDeskOptions {
  database: Database;
  config: () => NotificationConfig;
  /** What is told of a line of the journal. */
  factsOf: (entry: JournalRow) => AlarmFacts;
  links: Links;
  floods: FloodWatch;
  clock: Clock;
  logger: Logger;
}

const cursorName = 'calls';
/** Lines that share a transaction. */
const batch = 200;

/** Follows the alarm journal: opens ladders, climbs them, ends them. What it decides and how far it has read are written at once. */
export class CallDesk {
  readonly #options: CallDeskOptions;

  constructor(options: CallDeskOptions) {
    this.#options = options;
  }

  /** Takes up where a former run has left off. */
  async start(): Promise<void> {
    const { database, floods } = this.#options;
    await floods.restore(database.db, (await readCursor(database.db, cursorName)) ?? 0);
  }

  /** Follows some lines; false: there are no more. */
  async follow(): Promise<boolean> {
    const { db } = this.#options.database;
    const after = (await readCursor(db, cursorName)) ?? 0;
    const entries = await journalAfter(db, after, batch);
    const last = entries.at(-1);
    if (last === undefined) return false;
    await db.transaction().execute(async (transaction) => {
      for (const entry of entries) await this.#followLine(transaction, entry);
      await moveCursor(transaction, cursorName, last.seq);
    });
    return true;
  }

  /** Climbs what is due; answers when the next rung is, null: none. */
  async climbDue(): Promise<number | null> {
    const { database, clock } = this.#options;
    for (const call of await dueCalls(database.db, clock.nowMs())) {
      await database.db.transaction().execute((db) => this.#climb(db, call));
    }
    return (await callCounts(database.db)).nextMs;
  }

  async #followLine(db: Db, entry: JournalRow): Promise<void> {
    if (entry.details?.flood !== undefined) return this.#options.floods.follow(db, entry, this.#options.clock.nowMs());
    const facts = this.#options.factsOf(entry);
    const open = await openCallsOf(db, entry.alarm);
    const isBack = entry.action === 'reactivated' && open.length > 0;
    const returnedMs = isBack ? await returnedBefore(db, entry.alarm, entry.seq) : null;
    const meaning = meaningOf(entry, { lifeSafety: facts.lifeSafety, called: calledFor(open, returnedMs) });
    if (meaning.returned) await this.#tellReturned(db, facts, open);
    if (meaning.act === 'end') for (const call of open) await this.#end(db, call, entry.user ?? entry.action);
    if (meaning.act !== 'call' && meaning.act !== 'tell') return;
    for (const call of open) await this.#end(db, call, entry.action);
    const nowMs = this.#options.clock.nowMs();
    for (const policy of policiesFor(this.#options.config().policies.values(), facts)) {
      const isOver = meaning.act === 'tell';
      await this.#climb(db, {
        id: `${entry.seq}.${policy.id}`,
        policy: policy.id,
        facts,
        rung: 0,
        openedMs: nowMs,
        nextMs: nowMs,
        endedMs: isOver ? nowMs : null,
        endedBy: isOver ? 'historical' : null,
      });
    }
  }

  async #climb(db: Db, call: NotificationCall): Promise<void> {
    const { links, floods, clock, logger } = this.#options;
    const config = this.#options.config();
    const nowMs = clock.nowMs();
    const policy = config.policies.get(call.policy);
    if (!policy?.enabled) return this.#end(db, call, 'policy-removed');
    const { lifeSafety } = call.facts;
    const climbed = climb(
      policy,
      { ...call, lifeSafety },
      { nowMs, reaches: (rung) => reachesSomebody(rung, { facts: call.facts, config, nowMs }) },
    );
    for (const rung of climbed.rungs) {
      const notices = await noticesOfRung({ db, config, links, floods, nowMs }, call, rung);
      if (notices.length === 0)
        logger.warn(
          { alarm: call.facts.alarm, policy: policy.id, step: rung.index },
          'a step of the policy reaches nobody',
        );
      await insertNotices(db, notices);
    }
    const isOver = call.endedMs !== null;
    await saveCall(db, { ...call, rung: climbed.rung, nextMs: isOver ? null : climbed.nextMs });
  }

  async #tellReturned(db: Db, facts: AlarmFacts, open: readonly NotificationCall[]): Promise<void> {
    const config = this.#options.config();
    for (const call of await callsOfOccurrence(db, facts.alarm, facts.occurrence)) {
      const policy = config.policies.get(call.policy);
      if (policy?.tellReturned)
        await insertNotices(db, this.#returnNotices(await noticesOf(db, 'call', call.id), facts));
      const stops = policy?.stopOnReturn === true && !facts.lifeSafety;
      if (stops && open.some(({ id }) => id === call.id)) await this.#end(db, call, 'returned');
    }
  }

  /** To those who were told, where they were told. */
  #returnNotices(told: readonly Notice[], facts: AlarmFacts): Notice[] {
    const nowMs = this.#options.clock.nowMs();
    return told
      .filter(({ kind }) => kind === 'alarm')
      .map((notice) => {
        const gatherMs = (this.#options.config().channels.get(notice.channel)?.coalesceS ?? 0) * 1000;
        const flood = notice.held ? null : this.#options.floods.of(facts);
        const gatheredMs = flood === null ? nowMs + gatherMs : summaryDueMs(flood, nowMs, gatherMs);
        const dueMs = notice.held ? Math.max(notice.dueMs, nowMs) : gatheredMs;
        const id = `${notice.call}.returned.${notice.person ?? 'group'}.${notice.channel}.${notice.contact}`;
        // Good news is never urgent.
        return { ...notice, id, kind: 'returned', rank: 2, createdMs: nowMs, dueMs, flood, facts, link: null };
      });
  }

  async #end(db: Db, call: NotificationCall, by: string): Promise<void> {
    await saveCall(db, { ...call, nextMs: null, endedMs: this.#options.clock.nowMs(), endedBy: by });
  }
}

function calledFor(open: readonly NotificationCall[], returnedMs: number | null): Called | null {
  const [first] = open.map(({ facts }) => facts.priority).sort((a, b) => priorityNumber[a] - priorityNumber[b]);
  if (first === undefined) return null;
  return { priority: first, returnedMs, climbing: open.some(({ nextMs }) => nextMs !== null) };
}
