import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Planned work on equipment whose alarms are marked as test meanwhile. */
export function testModes(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('test_modes')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('number', 'integer', (c) => c.notNull().unique())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('until_ms', 'bigint', (c) => c.notNull())
        .addColumn('body', 'text', (c) => c.notNull())
        .addColumn('user_name', 'text', (c) => c.notNull())
        .addColumn('act', 'text')
        .addColumn('request', 'text')
        .addUniqueConstraint('test_modes_act', ['user_name', 'act'])
        .execute();
    },
  };
}
