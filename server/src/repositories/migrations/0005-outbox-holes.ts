import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What gateways have read and could not send: positions of their outboxes, and the span of wire time. */
export function outboxHoles(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('outbox_holes')
        .addColumn('gateway', 'text', (c) => c.notNull())
        .addColumn('lane', 'text', (c) => c.notNull())
        .addColumn('reason', 'text', (c) => c.notNull())
        .addColumn('first', 'bigint', (c) => c.notNull())
        .addColumn('next', 'bigint', (c) => c.notNull())
        .addColumn('from_ms', 'bigint', (c) => c.notNull())
        .addColumn('to_ms', 'bigint', (c) => c.notNull())
        .addColumn('count', 'bigint')
        .addColumn('uplinks', 'text', (c) => c.notNull())
        .addColumn('recorded_ms', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('outbox_holes_key', ['gateway', 'lane', 'reason', 'first', 'next'])
        .execute();
      await db.schema
        .createIndex('outbox_holes_recorded')
        .on('outbox_holes')
        .columns(['gateway', 'recorded_ms'])
        .execute();
    },
  };
}
