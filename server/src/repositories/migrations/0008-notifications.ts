import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Who is told of alarms, and what has been told. The cursor begins at the end of the journal: what happened before there were
 * notifications is nobody's news.
 */
export function notifications(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('notification_config')
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('id', 'text', (c) => c.notNull())
        .addColumn('body', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('notification_config_key', ['kind', 'id'])
        .execute();
      await db.schema
        .createTable('notification_secrets')
        .addColumn('channel', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('sealed', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('notification_secrets_key', ['channel', 'name'])
        .execute();
      await db.schema
        .createTable('notification_cursors')
        .addColumn('name', 'text', (c) => c.primaryKey())
        .addColumn('seq', 'bigint', (c) => c.notNull())
        .execute();
      await sql`insert into notification_cursors (name, seq) select 'calls', coalesce(max(seq), 0) from alarm_journal`.execute(
        db,
      );
      await db.schema
        .createTable('notification_calls')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('alarm', 'text', (c) => c.notNull())
        .addColumn('policy', 'text', (c) => c.notNull())
        .addColumn('body', 'text', (c) => c.notNull())
        .addColumn('rung', 'integer', (c) => c.notNull())
        .addColumn('opened_ms', 'bigint', (c) => c.notNull())
        .addColumn('next_ms', 'bigint')
        .addColumn('ended_ms', 'bigint')
        .addColumn('ended_by', 'text')
        .execute();
      await db.schema
        .createIndex('notification_calls_alarm')
        .on('notification_calls')
        .columns(['alarm', 'ended_ms'])
        .execute();
      await db.schema.createIndex('notification_calls_next').on('notification_calls').column('next_ms').execute();
      await db.schema
        .createTable('notification_notices')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('call', 'text', (c) => c.notNull())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('person', 'text')
        .addColumn('contact', 'integer', (c) => c.notNull())
        .addColumn('channel', 'text', (c) => c.notNull())
        .addColumn('address', 'text', (c) => c.notNull())
        .addColumn('language', 'text', (c) => c.notNull())
        .addColumn('rank', 'integer', (c) => c.notNull())
        .addColumn('created_ms', 'bigint', (c) => c.notNull())
        .addColumn('due_ms', 'bigint', (c) => c.notNull())
        .addColumn('body', 'text', (c) => c.notNull())
        .addColumn('delivery', 'text')
        .execute();
      await db.schema
        .createIndex('notification_notices_delivery')
        .on('notification_notices')
        .columns(['delivery', 'due_ms'])
        .execute();
      await db.schema.createIndex('notification_notices_call').on('notification_notices').column('call').execute();
      await db.schema
        .createTable('notification_deliveries')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('channel', 'text', (c) => c.notNull())
        .addColumn('rank', 'integer', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('attempts', 'integer', (c) => c.notNull())
        .addColumn('created_ms', 'bigint', (c) => c.notNull())
        .addColumn('next_ms', 'bigint')
        .addColumn('tried_ms', 'bigint')
        .addColumn('sent_ms', 'bigint')
        .addColumn('receipt', 'text')
        .addColumn('error', 'text')
        .addColumn('body', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createIndex('notification_deliveries_state')
        .on('notification_deliveries')
        .columns(['state', 'next_ms'])
        .execute();
      await db.schema
        .createIndex('notification_deliveries_created')
        .on('notification_deliveries')
        .columns(['created_ms', 'id'])
        .execute();
      await db.schema
        .createTable('notification_links')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('person', 'text', (c) => c.notNull())
        .addColumn('alarm', 'text', (c) => c.notNull())
        .addColumn('occurrence', 'text')
        .addColumn('expires_ms', 'bigint', (c) => c.notNull())
        .addColumn('used_ms', 'bigint')
        .execute();
    },
  };
}
