import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The KPIs ask which settings were changed in a period, and by their subject; the index answers that alone. */
export function auditTime(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.createIndex('audit_time').on('audit').columns(['at_ms', 'subject']).execute();
    },
  };
}
