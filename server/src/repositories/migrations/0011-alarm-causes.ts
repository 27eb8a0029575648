import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What alarms have to tell that wait for their cause, and the line on which a gateway reads a device. */
export function alarmCauses(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('alarms').addColumn('held', 'text').execute();
      await db.schema.alterTable('devices').addColumn('connection', 'text').execute();
    },
  };
}
