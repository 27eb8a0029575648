import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Whether the gateway computes a point; what was born before is delivered until its next birth says otherwise. */
export function derivedPoints(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .alterTable('points')
        .addColumn('derived', 'integer', (c) => c.notNull().defaultTo(0))
        .execute();
    },
  };
}
