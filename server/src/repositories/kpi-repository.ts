import type { JournalDetails, LocalText } from '@plantroom/contracts';
import type { KpiRow } from '../domain/kpi/alarm-track.ts';
import type { Db } from './database.ts';

/** Rows of one statement: SQLite answers while nothing else runs. */
const portion = 5_000;

export interface KpiPeriodQuery {
  site: string;
  /** Server time, inclusive. */
  fromMs: number;
  /** Exclusive. */
  toMs: number;
}

/**
 * What the KPIs of a period are made of, in the order of the journal and in portions: first what tells how alarms stood that were not normal
 * at its start, then every entry of the period.
 */
export async function* scanForKpis(db: Db, query: KpiPeriodQuery, signal?: AbortSignal): AsyncGenerator<KpiRow[]> {
  const { site, fromMs, toMs } = query;
  const range = await db
    .selectFrom('alarm_journal')
    .select((eb) => [eb.fn.min('seq').as('first'), eb.fn.max('seq').as('last')])
    .where('recorded_ms', '>=', fromMs)
    .where('recorded_ms', '<', toMs)
    .executeTakeFirst();
  const last = await db
    .selectFrom('alarm_journal')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .executeTakeFirst();
  // Without an entry in the period, what stood before it stands all through it.
  const first = Number(range?.first ?? (await firstAfter(db, toMs)) ?? Number(last?.seq ?? 0) + 1);
  yield* standingBefore(db, { site, before: first }, signal);
  for (let from = first; from <= Number(range?.last ?? 0); from += portion) {
    signal?.throwIfAborted();
    yield (
      await rows(db)
        .where('seq', '>=', from)
        .where('seq', '<', Math.min(from + portion, Number(range?.last ?? 0) + 1))
        .where('alarm', 'like', `${site}/%`)
        .orderBy('seq')
        .execute()
    ).map(rowOf);
  }
}

async function firstAfter(db: Db, ms: number): Promise<number | null> {
  const row = await db
    .selectFrom('alarm_journal')
    .select((eb) => eb.fn.min('seq').as('seq'))
    .where('recorded_ms', '>=', ms)
    .executeTakeFirst();
  return row?.seq === null || row?.seq === undefined ? null : Number(row.seq);
}

/** Of each alarm that was not normal: its entries since it was normal last. */
async function* standingBefore(
  db: Db,
  { site, before }: { site: string; before: number },
  signal?: AbortSignal,
): AsyncGenerator<KpiRow[]> {
  const latest = await db
    .selectFrom((eb) =>
      eb
        .selectFrom('alarm_journal')
        .select((inner) => inner.fn.max('seq').as('top'))
        .where('seq', '<', before)
        .where('alarm', 'like', `${site}/%`)
        .groupBy('alarm')
        .as('latest'),
    )
    .innerJoin('alarm_journal', 'alarm_journal.seq', 'latest.top')
    .select(['alarm_journal.alarm', 'alarm_journal.seq'])
    .where('alarm_journal.state_after', '!=', 'NORM')
    .execute();
  for (const { alarm, seq } of latest) {
    signal?.throwIfAborted();
    const normal = await db
      .selectFrom('alarm_journal')
      .select((eb) => eb.fn.max('seq').as('seq'))
      .where('alarm', '=', alarm)
      .where('seq', '<', seq)
      .where('state_after', '=', 'NORM')
      .executeTakeFirst();
    yield (
      await rows(db)
        .where('alarm', '=', alarm)
        .where('seq', '>', Number(normal?.seq ?? 0))
        .where('seq', '<=', seq)
        .orderBy('seq')
        .execute()
    ).map(rowOf);
  }
}

const rows = (db: Db) =>
  db
    .selectFrom('alarm_journal')
    .select([
      'alarm',
      'equipment',
      'action',
      'state_before',
      'state_after',
      'priority',
      'at_ms',
      'recorded_ms',
      'historical',
      'user_name',
      'details',
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof rows>['execute']>>[number];

const rowOf = (row: Row): KpiRow => ({
  alarm: row.alarm,
  equipment: row.equipment,
  action: row.action as KpiRow['action'],
  stateBefore: row.state_before as KpiRow['stateBefore'],
  stateAfter: row.state_after as KpiRow['stateAfter'],
  priority: row.priority as KpiRow['priority'],
  atMs: row.at_ms,
  recordedMs: row.recorded_ms,
  historical: row.historical === 1,
  user: row.user_name,
  details: row.details === null ? null : (JSON.parse(row.details) as JournalDetails),
});

/** What the journal called an alarm last; undefined: it never named it. */
export async function lastNameOf(db: Db, alarm: string): Promise<LocalText | undefined> {
  const row = await db
    .selectFrom('alarm_journal')
    .select(['name_zh', 'name_en'])
    .where('alarm', '=', alarm)
    .where('name_zh', 'is not', null)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined || row.name_zh === null || row.name_en === null) return undefined;
  return { zh: row.name_zh, en: row.name_en };
}

export interface AuditedChange {
  subject: string;
  atMs: number;
}

/** Changes that the audit has of a period, whoever made them. */
export async function auditedChanges(db: Db, { fromMs, toMs }: Omit<KpiPeriodQuery, 'site'>): Promise<AuditedChange[]> {
  const found = await db
    .selectFrom('audit')
    .select(['subject', 'at_ms'])
    .where('at_ms', '>=', fromMs)
    .where('at_ms', '<', toMs)
    .orderBy('at_ms')
    .execute();
  return found.map((row) => ({ subject: row.subject, atMs: row.at_ms }));
}
