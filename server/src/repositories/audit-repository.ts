import type { AuditEntry, AuditQuery } from '@plantroom/contracts';
import type { Db } from './database.ts';

export interface AuditRecord {
  atMs: number;
  user: string;
  /** `limit.set`, `user.create` … */
  action: string;
  subject: string;
  reason: string | null;
  /** Before and after, without secrets. */
  details: unknown;
}

export async function appendAudit(db: Db, record: AuditRecord): Promise<void> {
  await db
    .insertInto('audit')
    .values({
      at_ms: record.atMs,
      user_name: record.user,
      action: record.action,
      subject: record.subject,
      reason: record.reason,
      details: JSON.stringify(record.details ?? null),
    })
    .execute();
}

/** Newest first. */
export async function readAudit(db: Db, query: AuditQuery): Promise<{ items: AuditEntry[]; next: string | null }> {
  const limit = query.limit ?? 200;
  let select = db
    .selectFrom('audit')
    .selectAll()
    .orderBy('seq', 'desc')
    .limit(limit + 1);
  if (query.subject !== undefined) select = select.where('subject', '=', query.subject);
  if (query.user !== undefined) select = select.where('user_name', '=', query.user);
  if (query.after !== undefined) select = select.where('seq', '<', Number(query.after));
  const rows = await select.execute();
  const items = rows.slice(0, limit).map((row) => ({
    seq: row.seq,
    atMs: row.at_ms,
    user: row.user_name,
    action: row.action,
    subject: row.subject,
    reason: row.reason,
    details: JSON.parse(row.details) as unknown,
  }));
  return { items, next: rows.length > limit ? String(items.at(-1)?.seq) : null };
}
