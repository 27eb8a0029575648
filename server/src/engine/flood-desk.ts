import { floodRule, type JournalRow, type LocalText, type PositionFlood, type System } from '@plantroom/contracts';
import { isAnnunciation } from '../domain/alarms/annunciation.ts';
import {
  type Annunciation,
  type Flood,
  type FloodNews,
  type FloodState,
  figuresOf,
  noFlood,
  passFlood,
  rateAt,
} from '../domain/floods/flood.ts';
import type { Db } from '../repositories/database.ts';
import { type JournalWrite, readJournal, scanJournal } from '../repositories/journal-repository.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export interface FloodPlace {
  site: string;
  position: string;
  /** Of the position. */
  name: LocalText;
}

/** Who watches what. */
export interface FloodPlaces {
  all(): readonly FloodPlace[];
  placeOf(alarm: string, equipment: string | null): FloodPlace;
  systemOf(equipment: string): System | undefined;
}

/** One position as it is now; `toldRate`: the rate that was told last. */
export interface WatchedPosition {
  place: FloodPlace;
  state: FloodState;
  toldRate: number;
  /** Those that ended in this unit of work. */
  ended: PositionFlood[];
}

export const floodSource = ({ site, position }: Pick<FloodPlace, 'site' | 'position'>): string =>
  `${site}/positions#flood/${position}`;

type Told = Pick<JournalWrite, 'alarm' | 'equipment' | 'priority' | 'lifeSafety' | 'recordedMs'>;

/** Watches for floods of alarms at each operating position, from what is written into the journal; pure but for what it remembers. */
export class FloodDesk {
  readonly #watched = new Map<string, WatchedPosition>();
  #places: FloodPlaces | null = null;

  /** Who watches what; null: nobody is known yet. */
  get places(): FloodPlaces | null {
    return this.#places;
  }

  /** Takes up what the journal says, and watches from then on; to be called in a turn of the engine. A restart changes nothing by it. */
  async restore(db: Db, places: FloodPlaces, nowMs: number): Promise<void> {
    const open = new Map<string, number>();
    for (const place of places.all()) {
      const [last] = (await readJournal(db, { alarm: floodSource(place), limit: 1 })).items;
      const beganMs = last?.action === 'flood-began' ? last.details?.flood?.beganMs : undefined;
      if (beganMs !== undefined) open.set(keyOf(place), beganMs);
    }
    const since = (beganMs: number | undefined): number => (beganMs ?? nowMs) - floodRule.windowMs;
    this.#watched.clear();
    for await (const rows of scanJournal(db, {
      from: Math.max(0, Math.min(since(undefined), ...[...open.values()].map(since)) + 1),
    })) {
      const told = byPlace(rows.filter(isAnnunciation), places);
      for (const [key, { place, items }] of told) {
        const fresh = items.filter(({ atMs }) => atMs > since(open.get(key)));
        const before = this.#watched.get(key)?.state ?? noFlood;
        const { state } = passFlood(before, { told: fresh, nowMs: fresh.at(-1)?.atMs ?? 0 });
        this.#watched.set(key, { place, state, toldRate: rateAt(state, nowMs), ended: [] });
      }
    }
    this.#places = places;
  }

  /** Counts what the unit of work tells, and says in its journal which floods have begun and ended. */
  settle(work: UnitOfWork): void {
    const places = this.#places;
    if (places === null) return;
    const told = byPlace(work.journal.filter(isAnnunciation), places);
    for (const [key, { state, place }] of this.#watched)
      if (state.flood !== null && !told.has(key)) told.set(key, { place, items: [] });
    for (const [key, { place, items }] of told) {
      const before = this.#watched.get(key);
      const { nowMs } = work;
      const { state, news } = passFlood(before?.state ?? noFlood, { told: items, nowMs });
      const rate = rateAt(state, nowMs);
      if (state === before?.state && rate === before.toldRate) continue;
      for (const each of news) work.journal.push(entryOf(place, each, nowMs));
      const ended = news.flatMap(({ type, flood, rate: then }) =>
        type === 'ended' ? [viewOf(place, flood, then)] : [],
      );
      work.floods.set(key, { place, state, toldRate: rate, ended });
    }
  }

  /** Takes over what has been committed. */
  take(changes: Iterable<[string, WatchedPosition]>): void {
    for (const [key, position] of changes) this.#watched.set(key, { ...position, ended: [] });
  }

  /** Those that go on. */
  open(nowMs: number): PositionFlood[] {
    return [...this.#watched.values()].flatMap(({ place, state }) =>
      state.flood === null ? [] : [viewOf(place, state.flood, rateAt(state, nowMs))],
    );
  }

  /** Whether server time has to be told. */
  get isWaiting(): boolean {
    for (const { state } of this.#watched.values()) if (state.flood !== null) return true;
    return false;
  }
}

/** What has become of a position, for those who look on. */
export function floodsOf({ place, state, toldRate, ended }: WatchedPosition): PositionFlood[] {
  return state.flood === null ? ended : [...ended, viewOf(place, state.flood, toldRate)];
}

/** What an entry of the journal says of a flood that has ended; null: it says nothing of the kind. */
export function floodOf(
  { action, alarm, occurrence, atMs, details }: JournalRow,
  name: LocalText,
): PositionFlood | null {
  const { flood } = details ?? {};
  if (action !== 'flood-ended' || flood === undefined) return null;
  return { ...flood, id: occurrence ?? '', site: alarm.split('/')[0] ?? '', name, endedMs: atMs };
}

const keyOf = ({ site, position }: FloodPlace): string => `${site}/${position}`;

function byPlace(
  entries: readonly Told[],
  places: FloodPlaces,
): Map<string, { place: FloodPlace; items: Annunciation[] }> {
  const found = new Map<string, { place: FloodPlace; items: Annunciation[] }>();
  for (const { alarm, equipment, priority, lifeSafety, recordedMs } of entries) {
    const place = places.placeOf(alarm, equipment);
    const key = keyOf(place);
    const group = found.get(key) ?? { place, items: [] };
    found.set(key, group);
    const system = equipment === null ? null : (places.systemOf(equipment) ?? null);
    group.items.push({ alarm, equipment, system, priority, lifeSafety, atMs: recordedMs });
  }
  return found;
}

function viewOf({ site, position, name }: FloodPlace, flood: Flood, rate: number): PositionFlood {
  const { endedMs } = flood;
  return { id: idOf({ site, position }, flood), site, position, name, endedMs, ...figuresOf(flood, rate) };
}

const idOf = ({ site, position }: Pick<FloodPlace, 'site' | 'position'>, { beganMs }: Flood): string =>
  `${site}/${position}/${beganMs}`;

function entryOf(place: FloodPlace, { type, atMs, flood, rate }: FloodNews, recordedMs: number): JournalWrite {
  return {
    alarm: floodSource(place),
    equipment: null,
    name: { zh: `告警泛滥：${place.name.zh}`, en: `Alarm flood: ${place.name.en}` },
    lifeSafety: false,
    occurrence: idOf(place, flood),
    action: type === 'began' ? 'flood-began' : 'flood-ended',
    stateBefore: 'NORM',
    stateAfter: 'NORM',
    priority: 'high',
    atMs,
    recordedMs,
    historical: false,
    user: null,
    comment: null,
    details: { flood: { position: place.position, ...figuresOf(flood, rate) } },
    value: null,
  };
}
