import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What is asked whenever the journal grows, and of a whole shift, must not take longer with each year that is kept. */
export function notificationTimes(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      for (const [table, columns] of [
        ['notification_calls', ['ended_ms', 'next_ms']],
        ['notification_calls', ['alarm', 'opened_ms']],
        ['notification_deliveries', ['tried_ms']],
        ['notification_deliveries', ['channel', 'tried_ms']],
        ['work_order_events', ['at_ms']],
      ] as const) {
        await db.schema
          .createIndex([table, ...columns].join('_'))
          .on(table)
          .columns([...columns])
          .execute();
      }
    },
  };
}
