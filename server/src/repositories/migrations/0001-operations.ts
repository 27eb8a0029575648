import { type Kysely, type SchemaModule, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DatabaseEngine } from '../database.ts';

export function operations(engine: DatabaseEngine): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await plant(db.schema);
      await alarms(db.schema, engine);
      await orders(db.schema, engine);
      await people(db.schema, engine);
      await constraints(db, engine);
    },
  };
}

/** A number that the engine counts up by itself. */
const counted = (schema: SchemaModule, table: string, engine: DatabaseEngine) =>
  engine === 'postgres'
    ? schema.createTable(table).addColumn('seq', 'bigserial', (c) => c.primaryKey())
    : schema.createTable(table).addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement());

const keyed = (schema: SchemaModule, table: string, key = 'id') =>
  schema.createTable(table).addColumn(key, 'text', (c) => c.primaryKey());

async function plant(schema: SchemaModule): Promise<void> {
  await keyed(schema, 'sites')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('time_zone', 'text', (c) => c.notNull())
    .execute();
  await keyed(schema, 'spaces')
    .addColumn('site', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('parent', 'text')
    .addColumn('position', 'integer', (c) => c.notNull())
    .execute();
  await keyed(schema, 'equipment')
    .addColumn('site', 'text', (c) => c.notNull())
    .addColumn('class', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('space', 'text')
    .addColumn('parent', 'text')
    .addColumn('depends_on', 'text', (c) => c.notNull())
    .addColumn('origin', 'text', (c) => c.notNull())
    .addColumn('position', 'integer', (c) => c.notNull())
    .execute();
  await keyed(schema, 'points')
    .addColumn('equipment', 'text', (c) => c.notNull())
    .addColumn('class', 'text')
    .addColumn('unit', 'text')
    .addColumn('lane', 'text', (c) => c.notNull())
    .addColumn('silence_ms', 'bigint')
    .addColumn('gateway', 'text', (c) => c.notNull())
    .addColumn('device', 'text', (c) => c.notNull())
    .execute();
  await schema.createIndex('points_equipment').on('points').column('equipment').execute();
  await keyed(schema, 'gateways')
    .addColumn('site', 'text', (c) => c.notNull())
    .addColumn('online', 'integer', (c) => c.notNull())
    .addColumn('since_ms', 'bigint', (c) => c.notNull())
    .execute();
  await keyed(schema, 'devices')
    .addColumn('gateway', 'text', (c) => c.notNull())
    .addColumn('profile', 'text')
    .addColumn('online', 'integer', (c) => c.notNull())
    .addColumn('since_ms', 'bigint', (c) => c.notNull())
    .addColumn('equipment', 'text', (c) => c.notNull())
    .execute();
}

async function alarms(schema: SchemaModule, engine: DatabaseEngine): Promise<void> {
  await keyed(schema, 'alarms')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('rule', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .execute();
  await counted(schema, 'alarm_journal', engine)
    .addColumn('alarm', 'text', (c) => c.notNull())
    .addColumn('equipment', 'text')
    .addColumn('occurrence', 'text')
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('state_before', 'text', (c) => c.notNull())
    .addColumn('state_after', 'text', (c) => c.notNull())
    .addColumn('priority', 'text', (c) => c.notNull())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('recorded_ms', 'bigint', (c) => c.notNull())
    .addColumn('user_name', 'text')
    .addColumn('comment', 'text')
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();
  await schema.createIndex('alarm_journal_alarm').on('alarm_journal').columns(['alarm', 'seq']).execute();
  await schema.createIndex('alarm_journal_time').on('alarm_journal').column('recorded_ms').execute();
  await schema
    .createTable('point_limits')
    .addColumn('point', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('set_by', 'text', (c) => c.notNull())
    .addColumn('set_ms', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('point_limits_key', ['point', 'kind'])
    .execute();
}

async function orders(schema: SchemaModule, engine: DatabaseEngine): Promise<void> {
  await keyed(schema, 'work_orders')
    .addColumn('number', 'integer', (c) => c.notNull().unique())
    .addColumn('equipment', 'text', (c) => c.notNull())
    .addColumn('failure_mode', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('opened_ms', 'bigint', (c) => c.notNull())
    .addColumn('closed_ms', 'bigint')
    .addColumn('revision', 'integer', (c) => c.notNull())
    .execute();
  await counted(schema, 'work_order_events', engine)
    .addColumn('work_order', 'text', (c) => c.notNull().references('work_orders.id'))
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('user_name', 'text')
    .addColumn('comment', 'text')
    .addColumn('state_before', 'text', (c) => c.notNull())
    .addColumn('state_after', 'text', (c) => c.notNull())
    .execute();
  await schema.createIndex('work_order_events_order').on('work_order_events').columns(['work_order', 'seq']).execute();
  await counted(schema, 'work_order_evidence', engine)
    .addColumn('work_order', 'text', (c) => c.notNull().references('work_orders.id'))
    .addColumn('evidence_key', 'text', (c) => c.notNull().unique())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('work_order_evidence_order')
    .on('work_order_evidence')
    .columns(['work_order', 'seq'])
    .execute();
  await schema
    .createTable('work_order_steps')
    .addColumn('work_order', 'text', (c) => c.notNull().references('work_orders.id'))
    .addColumn('step', 'integer', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('done', 'integer', (c) => c.notNull())
    .addColumn('done_by', 'text')
    .addColumn('done_ms', 'bigint')
    .addPrimaryKeyConstraint('work_order_steps_key', ['work_order', 'step'])
    .execute();
}

async function people(schema: SchemaModule, engine: DatabaseEngine): Promise<void> {
  await keyed(schema, 'users', 'username')
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('password', 'text', (c) => c.notNull())
    .addColumn('disabled', 'integer', (c) => c.notNull())
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .execute();
  await keyed(schema, 'sessions')
    .addColumn('username', 'text', (c) => c.notNull().references('users.username'))
    .addColumn('expires_ms', 'bigint', (c) => c.notNull())
    .execute();
  await keyed(schema, 'api_tokens')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('created_by', 'text', (c) => c.notNull())
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .addColumn('last_used_ms', 'bigint')
    .execute();
  await counted(schema, 'audit', engine)
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('user_name', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('details', 'text', (c) => c.notNull())
    .execute();
}

async function constraints(db: Kysely<unknown>, engine: DatabaseEngine): Promise<void> {
  // One open order per (equipment, failure mode), whoever races.
  await sql`create unique index work_orders_one_open on work_orders (equipment, failure_mode) where state not in ('closed', 'cancelled')`.execute(
    db,
  );
  if (engine === 'postgres') {
    await sql`create function plantroom_append_only() returns trigger language plpgsql as
      $$ begin raise exception '% is append-only', tg_table_name; end $$`.execute(db);
  }
  for (const table of ['alarm_journal', 'work_order_events', 'audit']) {
    for (const act of ['update', 'delete']) await appendOnly(db, engine, { table, act });
  }
}

async function appendOnly(
  db: Kysely<unknown>,
  engine: DatabaseEngine,
  { table, act }: { table: string; act: string },
): Promise<void> {
  const name = sql.id(`${table}_no_${act}`);
  const on = sql`before ${sql.raw(act)} on ${sql.table(table)}`;
  if (engine === 'postgres') {
    await sql`create trigger ${name} ${on} for each row execute function plantroom_append_only()`.execute(db);
  } else {
    await sql`create trigger ${name} ${on} begin select raise(abort, ${sql.lit(`${table} is append-only`)}); end`.execute(
      db,
    );
  }
}
