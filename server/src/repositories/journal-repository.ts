import type { JournalFilter, JournalRow, PointValue } from '@plantroom/contracts';
import { type Selectable, sql } from 'kysely';
import type { JournalRecord } from '../domain/alarms/alarm-events.ts';
import type { Db } from './database.ts';
import type { AlarmJournalTable } from './tables.ts';

/** An entry with what the alarm is called at that time. */
export type JournalWrite = JournalRecord & Pick<JournalRow, 'equipment' | 'name' | 'lifeSafety'>;

/** What the caller wants of the journal; a system comes as the classes that belong to it. */
export interface JournalSelection extends Omit<JournalFilter, 'system'> {
  classes?: readonly string[];
  /** Of a test mode: the equipment that it concerns. */
  tested?: readonly string[];
}

export interface JournalRead extends JournalSelection {
  after?: string;
  limit?: number;
}

/** Rows looked at by one statement: SQLite answers while nothing else runs. */
const windowRows = 5_000;

/** The only way in; nothing changes or removes what is there (the database refuses it, too). */
export async function appendJournal(db: Db, entries: readonly JournalWrite[]): Promise<void> {
  for (let from = 0; from < entries.length; from += 500) {
    const rows = entries.slice(from, from + 500).map((entry) => ({
      alarm: entry.alarm,
      equipment: entry.equipment,
      occurrence: entry.occurrence,
      action: entry.action,
      state_before: entry.stateBefore,
      state_after: entry.stateAfter,
      priority: entry.priority,
      at_ms: entry.atMs,
      recorded_ms: entry.recordedMs,
      historical: entry.historical ? (1 as const) : (0 as const),
      user_name: entry.user,
      comment: entry.comment,
      details: entry.details === null ? null : JSON.stringify(entry.details),
      value: JSON.stringify(entry.value),
      name_zh: entry.name?.zh ?? null,
      name_en: entry.name?.en ?? null,
      life_safety: entry.lifeSafety ? (1 as const) : (0 as const),
    }));
    await db.insertInto('alarm_journal').values(rows).execute();
  }
}

/** Newest first. `next` is what to pass as `after` for the following page; null at the end. Rejects when `signal` aborts. */
export async function readJournal(
  db: Db,
  query: JournalRead,
  signal?: AbortSignal,
): Promise<{ items: JournalRow[]; next: string | null }> {
  const limit = query.limit ?? 200;
  const { first, last } = await bounds(db, query);
  const rows: Selectable<AlarmJournalTable>[] = [];
  let before = Math.min(last + 1, query.after === undefined ? Number.POSITIVE_INFINITY : Number(query.after));
  while (before > first && rows.length <= limit) {
    signal?.throwIfAborted();
    const from = isNarrow(query) ? first : Math.max(first, before - windowRows);
    const found = await selected(db, query)
      .where('seq', '>=', from)
      .where('seq', '<', before)
      .orderBy('seq', 'desc')
      .limit(limit + 1 - rows.length)
      .execute();
    rows.push(...found);
    before = from;
  }
  const items = rows.slice(0, limit).map(rowOf);
  return { items, next: rows.length > limit ? String(items.at(-1)?.seq) : null };
}

/** Oldest first, in portions that do not grow with the journal; what is written after the start is not in it. */
export async function* scanJournal(
  db: Db,
  selection: JournalSelection,
  signal?: AbortSignal,
): AsyncGenerator<JournalRow[]> {
  const { first, last } = await bounds(db, selection);
  for (let from = first; from <= last; ) {
    signal?.throwIfAborted();
    const to = isNarrow(selection) ? last + 1 : Math.min(last + 1, from + windowRows);
    const rows = await selected(db, selection)
      .where('seq', '>=', from)
      .where('seq', '<', to)
      .orderBy('seq')
      .limit(windowRows)
      .execute();
    if (rows.length > 0) yield rows.map(rowOf);
    const end = rows.at(-1);
    from = rows.length === windowRows && end !== undefined ? end.seq + 1 : to;
  }
}

/** Lines after `seq`, oldest first: for those who follow the journal. */
export async function journalAfter(db: Db, seq: number, limit: number): Promise<JournalRow[]> {
  const rows = await db
    .selectFrom('alarm_journal')
    .selectAll()
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(rowOf);
}

/** When the condition of an alarm was gone the last time before an entry, by the server's clock; null: never. */
export async function returnedBefore(db: Db, alarm: string, seq: number): Promise<number | null> {
  const row = await db
    .selectFrom('alarm_journal')
    .select('recorded_ms')
    .where('alarm', '=', alarm)
    .where('seq', '<', seq)
    .where('action', 'in', ['returned', 'latched'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.recorded_ms ?? null;
}

export async function lastJournalSeq(db: Db): Promise<number> {
  return (await bounds(db, {})).last;
}

/** With an index for what is asked, no window is needed. */
const isNarrow = ({ alarm, equipment, tested }: JournalSelection): boolean =>
  alarm !== undefined || equipment !== undefined || tested !== undefined;

const columns = { recorded: 'recorded_ms', happened: 'at_ms' } as const;

/** The lowest and the highest `seq` that the period allows; both inclusive. */
async function bounds(db: Db, { clock = 'recorded', from, to }: JournalSelection) {
  const column = columns[clock];
  let select = db.selectFrom('alarm_journal').select((eb) => [eb.fn.max('seq').as('last')]);
  if (from === undefined && to === undefined) {
    const row = await select.executeTakeFirst();
    return { first: 1, last: Number(row?.last ?? 0) };
  }
  if (from !== undefined) select = select.where(column, '>=', from);
  if (to !== undefined) select = select.where(column, '<', to);
  const row = await select.select((eb) => eb.fn.min('seq').as('first')).executeTakeFirst();
  return { first: Number(row?.first ?? 1), last: Number(row?.last ?? 0) };
}

function selected(db: Db, query: JournalSelection) {
  let select = db.selectFrom('alarm_journal').selectAll();
  const { clock = 'recorded', from, to } = query;
  if (query.alarm !== undefined) select = select.where('alarm', '=', query.alarm);
  if (query.equipment !== undefined) select = select.where('equipment', '=', query.equipment);
  if (query.site !== undefined) select = select.where('alarm', 'like', `${query.site}/%`);
  if (query.action !== undefined) select = select.where('action', 'in', [query.action].flat());
  if (query.priority !== undefined) select = select.where('priority', 'in', [query.priority].flat());
  if (query.historical !== undefined) select = select.where('historical', '=', query.historical ? 1 : 0);
  if (query.lifeSafety === true) select = select.where('life_safety', '=', 1);
  if (query.lifeSafety === false)
    select = select.where((eb) => eb.or([eb('life_safety', '=', 0), eb('life_safety', 'is', null)]));
  const { test, tested } = query;
  if (tested !== undefined) select = select.where('equipment', 'in', [...tested, '']);
  if (test !== undefined) {
    select = select.where((eb) =>
      eb.or([
        eb('details', 'like', `%"test":"${test}"%`),
        // What stands at its end belongs to it no more, and names it as its cause.
        eb('details', 'like', `%"cause":"${test}"%`),
      ]),
    );
  }
  if (from !== undefined) select = select.where(columns[clock], '>=', from);
  if (to !== undefined) select = select.where(columns[clock], '<', to);
  const { classes } = query;
  if (classes !== undefined) {
    select = select.where('equipment', 'in', (eb) =>
      eb
        .selectFrom('equipment')
        .select('id')
        .where('class', 'in', [...classes, '']),
    );
  }
  for (const word of wordsOf(query.q)) {
    const pattern = `%${word.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    const like = (column: string) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`;
    select = select.where((eb) =>
      eb.or([
        ...['alarm', 'name_zh', 'name_en', 'user_name', 'comment'].map(like),
        eb('equipment', 'in', (sub) =>
          // The name is JSON in both languages; its keys are no words of it.
          sub
            .selectFrom('equipment')
            .select('id')
            .where(sql<boolean>`replace(replace(lower(name), '"zh":', ''), '"en":', '') like ${pattern} escape '\\'`),
        ),
      ]),
    );
  }
  return select;
}

const wordsOf = (text = ''): string[] =>
  text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');

function rowOf(row: Selectable<AlarmJournalTable>): JournalRow {
  return {
    seq: row.seq,
    alarm: row.alarm,
    equipment: row.equipment,
    name: row.name_zh === null || row.name_en === null ? null : { zh: row.name_zh, en: row.name_en },
    lifeSafety: row.life_safety === 1,
    occurrence: row.occurrence,
    action: row.action as JournalRow['action'],
    stateBefore: row.state_before as JournalRow['stateBefore'],
    stateAfter: row.state_after as JournalRow['stateAfter'],
    priority: row.priority as JournalRow['priority'],
    atMs: row.at_ms,
    recordedMs: row.recorded_ms,
    historical: row.historical === 1,
    user: row.user_name,
    comment: row.comment,
    details: row.details === null ? null : (JSON.parse(row.details) as JournalRow['details']),
    value: JSON.parse(row.value) as PointValue,
  };
}
