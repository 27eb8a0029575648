import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DatabaseEngine } from '../database.ts';

/** A shift is handed over at each operating position. Empty: the site has one for all, or the report is older than its positions. */
export function handoverPositions(engine: DatabaseEngine): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const end = engine === 'postgres' ? sql` on shift_handovers` : sql``;
      await sql`drop trigger shift_handovers_signed${end}`.execute(db);
      await db.schema
        .alterTable('shift_handovers')
        .addColumn('position', 'text', (c) => c.notNull().defaultTo(''))
        .execute();
      await db.schema.dropIndex('shift_handovers_shift').execute();
      await db.schema
        .createIndex('shift_handovers_shift')
        .on('shift_handovers')
        .columns(['site', 'position', 'from_ms'])
        .unique()
        .execute();
      await signed(db, engine);
    },
  };
}

/** A signed report is never changed but by the second signature; whose position it is of is part of it. */
async function signed(db: Kysely<unknown>, engine: DatabaseEngine): Promise<void> {
  const same = ['site', 'position', 'shift', 'from_ms', 'to_ms', 'notes', 'body', 'left_by', 'left_ms'];
  const differs = same.map((c) => `new.${c} is distinct from old.${c}`).join(' or ');
  const condition = sql.raw(`old.left_ms is not null and (old.taken_ms is not null or ${differs})`);
  if (engine === 'postgres') {
    await sql`create trigger shift_handovers_signed before update on shift_handovers for each row
      when (${condition}) execute function plantroom_signed()`.execute(db);
    return;
  }
  await sql`create trigger shift_handovers_signed before update on shift_handovers when ${condition}
    begin select raise(abort, 'shift_handovers is signed and cannot be changed'); end`.execute(db);
}
