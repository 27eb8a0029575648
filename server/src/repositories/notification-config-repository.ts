import type { Db } from './database.ts';
import { upsert } from './upsert.ts';

export type NotificationConfigKind = 'settings' | 'channel' | 'person' | 'roster' | 'policy' | 'template';

export interface StoredSecret {
  channel: string;
  name: string;
  sealed: string;
}

export async function loadNotificationConfig(
  db: Db,
): Promise<{ kind: NotificationConfigKind; id: string; body: unknown }[]> {
  const rows = await db.selectFrom('notification_config').selectAll().orderBy('id').execute();
  return rows.map(({ kind, id, body }) => ({
    kind: kind as NotificationConfigKind,
    id,
    body: JSON.parse(body) as unknown,
  }));
}

export async function saveNotificationConfig(
  db: Db,
  kind: NotificationConfigKind,
  { id, body }: { id: string; body: unknown },
): Promise<void> {
  await upsert(db, 'notification_config', { key: ['kind', 'id'], rows: [{ kind, id, body: JSON.stringify(body) }] });
}

export async function deleteNotificationConfig(db: Db, kind: NotificationConfigKind, id: string): Promise<void> {
  await db.deleteFrom('notification_config').where('kind', '=', kind).where('id', '=', id).execute();
}

export async function loadSecrets(db: Db): Promise<StoredSecret[]> {
  return await db.selectFrom('notification_secrets').selectAll().execute();
}

export async function saveSecret(db: Db, secret: StoredSecret): Promise<void> {
  await upsert(db, 'notification_secrets', { key: ['channel', 'name'], rows: [secret] });
}

/** `name` left out: all of the channel. */
export async function deleteSecrets(db: Db, channel: string, name?: string): Promise<void> {
  let remove = db.deleteFrom('notification_secrets').where('channel', '=', channel);
  if (name !== undefined) remove = remove.where('name', '=', name);
  await remove.execute();
}
