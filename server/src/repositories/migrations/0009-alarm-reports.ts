import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DatabaseEngine } from '../database.ts';

/** What the journal is searched by, and the reports of shifts with their signatures. */
export function alarmReports(engine: DatabaseEngine): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await journalColumns(db);
      if (engine === 'postgres') await refuseTruncate(db);
      await handovers(db, engine);
    },
  };
}

/** Names and life safety as they were when an entry was written; null: it is older than these columns. */
async function journalColumns(db: Kysely<unknown>): Promise<void> {
  for (const [column, type] of [
    ['name_zh', 'text'],
    ['name_en', 'text'],
    ['life_safety', 'integer'],
  ] as const) {
    await db.schema.alterTable('alarm_journal').addColumn(column, type).execute();
  }
  await db.schema.dropIndex('alarm_journal_time').execute();
  for (const [name, column] of [
    ['alarm_journal_recorded', 'recorded_ms'],
    ['alarm_journal_happened', 'at_ms'],
    ['alarm_journal_equipment', 'equipment'],
  ] as const) {
    await db.schema.createIndex(name).on('alarm_journal').columns([column, 'seq']).execute();
  }
}

/** `truncate` passes by triggers of rows; SQLite does not know it. */
async function refuseTruncate(db: Kysely<unknown>): Promise<void> {
  for (const table of ['alarm_journal', 'work_order_events', 'audit']) {
    await sql`create trigger ${sql.id(`${table}_no_truncate`)} before truncate on ${sql.table(table)}
      for each statement execute function plantroom_append_only()`.execute(db);
  }
}

async function handovers(db: Kysely<unknown>, engine: DatabaseEngine): Promise<void> {
  const table = db.schema.createTable('shift_handovers');
  const counted =
    engine === 'postgres'
      ? table.addColumn('seq', 'bigserial', (c) => c.primaryKey())
      : table.addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement());
  await counted
    .addColumn('site', 'text', (c) => c.notNull())
    .addColumn('shift', 'text', (c) => c.notNull())
    .addColumn('from_ms', 'bigint', (c) => c.notNull())
    .addColumn('to_ms', 'bigint', (c) => c.notNull())
    .addColumn('notes', 'text', (c) => c.notNull())
    .addColumn('body', 'text')
    .addColumn('left_by', 'text')
    .addColumn('left_ms', 'bigint')
    .addColumn('taken_by', 'text')
    .addColumn('taken_ms', 'bigint')
    .addColumn('remark', 'text')
    .execute();
  await db.schema
    .createIndex('shift_handovers_shift')
    .on('shift_handovers')
    .columns(['site', 'from_ms'])
    .unique()
    .execute();
  await frozen(db, engine);
}

/** A signed report is never changed but by the second signature, and none is ever removed. */
async function frozen(db: Kysely<unknown>, engine: DatabaseEngine): Promise<void> {
  const same = ['site', 'shift', 'from_ms', 'to_ms', 'notes', 'body', 'left_by', 'left_ms'];
  const differs = same.map((c) => `new.${c} is distinct from old.${c}`).join(' or ');
  const condition = sql.raw(`old.left_ms is not null and (old.taken_ms is not null or ${differs})`);
  if (engine === 'postgres') {
    await sql`create function plantroom_signed() returns trigger language plpgsql as
      $$ begin raise exception '% is signed and cannot be changed', tg_table_name; end $$`.execute(db);
    await sql`create trigger shift_handovers_signed before update on shift_handovers for each row
      when (${condition}) execute function plantroom_signed()`.execute(db);
    await sql`create trigger shift_handovers_kept before delete on shift_handovers for each row
      execute function plantroom_append_only()`.execute(db);
    return;
  }
  await sql`create trigger shift_handovers_signed before update on shift_handovers when ${condition}
    begin select raise(abort, 'shift_handovers is signed and cannot be changed'); end`.execute(db);
  await sql`create trigger shift_handovers_kept before delete on shift_handovers
    begin select raise(abort, 'shift_handovers is append-only'); end`.execute(db);
}
