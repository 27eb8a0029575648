import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What rules over several points and windows remember, and what a site has changed about the alarms of its classes or added to them. */
export function alarmConditions(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('alarms').addColumn('signal', 'text').execute();
      await db.schema
        .createTable('alarm_overrides')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('equipment', 'text', (c) => c.notNull())
        .addColumn('body', 'text', (c) => c.notNull())
        .addColumn('set_by', 'text', (c) => c.notNull())
        .addColumn('set_ms', 'bigint', (c) => c.notNull())
        .execute();
    },
  };
}
