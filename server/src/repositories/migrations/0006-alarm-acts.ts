import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What an entry of the journal says beside its comment, and the answers to operators' acts that may be sent again. */
export function alarmActs(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('alarm_journal').addColumn('details', 'text').execute();
      await db.schema
        .createTable('alarm_acts')
        .addColumn('user_name', 'text', (c) => c.notNull())
        .addColumn('act', 'text', (c) => c.notNull())
        .addColumn('request', 'text', (c) => c.notNull())
        .addColumn('answer', 'text', (c) => c.notNull())
        .addColumn('at_ms', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('alarm_acts_key', ['user_name', 'act'])
        .execute();
      await db.schema.createIndex('alarm_acts_at').on('alarm_acts').column('at_ms').execute();
    },
  };
}
