import type { JournalRow } from '@plantroom/contracts';
import { type FloodPlaces, floodSource } from '../engine/flood-desk.ts';
import type { Db } from '../repositories/database.ts';
import { readJournal } from '../repositories/journal-repository.ts';
import { moveNotices, waitingNotices } from '../repositories/notification-outbox-repository.ts';
import type { AlarmFacts } from './domain/alarm-facts.ts';
import type { NoticeFlood } from './domain/notice-flood.ts';

type Place = Pick<FloodPlaces, 'all' | 'placeOf'>;

/**
 * The floods of alarms as far as the journal has been followed. While one goes on, what is not urgent waits for its next summary; what was
 * being gathered when it began goes out with the first one, at once, and what is left when it ends with the last one.
 */
export class FloodWatch {
  readonly #places: () => Place | null;
  /** By position. */
  readonly #open = new Map<string, NoticeFlood>();

  constructor(places: () => Place | null) {
    this.#places = places;
  }

  /** As it was when the journal had been followed so far. */
  async restore(db: Db, cursor: number): Promise<void> {
    this.#open.clear();
    for (const place of this.#places()?.all() ?? []) {
      const wanted = { alarm: floodSource(place), after: String(cursor + 1), limit: 1 };
      const [last] = (await readJournal(db, wanted)).items;
      const flood = last === undefined ? null : this.#noticeFloodOf(last);
      if (flood !== null && flood.endedMs === null) this.#open.set(floodSource(place), flood);
    }
  }

  /** The flood at the position that an alarm belongs to; null: none. */
  of({ alarm, equipment }: Pick<AlarmFacts, 'alarm' | 'equipment'>): NoticeFlood | null {
    const place = this.#places()?.placeOf(alarm, equipment);
    return place === undefined ? null : (this.#open.get(floodSource(place)) ?? null);
  }

  /** Takes over a line of the journal that is about a flood. */
  async follow(db: Db, entry: JournalRow, nowMs: number): Promise<void> {
    const flood = this.#noticeFloodOf(entry);
    if (flood === null) return;
    const { alarm } = entry;
    if (flood.endedMs === null) this.#open.set(alarm, flood);
    else this.#open.delete(alarm);
    const waiting = (await waitingNotices(db)).filter(({ rank, held }) => rank === 2 && !held);
    const concerned = waiting.filter((notice) =>
      flood.endedMs === null ? this.of(notice.facts)?.id === flood.id : notice.flood?.id === flood.id,
    );
    await moveNotices(
      db,
      concerned.map((notice) => ({ ...notice, flood, dueMs: nowMs })),
    );
  }

  #noticeFloodOf({ alarm, occurrence, action, atMs, details }: JournalRow): NoticeFlood | null {
    const { flood } = details ?? {};
    if (flood === undefined) return null;
    const site = alarm.split('/')[0];
    const place = this.#places()
      ?.all()
      .find((each) => each.site === site && each.position === flood.position);
    const position = place?.name ?? { zh: flood.position, en: flood.position };
    const endedMs = action === 'flood-ended' ? atMs : null;
    return { id: occurrence ?? alarm, position, beganMs: flood.beganMs, endedMs };
  }
}
