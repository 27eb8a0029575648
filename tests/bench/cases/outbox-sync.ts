import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { silentLogger, systemClock } from '@plantroom/contracts';
import { BatchOutbox } from '../../../gateway/src/outbox/batch-outbox.ts';
import { createTables } from '../../../gateway/src/outbox/sqlite-schema.ts';
import { SqliteStore } from '../../../gateway/src/outbox/sqlite-store.ts';
import type { Figure } from '../report.ts';

/** As ten appends a second of a thousand points. */
const readingsOfAppend = 100;
const rounds = 8;
const modes = ['FULL', 'NORMAL', 'OFF'] as const;
type Mode = (typeof modes)[number];

/** What it costs that an append is on the disk when it returns: the same appends with each setting of SQLite's, in turns, on the disk of the temporary folder. */
export async function outboxSync({ seconds }: { seconds: number }): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-sync-'));
  const spent = new Map<Mode, { appends: number; ms: number }>(modes.map((mode) => [mode, { appends: 0, ms: 0 }]));
  const beds = modes.map((mode) => ({ mode, outbox: openWith(mode, join(folder, `${mode}.sqlite`)) }));
  try {
    for (let round = 0; round < rounds; round++) {
      for (const { mode, outbox } of beds) {
        const sums = spent.get(mode) ?? { appends: 0, ms: 0 };
        const beganMs = performance.now();
        const endMs = beganMs + (seconds * 1000) / rounds / modes.length;
        while (performance.now() < endMs) {
          outbox.append('live', readings(sums.appends));
          outbox.commit('line-protocol', 'live', outbox.position('live'));
          sums.appends++;
        }
        sums.ms += performance.now() - beganMs;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    for (const { outbox } of beds) outbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const msOf = (mode: Mode): number => {
    const { appends, ms } = spent.get(mode) ?? { appends: 0, ms: 0 };
    return ms / appends;
  };
  return modes.map((mode) => ({
    name: `outbox-sync append with synchronous=${mode}`,
    measured: msOf(mode),
    unit: 'ms',
    peer: { name: 'OFF', measured: msOf('OFF') },
    note: `${Math.round(1000 / msOf(mode))} appends/s of ${readingsOfAppend} readings`,
  }));
}

function openWith(mode: Mode, file: string): BatchOutbox {
  const db = new DatabaseSync(file);
  createTables(db);
  db.exec('PRAGMA journal_mode = WAL');
  const store = new SqliteStore(forced(db, mode));
  for (const lane of ['safety', 'live'] as const) store.saveLane(lane, { base: 0, floor: 0, position: 0 });
  return new BatchOutbox(store, { uplinks: ['line-protocol'], clock: systemClock, logger: silentLogger });
}

/** The store says itself how durable it wants to be; here it is told otherwise. */
function forced(db: DatabaseSync, mode: Mode): DatabaseSync {
  db.exec(`PRAGMA synchronous = ${mode}`);
  return new Proxy(db, {
    get(target, name) {
      if (name === 'exec')
        return (sql: string) => (sql.startsWith('PRAGMA synchronous') ? undefined : target.exec(sql));
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function readings(n: number) {
  return Array.from({ length: readingsOfAppend }, (_, i) => ({
    point: `bench/meter-${i}/power`,
    value: Math.sin(n + i) * 1000,
    quality: 'good' as const,
    wireTimeMs: 1_800_000_000_000 + n * 100 + i,
  }));
}
