import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What late data has told of a rule, and which entries of the journal were over when they were found. */
export function lateData(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('alarms').addColumn('late', 'text').execute();
      await db.schema
        .alterTable('alarm_journal')
        .addColumn('historical', 'integer', (c) => c.notNull().defaultTo(0))
        .execute();
    },
  };
}
