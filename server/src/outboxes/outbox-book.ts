import {
  type Clock,
  errorMessage,
  type HistorySeries,
  historyUplink,
  type Logger,
  type OutboxHole,
  OutboxReport,
} from '@plantroom/contracts';
import { Value } from 'typebox/value';
import type { Db } from '../repositories/database.ts';
import { loadHoles, saveHoles } from '../repositories/hole-repository.ts';

/** A database that refuses is asked again; the gateway tells its holes once only. */
const retryMs = 5_000;

export interface OutboxBookOptions {
  db: Db;
  clock: Clock;
  logger: Logger;
}

/** What a gateway said last of its outbox, and every hole that is known of it. */
export interface OutboxEntry {
  /** Null: it has not said so since the server's start. */
  state: Omit<OutboxReport, 'holes'> | null;
  /** Oldest first by the time at which they were recorded. */
  holes: readonly OutboxHole[];
}

/** What gateways could not send, kept beyond the gateways' own memory of it: for charts, API and the list of gateways. */
export class OutboxBook {
  readonly #o: OutboxBookOptions;
  readonly #entries = new Map<string, OutboxEntry>();
  readonly #listeners = new Set<(gateway: string) => void>();
  /** Told and not yet in the database. */
  readonly #unsaved = new Map<string, readonly OutboxHole[]>();
  #saving: Promise<void> | undefined;
  #cancelRetry: () => void = () => undefined;
  #stopped = false;

  constructor(options: OutboxBookOptions) {
    this.#o = options;
  }

  async start(): Promise<void> {
    for (const { gateway, ...hole } of await loadHoles(this.#o.db)) {
      const held = this.of(gateway);
      this.#entries.set(gateway, { ...held, holes: [...held.holes, hole] });
    }
  }

  /** Tries once more to store what is not stored yet. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRetry();
    await this.#saving;
    if (this.#unsaved.size > 0) await this.#save();
  }

  of(gateway: string): OutboxEntry {
    return this.#entries.get(gateway) ?? { state: null, holes: [] };
  }

  /** A report as it came over the wire. One that is none is told and left out. */
  report(gateway: string, text: string): void {
    const report = parse(text);
    if (report === undefined) {
      const said = text.slice(0, 200);
      this.#o.logger.error({ gateway, report: said }, 'what a gateway says of its outbox cannot be read');
      return;
    }
    const { holes, ...state } = report;
    const held = this.of(gateway);
    if (state.refusing !== null && held.state?.refusing !== state.refusing)
      this.#o.logger.error({ gateway, reason: state.refusing }, 'the outbox of a gateway takes no readings');
    const news = holes.filter((hole) => !held.holes.some((each) => Value.Equal(each, hole)));
    this.#entries.set(gateway, { state, holes: withNews(held.holes, news) });
    if (news.length > 0) {
      const count = news.reduce((sum, hole) => sum + (hole.count ?? 0), 0);
      this.#o.logger.warn({ gateway, holes: news.length, count }, 'a gateway could not send everything it has read');
      this.#unsaved.set(gateway, withNews(this.#unsaved.get(gateway) ?? [], news));
      this.#saving ??= this.#save();
    }
    for (const listener of this.#listeners) listener(gateway);
  }

  /** What is missing in the history of the lane's points within `fromMs` to `toMs` (exclusive). */
  historyHoles(
    gateway: string,
    lane: OutboxHole['lane'],
    span: { fromMs: number; toMs: number },
  ): HistorySeries['holes'] {
    return this.of(gateway)
      .holes.filter((hole) => hole.lane === lane && hole.uplinks.includes(historyUplink))
      .filter((hole) => hole.toMs >= span.fromMs && hole.fromMs < span.toMs)
      .map(({ fromMs, toMs, reason, count }) => ({ fromMs, toMs, reason, ...(count === null ? {} : { count }) }));
  }

  /** Called when a gateway has told something new; the answer ends it. */
  onChange(listener: (gateway: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #save(): Promise<void> {
    try {
      for (;;) {
        const [next] = this.#unsaved;
        if (next === undefined) break;
        const [gateway, holes] = next;
        await saveHoles(this.#o.db, gateway, holes);
        if (this.#unsaved.get(gateway) === holes) this.#unsaved.delete(gateway);
      }
    } catch (error) {
      this.#o.logger.error({ error: errorMessage(error) }, 'holes of gateways could not be stored; trying again');
      if (!this.#stopped)
        this.#cancelRetry = this.#o.clock.after(retryMs, () => {
          this.#saving ??= this.#save();
        });
    } finally {
      this.#saving = undefined;
    }
  }
}

function parse(text: string): OutboxReport | undefined {
  try {
    const report: unknown = JSON.parse(text);
    return Value.Check(OutboxReport, report) ? report : undefined;
  } catch {
    return undefined;
  }
}

/** Holes grow: what lies within a new one of its kind is part of it. */
function withNews(holes: readonly OutboxHole[], news: readonly OutboxHole[]): OutboxHole[] {
  const isWithin = (held: OutboxHole): boolean =>
    news.some(
      (hole) =>
        hole.lane === held.lane && hole.reason === held.reason && hole.first <= held.first && held.next <= hole.next,
    );
  return [...holes.filter((held) => !isWithin(held)), ...news].sort((a, b) => a.recordedMs - b.recordedMs);
}
