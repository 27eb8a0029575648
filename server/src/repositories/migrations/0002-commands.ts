import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DatabaseEngine } from '../database.ts';

/** Commands to writable points, and what births say of writability. */
export function commands(engine: DatabaseEngine): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('points').addColumn('write_range', 'text').execute();
      const table = db.schema.createTable('commands');
      const counted =
        engine === 'postgres'
          ? table.addColumn('seq', 'bigserial', (c) => c.primaryKey())
          : table.addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement());
      await counted
        .addColumn('id', 'text', (c) => c.notNull().unique())
        .addColumn('point', 'text', (c) => c.notNull())
        .addColumn('equipment', 'text', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('user_name', 'text', (c) => c.notNull())
        .addColumn('request_key', 'text')
        .addColumn('requested_ms', 'bigint', (c) => c.notNull())
        .addColumn('body', 'text', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('commands_point').on('commands').columns(['point', 'seq']).execute();
      await db.schema.createIndex('commands_equipment').on('commands').columns(['equipment', 'seq']).execute();
      // One at a time for a point, and one for a key, whoever races.
      await sql`create unique index commands_one_open on commands (point) where state in ('requested', 'sent', 'accepted')`.execute(
        db,
      );
      await sql`create unique index commands_one_key on commands (user_name, request_key) where request_key is not null`.execute(
        db,
      );
    },
  };
}
