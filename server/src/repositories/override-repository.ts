import type { AlarmOverride } from '@plantroom/contracts';
import type { Db } from './database.ts';
import { upsert } from './upsert.ts';

/** What a site has set about one alarm. */
export interface StoredOverride {
  /** Alarm id. */
  id: string;
  equipment: string;
  override: AlarmOverride;
  by: string;
  atMs: number;
}

export async function loadOverrides(db: Db): Promise<StoredOverride[]> {
  const rows = await db.selectFrom('alarm_overrides').selectAll().orderBy('id').execute();
  return rows.map((row) => ({
    id: row.id,
    equipment: row.equipment,
    override: JSON.parse(row.body) as AlarmOverride,
    by: row.set_by,
    atMs: row.set_ms,
  }));
}

export async function saveOverride(db: Db, { id, equipment, override, by, atMs }: StoredOverride): Promise<void> {
  const row = { id, equipment, body: JSON.stringify(override), set_by: by, set_ms: atMs };
  await upsert(db, 'alarm_overrides', { key: ['id'], rows: [row] });
}

export async function deleteOverride(db: Db, id: string): Promise<void> {
  await db.deleteFrom('alarm_overrides').where('id', '=', id).execute();
}
